"""Text from a stranger is shown so that nothing in it stays hidden."""
import unittest

from protocol.printable import printable


class TestPrintable(unittest.TestCase):

    def test_what_can_be_seen_stays(self):
        for text in ('', 'https://app.example.com/a?b=c&d=%20#<e>', ' ~'):
            self.assertEqual(printable(text), text)

    def test_what_cannot_be_seen_is_written_out(self):
        for text, shown in {'a\r\nb': r'a\x0d\x0ab', '\x00\x7f': r'\x00\x7f', '\u202e\u200b': r'\u202e\u200b',
                            'а': r'\u0430', '\U0001f600': r'\U0001f600', '\x85': r'\x85'}.items():
            self.assertEqual(printable(text), shown)

    def test_what_is_too_long_is_cut(self):
        self.assertEqual(printable('abc', 3), 'abc')
        self.assertEqual(printable('abcd', 3), 'ab…')
        self.assertEqual(printable('\u202e' * 2, 8), r'\u202e\…')
        self.assertEqual(len(printable('\u202e' * 1000, 500)), 500)
