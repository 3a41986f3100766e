"""Where a request comes from."""
import unittest

from protocol.caller import ip_address, network


class TestCaller(unittest.TestCase):

    def test_an_address_is_written_in_one_way(self):
        for text, address in (('192.0.2.1', '192.0.2.1'), ('2001:DB8::0:1', '2001:db8::1')):
            with self.subTest(text):
                self.assertEqual(ip_address(text), address)

    def test_what_is_none_is_left_out(self):
        for text in (None, '', 'unknown', '192.0.2.1, 192.0.2.2', '192.0.2.1\x00', '<b>', '192.0.2.1:80'):
            with self.subTest(text):
                self.assertIsNone(ip_address(text))

    def test_a_household_is_one_caller(self):
        for text, expected in (
            ('192.0.2.1', '192.0.2.1'), ('2001:db8:1:2:3::4', '2001:db8:1:2::/64'),
            ('2001:db8:1:2::9', '2001:db8:1:2::/64'), ('::ffff:192.0.2.1', '192.0.2.1'),
            ('fe80::1%eth0', 'fe80::/64'), (None, 'unknown'), ('x', 'unknown'),
        ):
            with self.subTest(text):
                self.assertEqual(network(text), expected)
