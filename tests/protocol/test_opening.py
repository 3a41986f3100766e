import unittest

from hypothesis import given
from hypothesis import strategies as st

from protocol.opening import OPERATIONS, Line, Opening, ReadingOpening, WholeOpening

LINES = st.lists(st.builds(
    Line, st.sampled_from(['a', 'b', 'c']), st.frozensets(st.sampled_from(OPERATIONS), min_size=1),
    st.sampled_from(['', "[('x', '=', 1)]"]), st.none() | st.frozensets(st.sampled_from(['f', 'g']), min_size=1)))


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


class TestReadingOpening(unittest.TestCase):

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


class TestWholeOpening(unittest.TestCase):

    def test_everything_is_open(self):
        opening = WholeOpening()
        self.assertTrue(all(opening.allows('a', operation) for operation in OPERATIONS))
        self.assertFalse(opening.is_empty or opening.only_reads() or opening.only_reads('a'))


if __name__ == '__main__':
    unittest.main()
