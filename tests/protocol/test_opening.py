import unittest

from hypothesis import given
from hypothesis import strategies as st

from protocol.opening import ALWAYS, OPERATIONS, READ, Field, Line, Opening, ReadingOpening, WholeOpening

LINES = st.lists(st.builds(
    Line, st.sampled_from(['a', 'b', 'c']), st.frozensets(st.sampled_from(OPERATIONS), min_size=1),
    st.sampled_from(['', "[('x', '=', 1)]"]), st.none() | st.frozensets(st.sampled_from(['f', 'g']), min_size=1),
    st.none() | st.frozensets(st.sampled_from(['m', 'n']))))
_FIELDS = {
    'model': st.sampled_from(['a', 'b', 'c']), 'name': st.sampled_from(['f', 'g', 'h', 'id', 'active']),
    **dict.fromkeys(('is_stored', 'is_name', 'is_harmless', 'is_key', 'is_reserved'), st.booleans())}
FIELDS = st.builds(
    Field, **_FIELDS, comodel=st.sampled_from(['', 'a', 'b']), inverse=st.none() | st.builds(Field, **_FIELDS),
    inherited=st.none() | st.builds(Field, **_FIELDS))


def line(model, *operations, **more):
    return Line(model, frozenset(operations), **more)


class TestOpening(unittest.TestCase):

    def test_nothing_is_open_without_a_line(self):
        opening = Opening()
        self.assertTrue(opening.is_empty)
        for operation in OPERATIONS:
            self.assertFalse(opening.allows('res.partner', operation))
        self.assertFalse(opening.opens('res.partner'))

    def test_a_line_opens_its_operations_on_its_model(self):
        opening = Opening([line('a', 'read', 'create')])
        self.assertFalse(opening.is_empty)
        self.assertEqual([opening.allows('a', operation) for operation in OPERATIONS], [True, False, True, False])
        self.assertEqual((opening.opens('a'), opening.opens('b')), (True, False))

    def test_reading_only(self):
        opening = Opening([line('a', 'read'), line('b', 'read', 'write')])
        self.assertEqual([opening.only_reads(model) for model in ('a', 'b', 'c', None)], [True, False, True, False])
        self.assertTrue(Opening([line('a', 'read')]).only_reads())

    @given(LINES, LINES)
    def test_lines_add_up(self, some, others):
        together = Opening([*some, *others])
        for model in 'abc':
            for operation in OPERATIONS:
                self.assertEqual(
                    together.lines(model, operation),
                    Opening(some).lines(model, operation) + Opening(others).lines(model, operation))

    @given(LINES)
    def test_what_is_open_is_open_to_something(self, lines):
        opening = Opening(lines)
        for model in 'abc':
            allowed = {operation for operation in OPERATIONS if opening.allows(model, operation)}
            self.assertEqual(opening.opens(model), bool(allowed))
            self.assertEqual(opening.only_reads(model), allowed <= {'read'})

    def test_two_openings_are_two_keys_of_a_cache(self):
        self.assertNotEqual(Opening([line('a', 'read')]), Opening([line('a', 'read')]))


