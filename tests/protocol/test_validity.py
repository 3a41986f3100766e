import unittest
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement

from protocol.validity import as_date


class TestAsDate(unittest.TestCase):

    @requirement('contract', '5', 'access_token_validity has its documented form')
    def test_documented_example(self):
        self.assertEqual(as_date(datetime(2017, 7, 20, 12, 0, 5)), '7/20/2017 12:00:05')

    @requirement('contract', '5', 'access_token_validity has its documented form')
    def test_month_comes_first_and_neither_it_nor_the_day_has_a_leading_zero(self):
        self.assertEqual(as_date(datetime(2026, 2, 1, 10, 11, 12)), '2/1/2026 10:11:12')
        self.assertEqual(as_date(datetime(2026, 12, 31, 10, 11, 12)), '12/31/2026 10:11:12')

    def test_clock_has_24_hours_and_two_digits_everywhere(self):
        self.assertEqual(as_date(datetime(2026, 10, 11, 0, 0, 0)), '10/11/2026 00:00:00')
        self.assertEqual(as_date(datetime(2026, 10, 11, 23, 5, 9)), '10/11/2026 23:05:09')

    def test_fractions_of_a_second_are_dropped(self):
        self.assertEqual(as_date(datetime(2026, 10, 11, 1, 2, 3, 999999)), '10/11/2026 01:02:03')

    @PROPERTY
    @given(st.datetimes(min_value=datetime(1970, 1, 1)))
    def test_what_is_written_is_what_is_read(self, instant):
        self.assertEqual(datetime.strptime(as_date(instant), '%m/%d/%Y %H:%M:%S'), instant.replace(microsecond=0))


if __name__ == '__main__':
    unittest.main()
