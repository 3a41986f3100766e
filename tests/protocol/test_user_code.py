"""The codes that people type."""
import unittest

from protocol import user_code


class TestUserCode(unittest.TestCase):

    def test_a_new_code_is_read_as_it_is_shown(self):
        for _time in range(100):
            code = user_code.new()
            self.assertEqual(user_code.read(code), code)
            self.assertEqual(user_code.read(user_code.shown(code)), code)

    def test_it_may_be_typed_in_many_ways(self):
        for text in ('wdjb-mjht', 'WDJBMJHT', ' wdjb mjht ', 'WDJB – MJHT', 'W.D.J.B.M.J.H.T', 'wdjb_mjht',
                     '\uff37\uff24\uff2a\uff22-MJHT', 'WDJB\u00adMJHT', '\u200eWDJB-MJHT'):
            with self.subTest(text):
                self.assertEqual(user_code.read(text), 'WDJBMJHT')

    def test_what_cannot_be_a_code_is_none(self):
        for text in ('', 'WDJB-MJH', 'WDJB-MJHTT', 'WDJB-MJHA', 'WDJB-MJH1', 'WDJB+MJHT', '-' * 5000 + 'WDJB-MJHT'):
            with self.subTest(text):
                self.assertIsNone(user_code.read(text))