class TestFields(unittest.TestCase):
    """Which fields a line opens: without a list those that are stored with the record, and no keys."""

    def opens(self, field, *lines, operation=READ):
        return bool(Opening(lines).lines_of(field, operation))

    def test_without_a_list(self):
        whole = line('a', *OPERATIONS)
        for field, reading, writing in (
            (Field('a', 'f'), True, True),
            (Field('a', 'f', is_stored=False), False, False),
            (Field('a', 'f', is_stored=False, is_harmless=True), True, False),
            (Field('a', 'display_name', is_stored=False, is_name=True), True, False),
            (Field('a', 'f', is_key=True), False, False),
            (Field('a', 'f', is_reserved=True), False, False),
            (Field('a', 'f', is_stored=False, is_harmless=True, is_key=True), False, False),
            (Field('b', 'f'), False, False),
        ):
            with self.subTest(field=field):
                self.assertEqual(self.opens(field, whole), reading)
                self.assertEqual(self.opens(field, whole, operation='write'), writing)

    def test_with_a_list(self):
        named = line('a', *OPERATIONS, fields=frozenset({'f'}))
        for facts in ({}, {'is_key': True}, {'is_reserved': True}, {'is_stored': False}):
            self.assertTrue(self.opens(Field('a', 'f', **facts), named))
            self.assertFalse(self.opens(Field('a', 'g', **facts), named))
        for name in ALWAYS:
            self.assertTrue(self.opens(Field('a', name), named))
            self.assertFalse(self.opens(Field('a', name), named, operation='write'))

    def test_relations_to_many_follow_the_model_that_they_lead_to(self):
        field = Field('a', 'f', comodel='b', is_stored=False)
        self.assertFalse(self.opens(field, line('a', READ)))
        self.assertTrue(self.opens(field, line('a', READ), line('b', READ)))
        back = field._replace(inverse=Field('b', 'g'))
        self.assertTrue(self.opens(back, line('a', READ), line('b', READ)))
        self.assertFalse(self.opens(back, line('a', READ), line('b', READ, fields=frozenset({'h'}))))

    def test_a_part_of_another_record_follows_it(self):
        field = Field('a', 'f', is_stored=False, inherited=Field('b', 'f'))
        self.assertFalse(self.opens(field, line('a', READ)))
        self.assertTrue(self.opens(field, line('a', READ), line('b', READ)))
        self.assertTrue(self.opens(field, line('a', READ, fields=frozenset({'f'}))))

    @given(LINES, LINES, FIELDS, st.sampled_from(OPERATIONS))
    def test_more_lines_take_nothing_away(self, some, more, field, operation):
        for made in (Opening, lambda lines: ReadingOpening(lines, frozenset({'c'}))):
            fewer, together = made(some), made([*some, *more])
            self.assertLessEqual(set(fewer.lines_of(field, operation)), set(together.lines_of(field, operation)))
            self.assertLessEqual(
                set(fewer.lines_of_method(field.model, 'm')), set(together.lines_of_method(field.model, 'm')))

    @given(LINES, FIELDS, st.sampled_from(OPERATIONS))
    def test_what_opens_a_field_opens_its_model_and_keys_are_named(self, lines, field, operation):
        opening = Opening(lines)
        found = opening.lines_of(field, operation)
        self.assertLessEqual(set(found), set(opening.lines(field.model, operation)))
        if field.is_key and field.name not in ALWAYS:
            self.assertTrue(all(line.names(field.name) for line in found))

    @given(LINES, LINES, FIELDS, st.sampled_from(OPERATIONS), st.sampled_from((Opening, ReadingOpening)))
    def test_what_is_contained_opens_no_more(self, lines, others, field, operation, kind):
        for one, other in ((kind(lines), Opening(others)), (kind([*lines, *others]), Opening(others))):
            if not one.contains(other):
                continue
            for line in other.lines_of(field, operation):
                self.assertTrue([mine for mine in one.lines_of(field, operation) if mine.domain in ('', line.domain)])
            for line in other.lines_of_method(field.model, 'm'):
                self.assertTrue([mine for mine in one.lines_of_method(field.model, 'm')
                                 if mine.domain in ('', line.domain)])

    @given(LINES, FIELDS)
    def test_scopes_that_read_open_no_writing(self, lines, field):
        reading = [line._replace(operations=frozenset({READ})) for line in lines]
        for operation in ('write', 'create', 'unlink'):
            self.assertFalse(Opening(reading).lines_of(field, operation))


