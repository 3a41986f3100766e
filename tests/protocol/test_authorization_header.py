import base64
import contextlib
import unittest
from urllib.parse import quote, quote_plus

from hypothesis import given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement

from protocol.authorization_header import parse_basic, parse_oauth, scheme_and_credentials
from protocol.errors import InvalidClient, InvalidRequest

NAMES = st.text('ABCXYZabcxyz019._-', min_size=1, max_size=12)
VALUES = st.text(st.characters(exclude_categories=['Cs']), max_size=20)
SPACE = st.text(' \t\r\n', max_size=3)
# What may part two pairs: white space, a comma, both in any order, several commas.
SEPARATORS = st.text(' \t\r\n,', min_size=1, max_size=4)
# Texts that come near to the grammar, beside any text at all.
HOSTILE = st.one_of(st.text(), st.text('ab=,\'" \t\r\n%0Cfé\ud800+'))
# In a bare value these would end it, or make it a quoted one.
SPECIAL = ' \t\r\n,\'"'


@st.composite
def spelled(draw):
    """Pairs, and one of the allowed spellings of them."""
    pairs = draw(st.lists(st.tuples(NAMES, VALUES), max_size=5))
    text = draw(st.text(' \t\r\n,', max_size=2))
    for name, value in pairs:
        encoded = draw(st.sampled_from([_encoded_where_it_must_be, _encoded_throughout]))(value)
        marks = draw(st.sampled_from(['', "'", '"']))
        separator = draw(SEPARATORS)
        if not marks:
            encoded = ''.join(f'%{ord(character):02x}' if character in SPECIAL else character for character in encoded)
            # After `a=` white space would belong to the `=`.
            separator = separator if encoded else ',' + separator
        else:
            encoded = encoded.replace(marks, f'%{ord(marks):02X}')
        before, after = draw(SPACE), draw(SPACE) if encoded or marks else ''
        text += f'{name}{before}={after}{marks}{encoded}{marks}{separator}'
    return pairs, text


def _encoded_where_it_must_be(value):
    return ''.join(
        quote(character) if character == '%' or not character.isascii() else character for character in value)


def _encoded_throughout(value):
    return ''.join(f'%{byte:02X}' for byte in value.encode())


class CountedText(str):
    """A text that counts the characters that are read from it, and from the parts cut out of it."""
    read = 0

    def __getitem__(self, index):
        part = super().__getitem__(index)
        CountedText.read += len(part)
        return CountedText(part)

    def __contains__(self, text):
        CountedText.read += len(self)
        return super().__contains__(text)

    def __iter__(self):
        for character in super().__iter__():
            CountedText.read += 1
            yield character

    def find(self, sub, start=0, end=None):
        at = super().find(sub, start, len(self) if end is None else end)
        CountedText.read += (len(self) if at < 0 else at + 1) - start
        return at

    def strip(self, chars=None):
        CountedText.read += len(self)
        return CountedText(super().strip(chars))

    lstrip = rstrip = strip


def work(function, text):
    """How many characters of a text the function reads."""
    CountedText.read = 0
    with contextlib.suppress(InvalidRequest):  # the work was done all the same
        function(CountedText(text))
    return CountedText.read


class TestSchemeAndCredentials(unittest.TestCase):

    def test_scheme_is_what_stands_before_the_first_space(self):
        self.assertEqual(scheme_and_credentials('Basic YTpi'), ('basic', 'YTpi'))

    @requirement('contract', '2', 'The scheme is read in any case')
    def test_scheme_is_read_in_any_case(self):
        for header in ('oauth a=b', 'OAUTH a=b', 'OAuth a=b', 'oAuTh a=b'):
            with self.subTest(header):
                self.assertEqual(scheme_and_credentials(header), ('oauth', 'a=b'))

    def test_any_white_space_parts_the_two_and_surrounds_them(self):
        for header in ('OAuth\ta=b', 'OAuth   a=b', 'OAuth\r\n a=b', ' OAuth a=b ', '\tOAuth \t\r\n a=b\r\n'):
            with self.subTest(header):
                self.assertEqual(scheme_and_credentials(header), ('oauth', 'a=b'))

    def test_space_within_the_credentials_stays(self):
        self.assertEqual(scheme_and_credentials('OAuth a=b  c=d'), ('oauth', 'a=b  c=d'))

    def test_scheme_may_stand_alone(self):
        self.assertEqual(scheme_and_credentials('OAuth'), ('oauth', ''))
        self.assertEqual(scheme_and_credentials('OAuth '), ('oauth', ''))

    def test_empty_header_has_neither(self):
        self.assertEqual(scheme_and_credentials(''), ('', ''))
        self.assertEqual(scheme_and_credentials(' \r\n'), ('', ''))

    def test_no_other_character_parts_the_two(self):
        for header in ('OAuth,a=b', 'OAuth:a=b', 'OAuth\xa0a=b', 'OAuth\x0ba=b'):
            with self.subTest(header):
                self.assertEqual(scheme_and_credentials(header), (header.lower(), ''))


