import unittest

from requirement import requirement

from protocol.origin import is_origin


class TestOrigin(unittest.TestCase):

    @requirement('contract', '7', 'An origin is written as browsers send it')
    def test_origins(self):
        for text in ('https://app.example.com', 'https://app.example.com:8443', 'http://127.0.0.1:5173',
                     'http://localhost:3000', 'http://[::1]:5173', 'http://[::1]'):
            self.assertTrue(is_origin(text), text)

    def test_what_is_none(self):
        for text in ('', '*', 'null', 'https://', 'app.example.com', 'https://app.example.com/', 'https://a.example/x',
                     'https://a.example?x', 'https://a.example#', 'https://A.example', 'HTTPS://a.example',
                     'http://a.example', 'https://*.example', 'https://u@a.example', 'https://a.example:443',
                     'http://127.0.0.1:80', 'https://a.example:0', 'file://', 'https://a.example\n'):
            self.assertFalse(is_origin(text), text)


if __name__ == '__main__':
    unittest.main()
