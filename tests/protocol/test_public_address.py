"""Which addresses are public."""
import unittest
from ipaddress import ip_address

from hypothesis import given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement

from protocol.public_address import is_public, is_within, networks

SPECIAL = (
    '0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1', '100.100.100.200', '127.0.0.1', '127.255.255.254', '168.63.129.16',
    '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.9', '192.0.0.192', '192.0.2.1', '192.88.99.1',
    '192.168.1.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1',
    '255.255.255.255', '::', '::1', '::127.0.0.1', '::8.8.8.8', '::ffff:127.0.0.1', '::ffff:8.8.8.8',
    '64:ff9b::127.0.0.1', '64:ff9b::8.8.8.8', '64:ff9b:1::1', '100::1', '2001::1', '2001:2::1', '2001:10::1',
    '2001:20::1', '2001:db8::1', '2002:7f00:1::', '2002:808:808::1', '3fff::1', '5f00::1', 'fc00::1', 'fd00:ec2::254',
    'fe80::1', 'fec0::1', 'ff02::1', '::ffff:0:127.0.0.1')
PUBLIC = ('1.1.1.1', '8.8.8.8', '93.184.215.14', '172.32.0.1', '192.1.0.1', '2001:4860:4860::8888', '2606:4700::1111',
          '2a00:1450:4001::1')


class TestPublicAddress(unittest.TestCase):

    @requirement('attack', '63', 'Nothing is fetched from special-use addresses: loopback, private, link-local, of '
                                 'metadata services, IPv4 in IPv6.')
    @requirement('CIMD', '8.6', 'Special-use addresses are those of RFC 6890, and more.')
    def test_special_use_addresses_are_not_public(self):
        for text in SPECIAL:
            with self.subTest(text):
                self.assertFalse(is_public(ip_address(text)))

    def test_others_are(self):
        for text in PUBLIC:
            with self.subTest(text):
                self.assertTrue(is_public(ip_address(text)))

    @PROPERTY
    @given(st.ip_addresses(v=4))
    def test_an_ipv4_address_in_ipv6_is_never_public(self, address):
        for prefix in ('::ffff:', '::', '64:ff9b::', '::ffff:0:'):
            self.assertFalse(is_public(ip_address(f'{prefix}{address}')))

    @PROPERTY
    @given(st.ip_addresses())
    def test_what_python_calls_private_is_never_public(self, address):
        if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
            self.assertFalse(is_public(address))


class TestNetworks(unittest.TestCase):

    def test_networks_are_read_as_they_are_written(self):
        intranet = networks('10.0.0.0/8 fd00::/8  127.0.0.2')
        for text, is_in in (('10.1.2.3', True), ('fd12::1', True), ('127.0.0.2', True), ('127.0.0.1', False),
                            ('::1', False), ('::ffff:10.1.2.3', False)):
            with self.subTest(text):
                self.assertEqual(is_within(ip_address(text), intranet), is_in)

    def test_what_is_none_is_an_error(self):
        for text in ('10.0.0.1/8', 'intranet', '10.0.0.0/33'):
            with self.subTest(text), self.assertRaises(ValueError):
                networks(text)
