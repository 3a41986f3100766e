import unittest

from hypothesis import given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement

from protocol.media_type import HTML, JSON, TEXT_XML, XML, accepted, names_program, preferred

OFFERED = (JSON, XML, TEXT_XML)
FIREFOX = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
JAVA = 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2'
HEADERS = st.one_of(st.none(), st.text(), st.text('applicationjsxmlte/*;=q01.,- \t"\''))


class TestAccepted(unittest.TestCase):

    def test_range_without_quality_has_quality_1(self):
        self.assertEqual(accepted('application/json'), {JSON: 1.0})

    def test_ranges_are_parted_by_commas_and_spaces_do_not_matter(self):
        self.assertEqual(
            accepted(' text/xml ; q = 0.5 ,application/json;q=0.25,*/*;q=0'), {TEXT_XML: 0.5, JSON: 0.25, '*/*': 0.0})

    def test_names_are_read_in_any_case(self):
        self.assertEqual(accepted('Application/JSON;Q=0.5'), {JSON: 0.5})

    def test_other_parameters_do_not_matter(self):
        self.assertEqual(accepted('application/json;version=2;q=0.5;version=1;q0=1;charset=utf-8'), {JSON: 0.5})

    def test_quality_may_lack_the_zero_as_java_writes_it(self):
        self.assertEqual(accepted(JAVA)['*/*'], 0.2)

    def test_no_header_accepts_nothing_in_particular(self):
        self.assertEqual(accepted(None), {})
        self.assertEqual(accepted(''), {})

    def test_what_is_no_media_range_is_passed_over(self):
        for junk in ('json', '*', ';q=1', ',', ' ', '\x00', '"', 'q=1'):
            with self.subTest(junk):
                self.assertEqual(accepted(junk + ',text/xml'), {TEXT_XML: 1.0})

    def test_range_with_a_quality_that_cannot_be_read_is_passed_over(self):
        for quality in ('', 'x', '-0.1', '1.1', '2', 'nan', 'inf', '-inf', '0.5.5', '1e9', '0x1', '"1"'):
            with self.subTest(quality):
                self.assertNotIn(JSON, accepted(f'application/json;q={quality}, text/xml'))

    def test_quality_may_be_just_0_and_just_1(self):
        self.assertEqual(accepted('text/xml;q=0, application/json;q=1.000'), {TEXT_XML: 0.0, JSON: 1.0})

    @PROPERTY
    @given(HEADERS)
    def test_any_header_is_read(self, header):
        for media_range, quality in accepted(header).items():
            self.assertIn('/', media_range)
            self.assertEqual(media_range, media_range.lower().strip())
            self.assertTrue(0 <= quality <= 1)


class TestPreferred(unittest.TestCase):

    @requirement('RFC 9110', '12.5.1', 'The format follows Accept, by quality')
    def test_highest_quality_wins(self):
        table = {
            'application/json;q=0.5, text/xml': TEXT_XML,
            'application/json;q=0.5, application/xml;q=0.7, text/xml;q=0.6': XML,
            'text/xml;q=0.001': TEXT_XML,
        }
        for header, media_type in table.items():
            with self.subTest(header):
                self.assertEqual(preferred(header, OFFERED), media_type)

    def test_server_decides_where_the_header_does_not(self):
        for header in (None, '', '*/*', 'application/*', 'application/xml, application/json',
        FIREFOX.replace('xml', 'x'),
                       'application/json;q=0.5, */*;q=0.5', 'image/png', '*/*;q=0', 'application/json;q=0', 'junk'):
            with self.subTest(header):
                self.assertEqual(preferred(header, OFFERED), JSON)

    @requirement('RFC 9110', '12.5.1', 'The most specific range decides')
    def test_more_specific_range_decides_whatever_its_place_and_quality(self):
        table = {
            '*/*, application/json;q=0.1': XML,
            'application/json;q=0.1, */*': XML,
            'application/*;q=0.1, */*': TEXT_XML,
            '*/*, application/*;q=0.1, application/xml': XML,
            'text/*, */*;q=0.9': TEXT_XML,
            '*/*;q=1, application/json;q=0': XML,
            'application/json;q=0, application/*;q=0.5, text/xml;q=0.4': XML,
        }
        for header, media_type in table.items():
            with self.subTest(header):
                self.assertEqual(preferred(header, OFFERED), media_type)

    def test_quality_that_cannot_be_read_leaves_the_choice_to_the_wildcard(self):
        self.assertEqual(preferred('application/json;q=x, */*;q=0.5', OFFERED), JSON)

    @requirement('contract', '3', "A browser's own Accept gets JSON where there is no page, never XML")
    def test_browser_gets_a_page_where_there_is_one(self):
        self.assertEqual(preferred(FIREFOX, (*OFFERED, HTML)), HTML)
        self.assertEqual(preferred(FIREFOX, OFFERED), JSON)
        self.assertEqual(preferred('application/xml, text/html;q=0.9', OFFERED), XML)
        self.assertEqual(preferred('application/xml, text/html', OFFERED), XML)

    @PROPERTY
    @given(HEADERS)
    def test_any_header_leads_to_something_that_is_offered(self, header):
        self.assertIn(preferred(header, OFFERED), OFFERED)


class TestNamesProgram(unittest.TestCase):

    @requirement('contract', '4', 'Who names JSON or XML in Accept, and not HTML, is answered in place')
    def test_who_names_json_or_xml_and_not_html_is_a_program(self):
        table = {
            'application/json': True,
            'application/xml': True,
            'text/xml': True,
            'application/json, */*': True,
            'application/json;q=0.1, image/png': True,
            'application/json, text/html;q=0': True,
            None: False,
            '': False,
            '*/*': False,
            'application/*': False,
            'text/html': False,
            'image/png': False,
            'application/json, text/html': False,
            'application/json, text/html;q=0.1': False,
            'application/json;q=0': False,
            'application/json;q=junk': False,
            FIREFOX: False,
            JAVA: False,
        }
        for header, is_program in table.items():
            with self.subTest(header):
                self.assertIs(names_program(header), is_program)

    @PROPERTY
    @given(HEADERS)
    def test_any_header_is_told_apart(self, header):
        self.assertIn(names_program(header), (True, False))


if __name__ == '__main__':
    unittest.main()