class TestParseOAuth(unittest.TestCase):

    def assertParsed(self, text, *pairs):
        with self.subTest(text):
            self.assertEqual(parse_oauth(text), list(pairs))

    def assertRefused(self, description, *texts):
        for text in texts:
            with self.subTest(ascii(text)), self.assertRaises(InvalidRequest) as caught:
                parse_oauth(text)
            self.assertEqual(caught.exception.description, 'Authorization header: ' + description)

    @requirement('contract', '2', 'A value stands in single or double quotes, or bare')
    def test_value_stands_in_either_quotes_or_bare(self):
        for text in ("a='b'", 'a="b"', 'a=b'):
            self.assertParsed(text, ('a', 'b'))

    def test_spellings_may_be_mixed_in_one_header(self):
        self.assertParsed('a=\'1\', b="2", c=3', ('a', '1'), ('b', '2'), ('c', '3'))

    def test_pairs_are_parted_by_a_comma_or_white_space_or_both(self):
        for separator in (',', ', ', ' ,', ' , ', ' ', '  ', '\t', '\r\n ', ',\r\n\t'):
            self.assertParsed(f'a=b{separator}c="d"{separator}e=f', ('a', 'b'), ('c', 'd'), ('e', 'f'))

    @requirement('contract', '2', 'The comma between pairs may be missing')
    def test_comma_between_pairs_may_be_missing(self):
        self.assertParsed("a='b' c='d'", ('a', 'b'), ('c', 'd'))

    def test_one_comma_too_many_does_no_harm(self):
        for text in ('a=b,', ',a=b', 'a=b, ,', "a='b',,", ' ,, a=b ,, '):
            self.assertParsed(text, ('a', 'b'))
        self.assertParsed('a=b,,c=d', ('a', 'b'), ('c', 'd'))

    def test_white_space_around_the_equals_sign_does_not_matter(self):
        for text in ('a =b', 'a= b', 'a = "b"', 'a\t=\r\n b', "a  =  'b'"):
            self.assertParsed(text, ('a', 'b'))

    def test_nothing_is_no_pairs(self):
        for text in ('', ' ', ',', ' , ,\r\n'):
            self.assertParsed(text)

    def test_order_is_kept_and_so_are_doubled_names(self):
        self.assertParsed('b=1, a=2, b=3, b=1', ('b', '1'), ('a', '2'), ('b', '3'), ('b', '1'))

    def test_value_may_be_empty(self):
        for text in ('a=', 'a=""', "a=''", 'a=,', 'a= '):
            self.assertParsed(text, ('a', ''))
        self.assertParsed('a=,b=c', ('a', ''), ('b', 'c'))

    def test_quoted_value_may_hold_commas_spaces_equals_signs_and_the_other_quote(self):
        self.assertParsed('a="b, c=\'d\'"', ('a', "b, c='d'"))
        self.assertParsed("a='b, c=\"d\"'", ('a', 'b, c="d"'))

    def test_bare_value_may_hold_equals_signs(self):
        self.assertParsed('a=b=c==', ('a', 'b=c=='))

    @requirement('contract', '2', 'A value is percent-decoded once')
    def test_value_is_percent_decoded_once_as_utf_8(self):
        self.assertParsed('a=%7Eb%c3%A9', ('a', '~bé'))
        self.assertParsed('a="%2541"', ('a', '%41'))
        self.assertParsed("a='%27%22%2C%20'", ('a', '\'", '))

    def test_percent_encoded_quotes_do_not_quote(self):
        self.assertParsed('a=%22b%22', ('a', '"b"'))

    @requirement('contract', '2', 'A plus stays a plus')
    def test_plus_stays_plus(self):
        self.assertParsed('a=b+c', ('a', 'b+c'))

    def test_backslash_escapes_nothing(self):
        self.assertParsed(r'a="b\" c=d', ('a', 'b\\'), ('c', 'd'))

    def test_name_is_not_decoded(self):
        self.assertParsed('%61=b', ('%61', 'b'))

    def test_pair_without_a_name_is_refused(self):
        self.assertRefused(
            'a pair has no name; write name=value',
            '=b', ' = b', ', =b', 'a=b =c', '"a"=b', "'a'=b", 'a"=b', '"b"', "a=b, 'c'", '"')

    def test_name_without_equals_sign_is_refused(self):
        self.assertRefused(
            'a name is not followed by =; write name=value',
            'a', 'a b=c', 'a, b=c', 'a=b c', 'a=b, c ', 'a,=b', 'é')

    def test_quote_that_is_not_closed_is_refused(self):
        self.assertRefused(
            'a quote is not closed', 'a="', "a='", 'a="b', 'a="b\'', 'a="b", c="d', "a='b, c=d")

    def test_what_follows_a_closing_quote_must_be_parted_from_it(self):
        self.assertRefused(
            'a comma or a space is missing after a quoted value',
            'a="b"c=d', "a='b'c", 'a="b""c"', "a=''b=c", 'a="b"=c', 'a="b";c=d')

    def test_quote_within_a_bare_value_is_refused(self):
        self.assertRefused('a quote stands inside of a bare value', 'a=b"', 'a=b"c"', "a=it's", "a=b'c d'")

    def test_percent_sign_needs_two_hexadecimal_digits(self):
        self.assertRefused(
            'a percent sign is not followed by two hexadecimal digits',
            'a=%', 'a=%4', 'a=%4g', 'a=%g4', 'a="%"', 'a=100%', 'a=%%41', 'a=%+4', 'a=b%2')

    def test_bytes_that_are_not_utf_8_are_refused(self):
        self.assertRefused(
            'a value is not UTF-8', 'a=%ff', 'a=%c3', 'a="%c3%28"', 'a=%ed%a0%80', 'a=%c0%af', 'a=%f4%90%80%80')

    def test_characters_beyond_ascii_must_be_percent_encoded(self):
        self.assertRefused('percent-encode what is not ASCII', 'a=é', 'a="\xff"', 'a=\ud800', 'a=\xa0', 'a=\x80b')

    def test_only_http_white_space_parts_pairs(self):
        self.assertParsed('a=b\x0bc=d\x0c', ('a', 'b\x0bc=d\x0c'))

    @PROPERTY
    @given(spelled())
    def test_every_allowed_spelling_is_read_back(self, spelled):
        pairs, text = spelled
        self.assertEqual(parse_oauth(text), pairs)

    @PROPERTY
    @given(HOSTILE)
    def test_any_text_is_read_or_refused(self, text):
        try:
            pairs = parse_oauth(text)
        except InvalidRequest as error:
            self.assertTrue(error.description.startswith('Authorization header: '))
            return
        for name, value in pairs:
            self.assertTrue(name)
            value.encode()  # no surrogates: what was read can be written

    @requirement('contract', '2', 'Reading the header takes linear time')
    def test_work_grows_with_the_length_of_the_text_and_not_faster(self):
        hostile = {  # what stands before the repeated part, that part, what stands after it
            'a long name': ('', 'a', ''),
            'a long bare value': ('a=', 'b', ''),
            'a long quoted value': ('a="', 'b', '"'),
            'a quote that is not closed': ('a="', 'b', ''),
            'quotes of the other kind': ('a="', "'", ''),
            'double quotes': ('', '"', ''),
            'single quotes': ('', "'", ''),
            'quotes in a bare value': ('a=b', '"', ''),
            'quotes in turns': ('a=', '"\'', ''),
            'commas': ('', ',', ''),
            'commas and spaces': ('', ', ', ''),
            'equals signs': ('', '=', ''),
            'equals signs in a value': ('a=', '=', ''),
            'spaces': ('', ' ', ''),
            'spaces before the equals sign': ('a', ' ', '=b'),
            'spaces after the equals sign': ('a=', ' ', 'b'),
            'spaces in quotes': ('a="', ' ', '"'),
            'folded lines': ('', '\r\n ', ''),
            'percent signs': ('a=', '%', ''),
            'encoded percent signs': ('a=', '%25', ''),
            'half of an encoded character': ('a=', '%2', ''),
            'pairs': ('', 'a=b ', ''),
            'quoted pairs': ('', "a='b',", ''),
            'empty pairs': ('', 'a=,', ''),
            'pairs before a quote that is not closed': ('', 'a="b" ', 'c="'),
            'names without a value': ('', 'a ', ''),
            'closing quotes': ('a=', '""', ''),
        }
        for what, (before, repeated, after) in hostile.items():
            with self.subTest(what):
                once, twice = (work(parse_oauth, before + repeated * times + after) for times in (1000, 2000))
                self.assertLessEqual(twice, 2.2 * once + 50)
                self.assertLessEqual(twice, 10 * len(before + repeated * 2000 + after))

    def test_the_work_that_is_counted_is_the_whole_of_the_work(self):
        for text in ('a' * 1000, 'a=' + 'b' * 1000, 'a="' + 'b' * 1000, ' ' * 1000, 'a=b ' * 250):
            with self.subTest(text[:6]):
                self.assertGreaterEqual(work(parse_oauth, text), len(text))


