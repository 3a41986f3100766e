import json
import unittest
import xml.etree.ElementTree as ElementTree

from hypothesis import given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement

from protocol.answer import FORMATS, render
from protocol.errors import InvalidRequest
from protocol.media_type import JSON, TEXT_XML, XML
from protocol.parameters import check


def _is_a_value(text):
    try:
        check('state', text)
    except InvalidRequest:
        return False
    return True


# What a parameter may hold: an answer may repeat it.
VALUES = st.text().filter(_is_a_value)
MEMBERS = st.dictionaries(st.sampled_from(['access_token', 'scope', 'state', 'error_description']), VALUES)


def _children(document):
    return {child.tag: child.text or '' for child in ElementTree.fromstring(document)}


class TestJson(unittest.TestCase):

    def test_members_become_one_object_in_their_order(self):
        self.assertEqual(
            render({'access_token': 'a.b.c', 'expires_in': 3600},
                   JSON), b'{"access_token": "a.b.c", "expires_in": 3600}')

    def test_quotes_and_backslashes_are_escaped(self):
        self.assertEqual(render({'state': '"\\'}, JSON), rb'{"state": "\"\\"}')

    def test_other_alphabets_are_written_in_utf_8(self):
        self.assertEqual(render({'state': 'Zoë ☃ 😀'}, JSON), '{"state": "Zoë ☃ 😀"}'.encode())

    def test_members_may_have_members_and_be_true_or_false(self):
        members = {'active': True, 'address': {'locality': 'Gent', 'inner': {'x': False}}}
        self.assertEqual(render(members, JSON),
                         b'{"active": true, "address": {"locality": "Gent", "inner": {"x": false}}}')

    @PROPERTY
    @given(MEMBERS)
    def test_what_is_written_is_what_is_read(self, members):
        self.assertEqual(json.loads(render(members, JSON).decode('utf-8')), members)


class TestXml(unittest.TestCase):

    @requirement('contract', '3', 'XML has one root, response, a child per member, and is escaped')
    def test_members_become_the_children_of_one_response(self):
        for media_type in (XML, TEXT_XML):
            with self.subTest(media_type):
                self.assertEqual(
                    render({'access_token': 'a.b.c', 'expires_in': 3600}, media_type),
                    b"<?xml version='1.0' encoding='utf-8'?>\n"
                    b'<response><access_token>a.b.c</access_token><expires_in>3600</expires_in></response>')

    def test_markup_in_a_value_stays_text(self):
        for text in ('</state><admin>1</admin>', '&amp;', '<![CDATA[x]]>', ']]>', '<!-- x', '<!DOCTYPE x>', '&xxe;'):
            with self.subTest(text):
                document = render({'state': text}, XML)
                self.assertEqual(_children(document), {'state': text})
                self.assertNotIn(text.encode(), document.replace(b'&amp;amp;', b''))

    def test_no_members_make_an_empty_response(self):
        self.assertEqual(_children(render({}, XML)), {})

    def test_members_of_a_member_are_children_of_its_element(self):
        document = render({'sub': '7', 'address': {'locality': 'Gent', 'inner': {'x': '<'}}, 'email': 'a@b'}, XML)
        self.assertTrue(document.endswith(
            b'<response><sub>7</sub><address><locality>Gent</locality><inner><x>&lt;</x></inner></address>'
            b'<email>a@b</email></response>'))

    def test_true_and_false_are_written_as_xml_has_them(self):
        self.assertEqual(_children(render({'active': True, 'email_verified': False}, XML)),
                         {'active': 'true', 'email_verified': 'false'})

    @requirement('contract', '3', 'No value makes XML that cannot be read')
    def test_what_xml_cannot_hold_is_replaced(self):
        for character in '\x00\x01\x08\x0b\x0c\x1b\x1f\ud800\udfff\ufffe\uffff':
            with self.subTest(ascii(character)):
                document = render({'name': f'a{character}b', 'address': {'locality': character}}, XML)
                root = ElementTree.fromstring(document)
                self.assertEqual(root.findtext('name'), 'a\ufffdb')
                self.assertEqual(root.findtext('address/locality'), '\ufffd')

    def test_lines_and_tabs_stay(self):
        self.assertEqual(_children(render({'street_address': 'a\n\tb'}, XML)), {'street_address': 'a\n\tb'})

    @PROPERTY
    @given(MEMBERS)
    def test_what_is_written_is_what_is_read(self, members):
        self.assertEqual(_children(render(members, XML)), members)

    @PROPERTY
    @given(st.text())
    def test_any_text_makes_a_document(self, text):
        ElementTree.fromstring(render({'name': text}, XML))


class TestFormats(unittest.TestCase):

    @requirement('contract', '3', 'JSON by default; XML where it is asked for, by quality')
    def test_json_is_what_callers_get_who_do_not_choose(self):
        self.assertEqual(FORMATS, (JSON, XML, TEXT_XML))

    def test_each_format_is_rendered_in_its_own_syntax(self):
        for media_type in FORMATS:
            with self.subTest(media_type):
                self.assertEqual(render({'a': 'b'}, media_type).startswith(b'{'), media_type == JSON)


if __name__ == '__main__':
    unittest.main()
