import unittest

from hypothesis import given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement

from protocol.resource import normalized


class TestNormalized(unittest.TestCase):

    @requirement('contract', '5', 'A resource with a trailing slash, or its host in capitals, is the same')
    def test_what_is_the_same(self):
        for text, same in (
            ('https://Example.COM', 'https://example.com'), ('HTTPS://example.com/', 'https://example.com'),
            ('https://example.com:8443/', 'https://example.com:8443'),
            ('https://example.com/A/', 'https://example.com/A'),
            ('https://[::A]/x', 'https://[::a]/x'), ('https://example.com', 'https://example.com'),
        ):
            with self.subTest(text):
                self.assertEqual(normalized(text), same)

    def test_what_is_another(self):
        for text in ('https://example.com/A', 'https://example.com//', 'https://example.com/a/..',
                     'https://example.com:443', 'https://example.com/%41', 'https://example.com?',
                     'https://example.com#', 'https://example.com.', 'https://u@example.com',
                     'http://example.com', '/a', 'x', '', '//example.com',
                     'https:example.com', 'https://e\u212aample.com', 'https://ex\u0430mple.com'):
            with self.subTest(ascii(text)):
                self.assertNotIn(normalized(text), (
                    'https://example.com', 'https://example.com/a', 'https://ekample.com'))

    @PROPERTY
    @given(st.text())
    def test_once_more_changes_case_no_more(self, text):
        self.assertIn(normalized(text).casefold(), (text.casefold(), text.removesuffix('/').casefold()))


if __name__ == '__main__':
    unittest.main()
