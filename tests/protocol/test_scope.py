import unittest

from hypothesis import given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement

from protocol.errors import InvalidScope
from protocol.scope import parse

# RFC 6749 §3.3: scope-token.
TOKEN_CHARACTERS = ''.join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"\\')
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
    def test_every_character_of_the_rfc_may_stand_in_a_name(self):
        self.assertEqual(parse(TOKEN_CHARACTERS), [TOKEN_CHARACTERS])

    @requirement('RFC 6749', '3.3', 'Scopes are parted by one space')
    def test_other_characters_and_other_spaces_are_refused(self):
        for text in ('', ' ', 'a  b', ' a', 'a ', 'a\tb', 'a\n', 'a\nb', 'a"b', 'a\\b', 'é', 'a\x7f', 'a\x00',
                     'a\xa0b'):
            with self.subTest(text), self.assertRaises(InvalidScope) as caught:
                parse(text)
            self.assertEqual(caught.exception.description, 'scope is a list of names with one space between them')

    @PROPERTY
    @given(st.lists(TOKENS, min_size=1, unique=True))
    def test_list_of_names_is_read_back(self, names):
        self.assertEqual(parse(' '.join(names)), names)

    @PROPERTY
    @given(st.text())
    def test_any_text_is_read_or_refused(self, text):
        try:
            names = parse(text)
        except InvalidScope:
            names = None
        is_list = all(name and set(name) <= set(TOKEN_CHARACTERS) for name in text.split(' '))
        self.assertEqual(names is not None, is_list)


if __name__ == '__main__':
    unittest.main()
