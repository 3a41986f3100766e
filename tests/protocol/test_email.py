import unittest

from requirement import requirement

from protocol.email import is_address


class TestEmail(unittest.TestCase):

    @requirement('OIDC Core', '5.1', 'email is an addr-spec, or is left out')
    def test_addresses(self):
        for text in ('ada@example.com', 'a.b+c@mail.example.com', "o'neil_1@example.com", 'ada@localhost'):
            self.assertTrue(is_address(text), text)

    def test_what_is_none(self):
        for text in ('', 'ada', '@example.com', 'ada@', 'a@b@example.com', 'a..b@example.com', '.a@example.com',
                     'ada@example.com.', 'ada@example.com\n', 'ada @example.com', 'a\tb@example.com',
                     '"a b"@example.com', '"a,b"@example.com', '><b>@example.com', 'ada@[127.0.0.1]',
                     'ada@example.com\u200b', '\u0430da@example.com', 'ada@ex\u0430mple.com', 'a(b)@example.com',
                     f'{"a" * 250}@b.example'):
            self.assertFalse(is_address(text), text)


if __name__ == '__main__':
    unittest.main()
