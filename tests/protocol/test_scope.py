import unittest

from hypothesis import given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement

from protocol.scope import covers, parse

# RFC 6749 §3.3: scope-token, without the comma.
TOKEN_CHARACTERS = ''.join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"\\,')
TOKENS = st.text(TOKEN_CHARACTERS, min_size=1)


class TestParse(unittest.TestCase):

    def test_names_come_in_the_order_of_the_text(self):
        self.assertEqual(parse('write read all'), ['write', 'read', 'all'])

    def test_repeated_name_counts_once_where_it_stood_first(self):
        self.assertEqual(parse('b a b a'), ['b', 'a'])

    @requirement('RFC 6749', '3.3', 'Scopes differ by case')
    def test_names_differ_by_case(self):
        self.assertEqual(parse('Read read'), ['Read', 'read'])

    @requirement('RFC 6749', '3.3', 'The characters of a scope')
    def test_every_character_but_the_comma_may_stand_in_a_name(self):
        self.assertEqual(parse(TOKEN_CHARACTERS), [TOKEN_CHARACTERS])

    @requirement('contract', '4', 'White space may be loose, and a comma counts as such')
    def test_white_space_may_be_loose(self):
        for text in ('a b', ' a  b ', 'a,b', 'a, b', ',a,,b,', 'a\tb\n'):
            with self.subTest(text):
                self.assertEqual(parse(text), ['a', 'b'])
        for text in ('', ' ', ',', ' , '):
            with self.subTest(text):
                self.assertEqual(parse(text), [])

    def test_what_no_scope_may_hold_is_a_name_that_nobody_knows(self):
        self.assertEqual(parse('a "b" \\ é'), ['a', '"b"', '\\', 'é'])

    @PROPERTY
    @given(st.lists(TOKENS, min_size=1, unique=True))
    def test_list_of_names_is_read_back(self, names):
        self.assertEqual(parse(' '.join(names)), names)

    @PROPERTY
    @given(st.text())
    def test_any_text_is_read(self, text):
        names = parse(text)
        self.assertEqual(parse(' '.join(names)), names)
        self.assertTrue(all(names))


class TestCovers(unittest.TestCase):

    def test_all_of_it_has_to_be_there(self):
        for granted, asked, expected in (
            ('a b', 'a', True), ('a b', 'b a', True), ('a b', '', True), ('', '', True), (None, '', True),
            ('a b', 'c', False), ('a b', 'a c', False), ('', 'a', False), (None, 'a', False),
            ('ab', 'a', False), ('a', 'A', False),
        ):
            with self.subTest(granted=granted, asked=asked):
                self.assertIs(covers(granted, asked), expected)


if __name__ == '__main__':
    unittest.main()
