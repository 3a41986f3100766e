import unittest
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from properties import PROPERTY

from protocol.visitor import NOBODY, Visitor


class TestVisitor(unittest.TestCase):

    def test_nobody_has_neither_session_nor_time(self):
        self.assertEqual((NOBODY.user_id, NOBODY.session_id, NOBODY.auth_time, NOBODY.login_time), (None,) * 4)

    def test_login_time_is_in_utc_in_whole_seconds_and_without_a_time_zone(self):
        visitor = Visitor(7, 'session', 1500552005.987)
        self.assertEqual(visitor.login_time, datetime(2017, 7, 20, 12, 0, 5))

    def test_beginning_of_time_is_a_time(self):
        self.assertEqual(Visitor(7, 'session', 0.0).login_time, datetime(1970, 1, 1))

    @PROPERTY
    @given(st.floats(0, 4e9))
    def test_login_time_is_never_later_than_the_login(self, auth_time):
        seconds = (Visitor(7, 'session', auth_time).login_time - datetime(1970, 1, 1)) / timedelta(seconds=1)
        self.assertTrue(seconds <= auth_time < seconds + 1)


if __name__ == '__main__':
    unittest.main()