class TestReadingOpening(unittest.TestCase):

    def test_keys_are_closed_unless_a_line_names_them(self):
        key = Field('a', 'f', is_key=True)
        self.assertFalse(ReadingOpening([]).lines_of(key, READ))
        self.assertTrue(ReadingOpening([line('a', READ, fields=frozenset({'f'}))]).lines_of(key, READ))
        for facts in ({'is_reserved': True}, {'is_stored': False}, {'comodel': 'b'}):
            self.assertTrue(ReadingOpening([]).lines_of(Field('a', 'f', **facts), READ))

    def test_only_such_methods_that_tell_no_more_than_reading(self):
        opening = ReadingOpening([], methods={'a': frozenset({'m'})})
        self.assertTrue(opening.lines_of_method('a', 'm'))
        self.assertFalse(opening.lines_of_method('a', 'n') or opening.lines_of_method('b', 'm'))

    def test_everything_may_be_read_and_nothing_else(self):
        opening = ReadingOpening([])
        self.assertTrue(all(one.is_whole for one in opening.lines('a', 'read')))
        self.assertEqual([opening.allows('a', operation) for operation in OPERATIONS], [True, False, False, False])
        self.assertFalse(opening.is_empty)
        self.assertTrue(opening.only_reads())

    def test_lines_open_more_than_reading(self):
        opening = ReadingOpening([line('a', 'write')])
        self.assertTrue(opening.allows('a', 'write'))
        self.assertFalse(opening.only_reads())
        self.assertFalse(opening.only_reads('a'))
        self.assertTrue(opening.only_reads('b'))

    def test_some_models_stay_closed_unless_a_line_names_them(self):
        self.assertFalse(ReadingOpening([], frozenset({'a'})).opens('a'))
        self.assertTrue(ReadingOpening([line('a', 'read')], frozenset({'a'})).opens('a'))


class TestContains(unittest.TestCase):

    def test_what_a_line_contains(self):
        wide = Opening([line('a', READ, 'write', methods=frozenset({'m'}))])
        named = Opening([line('a', READ, fields=frozenset({'f', 'g'}), domain='d')])
        for larger, smaller, is_contained in (
            (wide, Opening([line('a', READ)]), True),
            (wide, Opening([line('a', READ, domain='d')]), True),
            (wide, Opening([line('a', READ), line('b', READ)]), False),
            (wide, Opening([line('a', 'create')]), False),
            (wide, Opening([line('a', READ, methods=frozenset({'n'}))]), False),
            (wide, Opening([line('a', READ, methods=None)]), False),
            (wide, Opening([line('a', READ, fields=frozenset({'f'}))]), False),  # which may be a key
            (named, Opening([line('a', READ, fields=frozenset({'f'}), domain='d')]), True),
            (named, Opening([line('a', READ, fields=frozenset({'f'}), domain='e')]), False),
            (named, Opening([line('a', READ, fields=frozenset({'f'}))]), False),
            (named, Opening([line('a', READ, fields=frozenset({'f', 'h'}), domain='d')]), False),
            (named, Opening([line('a', READ, domain='d')]), False),
            (wide, Opening(), False),
        ):
            self.assertIs(larger.contains(smaller), is_contained, list(smaller._lines.values()))

    def test_what_opens_much_contains(self):
        one = Opening([line('a', READ)])
        keys = Opening([line('a', READ, fields=frozenset({'f'}))])
        self.assertTrue(WholeOpening().contains(one) and WholeOpening().contains(ReadingOpening([])))
        self.assertFalse(WholeOpening().contains(Opening()))
        self.assertTrue(ReadingOpening([]).contains(one))
        self.assertFalse(ReadingOpening([], frozenset({'a'})).contains(one))
        self.assertFalse(ReadingOpening([]).contains(keys))
        self.assertTrue(ReadingOpening([]).contains(keys, lambda _model, _field: False))
        for larger in (ReadingOpening([]), one):
            self.assertFalse(larger.contains(ReadingOpening([])) or larger.contains(WholeOpening()))


class TestWholeOpening(unittest.TestCase):

    def test_everything_is_open(self):
        opening = WholeOpening()
        self.assertTrue(all(opening.allows('a', operation) for operation in OPERATIONS))
        self.assertFalse(opening.is_empty or opening.only_reads() or opening.only_reads('a'))


if __name__ == '__main__':
    unittest.main()
