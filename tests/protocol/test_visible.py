import unittest

from hypothesis import given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement

from protocol.visible import visible


class TestVisible(unittest.TestCase):

    @requirement('attack', '88', 'Direction and zero-width characters of a name are not shown')
    def test_attack_88_unseen_characters(self):
        for text, seen in (
            ('\u202eikiW', 'ikiW'), ('a\u200bb\u2060c\ufeff', 'abc'), ('a\u2066b\u2069', 'ab'), ('a\nb\0', 'ab'),
            ('a\u2028b', 'ab'), ('\U000e0041x', 'x'), (None, ''), *((text, text) for text in (
                '', 'Wiki', 'Ünïcödé 株式会社 😀', 'עברית'))):
            with self.subTest(ascii(text)):
                self.assertEqual(visible(text), seen)

    @PROPERTY
    @given(st.text())
    def test_it_only_takes_away_and_is_done_at_once(self, text):
        seen = visible(text)
        self.assertEqual(visible(seen), seen)
        rest = iter(text)
        self.assertTrue(all(character in rest for character in seen))


if __name__ == '__main__':
    unittest.main()