def basic(text):
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


class TestParseBasic(unittest.TestCase):

    def assertRefused(self, description, *texts):
        for text in texts:
            with self.subTest(ascii(text)), self.assertRaises(InvalidClient) as caught:
                parse_basic(text)
            self.assertEqual(caught.exception.description, description)

    def test_identifier_and_secret_are_joined_by_a_colon(self):
        self.assertEqual(parse_basic(basic('client:secret')), ('client', 'secret'))

    def test_secret_may_hold_colons(self):
        self.assertEqual(parse_basic(basic('client:a:b:')), ('client', 'a:b:'))

    def test_secret_may_be_empty(self):
        self.assertEqual(parse_basic(basic('client:')), ('client', ''))

    @requirement('RFC 6749', 'B', 'The halves of Basic credentials are form-encoded')
    def test_both_halves_are_form_decoded(self):
        self.assertEqual(parse_basic(basic('a%3Ab+c:d%2Be+f%C3%A9')), ('a:b c', 'd+e fé'))

    @requirement('attack', '16', 'Credentials are decoded once, not twice')
    def test_both_halves_are_decoded_once(self):
        self.assertEqual(parse_basic(basic('%2541:%252B')), ('%41', '%2B'))

    def test_text_beyond_ascii_is_utf_8(self):
        self.assertEqual(parse_basic(basic('zoë:☃')), ('zoë', '☃'))

    def test_what_is_not_base64_of_utf_8_is_refused(self):
        self.assertRefused(
            'the Basic credentials are not base64 of UTF-8',
            'a', 'Y', 'YTp', 'YTpi!', 'YT pi', 'YT\npi', 'é', '\ud800', 'client:secret', basic(b'a:\xff'),
            basic(b'\xed\xa0\x80:b'), 'Pj4-Pz8_Og==')

    def test_identifier_and_colon_must_be_there(self):
        self.assertRefused(
            'the Basic credentials are not client_id:client_secret',
            '', basic('client'), basic(':secret'), basic(':'), basic('client%3Asecret'))

    def test_form_encoding_must_be_of_utf_8(self):
        self.assertRefused(
            'the Basic credentials are not form-encoded UTF-8', basic('%ff:b'), basic('a:%ff'), basic('a:%ed%a0%80'))

    @PROPERTY
    @given(VALUES.filter(bool), VALUES)
    def test_form_encoded_credentials_are_read_back(self, identifier, secret):
        self.assertEqual(
            parse_basic(basic(f'{quote_plus(identifier)}:{quote_plus(secret)}')), (identifier, secret))

    @PROPERTY
    @given(st.one_of(HOSTILE, st.text('abYTpi01+/=-_'), st.binary().map(basic), HOSTILE.map(
        lambda text: basic(text.encode('utf-8', 'surrogatepass')))))
    def test_any_text_is_read_or_refused(self, text):
        try:
            identifier, secret = parse_basic(text)
        except InvalidClient as error:
            self.assertTrue(error.description.startswith('the Basic credentials are not '))
            return
        self.assertTrue(identifier)
        (identifier + secret).encode()  # no surrogates: what was read can be written


if __name__ == '__main__':
    unittest.main()
