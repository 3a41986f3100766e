import base64
import json
import unittest
from urllib.parse import quote, urlencode

from hypothesis import given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement

from protocol.errors import InvalidClient, InvalidRequest, OAuthError
from protocol.parameters import (
    BODY_LIMIT,
    CREDENTIALS,
    DEFAULT_LIMIT,
    LIMITS,
    Credentials,
    Parameters,
    check,
    form_pairs,
    json_pairs,
)

SECRET = 'not-to-be-seen'


def oauth(*pairs):
    return 'OAuth ' + ', '.join(f'{name}="{quote(value)}"' for name, value in pairs)


def basic(text):
    return 'Basic ' + base64.b64encode(text.encode()).decode()


# Names that no client authentication is made of, so that they may stand anywhere.
NAMES = st.sampled_from(['code', 'state', 'scope', 'grant_type', 'redirect_uri', 'x', 'X', 'x.y_z-1'])
VALUES = st.text(st.characters(exclude_categories=['Cs', 'Cc'], exclude_characters='\ufffd\ufffe\uffff'), max_size=20)
PAIRS = st.lists(st.tuples(NAMES, VALUES), unique_by=lambda pair: pair[0])
SOURCES = st.sampled_from(['header', 'body', 'query'])


def _placed(pairs, places):
    """The arguments of Parameters with each pair in its place."""
    arguments = {'header': [], 'body': [], 'query': []}
    for pair, place in zip(pairs, places, strict=True):
        arguments[place].append(pair)
    return {**arguments, 'header': oauth(*arguments['header'])}


class ParametersCase(unittest.TestCase):

    def assertRefused(self, description, function, *arguments, **keywords):
        with self.assertRaises(InvalidRequest) as caught:
            function(*arguments, **keywords)
        self.assertEqual(caught.exception.description, description)


class TestSources(ParametersCase):

    def test_parameters_come_from_header_body_and_query_alike(self):
        for place in ('header', 'body', 'query'):
            with self.subTest(place):
                self.assertEqual(dict(Parameters(**_placed([('code', 'é b')], [place]))), {'code': 'é b'})

    def test_sources_are_put_together(self):
        parameters = Parameters('OAuth client_id=a', [('code', 'b')], [('state', 'c')])
        self.assertEqual(dict(parameters), {'client_id': 'a', 'code': 'b', 'state': 'c'})
        self.assertEqual(len(parameters), 3)

    def test_sources_may_be_iterators(self):
        parameters = Parameters(body=iter([('code', 'b')]), query=iter([('state', 'c')]))
        self.assertEqual(dict(parameters), {'code': 'b', 'state': 'c'})
        self.assertEqual(parameters.in_query, {'state'})

    def test_request_without_anything_has_no_parameters(self):
        self.assertEqual(dict(Parameters()), {})
        self.assertEqual(dict(Parameters(header='')), {})
        self.assertEqual(dict(Parameters(header='OAuth')), {})

    def test_names_of_the_query_are_known(self):
        parameters = Parameters('OAuth a=1', [('b', '2')], [('c', '3'), ('d', '')])
        self.assertEqual(parameters.in_query, {'c', 'd'})

    def test_other_scheme_is_refused(self):
        for header in ('Bearer a.b.c', 'Digest a=b', 'Negotiate', 'OAuth2 a=b', 'Basic,', 'a=b'):
            with self.subTest(header), self.assertRaises(InvalidClient) as caught:
                Parameters(header)
            self.assertEqual(caught.exception.description, 'the Authorization header is neither OAuth nor Basic')

    def test_header_that_cannot_be_read_is_refused(self):
        self.assertRefused('Authorization header: a quote is not closed', Parameters, 'OAuth a="b')
        with self.assertRaises(InvalidClient):
            Parameters('Basic !')

    @PROPERTY
    @given(PAIRS, st.data())
    def test_it_does_not_matter_where_a_parameter_stands_nor_in_which_order(self, pairs, data):
        places = st.lists(SOURCES, min_size=len(pairs), max_size=len(pairs))
        one = Parameters(**_placed(pairs, data.draw(places)))
        other = Parameters(**_placed(data.draw(st.permutations(pairs)), data.draw(places)))
        self.assertEqual(dict(one), dict(other))
        self.assertEqual(dict(one), {name: value for name, value in pairs if value})


class TestEachOnce(ParametersCase):

    @requirement('RFC 6749', '3.2', 'A parameter that comes twice is invalid_request')
    def test_same_value_twice_is_still_twice(self):
        self.assertRefused('code was sent more than once', Parameters, body=[('code', 'a'), ('code', 'a')])

    @requirement('RFC 6749', '3.2', 'A parameter without a value counts as not sent')
    def test_empty_parameter_counts_as_not_sent(self):
        parameters = Parameters('OAuth code=""', [('state', '')], [('scope', '')])
        self.assertEqual(dict(parameters), {})
        self.assertNotIn('state', parameters)

    def test_empty_parameter_may_not_come_twice_either(self):
        for values in (('', ''), ('', 'a'), ('a', '')):
            with self.subTest(values):
                self.assertRefused(
                    'code was sent more than once', Parameters, body=[('code', values[0])], query=[('code', values[1])])

    def test_names_differ_by_case(self):
        self.assertEqual(dict(Parameters(body=[('code', 'a'), ('Code', 'b')])), {'code': 'a', 'Code': 'b'})

    @requirement('RFC 6749', '3.2', 'A parameter that comes twice is invalid_request, in one source or in two')
    @PROPERTY
    @given(PAIRS, NAMES, VALUES, VALUES, SOURCES, SOURCES, st.data())
    def test_name_that_stands_in_any_two_places_is_refused(self, pairs, name, value, other, one_place, two_place, data):
        pairs = [pair for pair in pairs if pair[0] != name] + [(name, value), (name, other)]
        places = [data.draw(SOURCES) for _pair in pairs[:-2]] + [one_place, two_place]
        self.assertRefused(f'{name} was sent more than once', Parameters, **_placed(pairs, places))


class TestUnknown(ParametersCase):

    @requirement('RFC 6749', '3.2', 'A parameter that the endpoint does not know is passed over, whatever it is')
    def test_what_is_not_known_is_passed_over(self):
        unknown = [('utm[source]', '1'), ('x', 'y' * 3000), ('x', 'again'), ('', 'z'), (None, 'z'), ('n', '\0'),
                   ('o', 1)]
        for place in ('body', 'query'):
            parameters = Parameters(**{place: [*unknown, ('code', 'a')]}, known={'code'}.__contains__)
            self.assertEqual(dict(parameters), {'code': 'a'})
        self.assertEqual(dict(Parameters('OAuth code=a, x=b, x=c', known={'code'}.__contains__)), {'code': 'a'})

    def test_credentials_in_the_query_are_seen_though_the_endpoint_does_not_know_them(self):
        parameters = Parameters(query=[('refresh_token', SECRET)], known={'code'}.__contains__)
        self.assertRefused(
            'refresh_token must not be sent in the URL; send it in the body or in the Authorization header',
            parameters.refuse_credentials_in_query)


class TestNamesAndValues(ParametersCase):

    def test_name_has_64_characters_at_most(self):
        self.assertEqual(dict(Parameters(body=[('a' * 64, 'b')])), {'a' * 64: 'b'})
        self.assertRefused(
            'a parameter name may hold letters, digits, and any of . _ - only', Parameters, body=[('a' * 65, 'b')])

    def test_name_is_made_of_the_characters_of_the_rfc(self):
        self.assertEqual(len(Parameters(body=[('azAZ09._-', 'b')])), 1)
        for name in ('', 'a b', 'a[]', 'a\n', 'é', '%61', 'a"', 'a\\', '\ud800', 'a\0', '٣'):
            with self.subTest(ascii(name)):
                self.assertRefused(
                    'a parameter name may hold letters, digits, and any of . _ - only', Parameters, body=[(name, 'b')])

    def test_name_is_checked_though_its_value_is_empty(self):
        self.assertRefused(
            'a parameter name may hold letters, digits, and any of . _ - only', Parameters, body=[('a b', '')])

    @requirement('contract', '2', 'A value past its limit is invalid_request')
    def test_value_may_be_as_long_as_its_limit_and_not_one_character_longer(self):
        for name, limit in {**LIMITS, 'anything_else': DEFAULT_LIMIT}.items():
            with self.subTest(name):
                self.assertEqual(Parameters(body=[(name, 'é' * limit)])[name], 'é' * limit)
                self.assertRefused(f'{name} is too long', Parameters, body=[(name, 'a' * (limit + 1))])

    def test_limits(self):
        self.assertEqual(BODY_LIMIT, 65536)
        self.assertEqual(DEFAULT_LIMIT, 2048)
        self.assertEqual(LIMITS, {
            'access_token': 8192, 'actor_token': 8192, 'client_assertion': 8192, 'subject_token': 8192,
            'client_id': 255, 'client_secret': 255, 'code': 255, 'code_verifier': 1024, 'device_code': 255,
            'refresh_token': 4096, 'id_token_hint': 8192, 'scope': 4096, 'state': 4096, 'token': 8192})

    @requirement('contract', '2', 'Control characters and values that are not UTF-8 are invalid_request')
    def test_control_characters_are_refused(self):
        for code in (*range(0x20), *range(0x7F, 0xA0)):
            with self.subTest(code):
                self.assertRefused(
                    'state holds a control character, or bytes that are not UTF-8', check, 'state', f'a{chr(code)}b')

    def test_what_came_of_bytes_that_are_not_utf_8_is_refused(self):
        for character in ('\ufffd', '\ud800', '\udbff', '\udc80', '\udfff'):
            with self.subTest(ascii(character)):
                self.assertRefused(
                    'state holds a control character, or bytes that are not UTF-8', check, 'state', character)

    def test_what_is_no_character_of_xml_is_refused(self):
        for character in ('\ufffe', '\uffff', '\0', '\x0b'):
            with self.subTest(ascii(character)):
                self.assertRefused(
                    'state holds a control character, or bytes that are not UTF-8', check, 'state', character)

    def test_every_other_character_may_stand_in_a_value(self):
        for value in ('a b', '"\\\'<&>', 'é', '☃', '😀', '\xa0', '\u2028', '\ufeff', '\ue000', '\U0010ffff', '\xad'):
            with self.subTest(ascii(value)):
                self.assertEqual(Parameters(body=[('state', value)])['state'], value)

    def test_values_are_checked_wherever_they_stand(self):
        for place in ('body', 'query'):
            with self.subTest(place):
                self.assertRefused(
                    'state holds a control character, or bytes that are not UTF-8',
                    Parameters, **{place: [('state', 'a\nb')]})
        self.assertRefused(
            'state holds a control character, or bytes that are not UTF-8', Parameters, 'OAuth state=a%0Ab')


class TestCredentials(ParametersCase):

    def test_request_may_name_no_client(self):
        self.assertEqual(Parameters().credentials, Credentials(None, None, ''))

    def test_client_is_named_by_parameters_in_any_place(self):
        pairs = [('client_id', 'a'), ('client_secret', 'b')]
        self.assertEqual(Parameters(oauth(*pairs)).credentials, Credentials('a', 'b', 'oauth'))
        self.assertEqual(Parameters(body=pairs).credentials, Credentials('a', 'b', ''))
        self.assertEqual(Parameters(query=pairs[:1]).credentials, Credentials('a', None, ''))
        self.assertEqual(Parameters('OAuth x=y', pairs).credentials, Credentials('a', 'b', 'oauth'))

    def test_client_is_named_by_http_basic(self):
        parameters = Parameters(basic('a:b'), [('code', 'c')])
        self.assertEqual(parameters.credentials, Credentials('a', 'b', 'basic'))
        self.assertEqual(dict(parameters), {'code': 'c'})

    def test_empty_secret_is_none_wherever_it_stands(self):
        self.assertEqual(Parameters(basic('a:')).credentials, Credentials('a', None, 'basic'))
        self.assertEqual(
            Parameters(body=[('client_id', 'a'), ('client_secret', '')]).credentials, Credentials('a', None, ''))

    @requirement('RFC 6749', '2.3', 'Two ways of client authentication at once are invalid_request')
    def test_two_authentication_methods_are_refused(self):
        for secret in ('b', 'c'):
            with self.subTest(secret):
                self.assertRefused(
                    'two client authentication methods: HTTP Basic and client_secret',
                    Parameters, basic('a:b'), [('client_secret', secret)])

    @requirement('contract', '2', 'The same client_id may stand beside HTTP Basic')
    def test_client_id_may_be_repeated_beside_http_basic(self):
        self.assertEqual(Parameters(basic('a:b'), [('client_id', 'a')]).credentials, Credentials('a', 'b', 'basic'))
        self.assertEqual(Parameters(basic('a:b'), [('client_id', '')]).credentials, Credentials('a', 'b', 'basic'))

    def test_another_client_id_beside_http_basic_is_refused(self):
        for client_id in ('c', 'A'):
            with self.subTest(client_id):
                self.assertRefused(
                    'client_id is not the one of the Authorization header',
                    Parameters, basic('a:b'), [('client_id', client_id)])

    def test_credentials_of_http_basic_have_the_same_limits(self):
        self.assertEqual(
            Parameters(basic('a' * 255 + ':' + 'b' * 255)).credentials, Credentials('a' * 255, 'b' * 255, 'basic'))
        self.assertRefused('client_id is too long', Parameters, basic('a' * 256 + ':b'))
        self.assertRefused('client_secret is too long', Parameters, basic('a:' + 'b' * 256))
        self.assertRefused(
            'client_id holds a control character, or bytes that are not UTF-8', Parameters, basic('a%00:b'))
        self.assertRefused(
            'client_secret holds a control character, or bytes that are not UTF-8', Parameters, basic('a:b\n'))


class TestMapping(ParametersCase):

    def test_required_parameter_is_given(self):
        self.assertEqual(Parameters(body=[('code', 'a')]).require('code'), 'a')

    def test_required_parameter_that_is_missing_or_empty_is_named(self):
        self.assertRefused('code is missing', Parameters().require, 'code')
        self.assertRefused('code is missing', Parameters(body=[('code', '')]).require, 'code')

    def test_optional_parameter_that_is_missing_is_none(self):
        self.assertIsNone(Parameters().get('code'))

    def test_representation_shows_names_only(self):
        pairs = [('client_id', SECRET), ('client_secret', SECRET), ('code', SECRET)]
        for parameters in (Parameters(oauth(*pairs)), Parameters(body=pairs), Parameters(query=pairs)):
            self.assertEqual(repr(parameters), 'Parameters(client_id, client_secret, code)')
            self.assertEqual(str(parameters), repr(parameters))

    def test_representation_of_credentials_does_not_show_the_secret(self):
        for parameters in (Parameters(basic(f'a:{SECRET}')),
                           Parameters(body=[('client_id', 'a'), ('client_secret', SECRET)])):
            self.assertEqual(parameters.credentials.client_secret, SECRET)
            self.assertNotIn(SECRET, repr(parameters.credentials))

    @requirement('contract', '3', 'No error repeats a value')
    def test_no_error_repeats_a_value(self):
        bad = SECRET + '\n'
        for arguments in (
                {'body': [('code', bad)]}, {'body': [('code', SECRET), ('code', SECRET)]},
                {'header': f'OAuth a="{SECRET}'}, {'header': f'OAuth {SECRET}'}, {'header': f'OAuth a=b{SECRET}"'},
                {'header': f'Bearer {SECRET}'}, {'header': basic(SECRET)}, {'header': basic(f'a:{bad}')},
                {'body': [('state', SECRET * 1000)]},
                {'header': basic(f'a:{SECRET}'), 'body': [('client_secret', SECRET)]},
                {'header': basic('a:b'), 'body': [('client_id', SECRET)]}, {'body': [(SECRET + ' ', 'a')]}):
            with self.subTest(arguments), self.assertRaises(OAuthError) as caught:
                Parameters(**arguments)
            self.assertNotIn(SECRET, f'{caught.exception} {caught.exception.detail} {caught.exception!r}')


class TestCredentialsInQuery(ParametersCase):

    @requirement('contract', '2', 'A credential in the query is refused, and told where it belongs')
    def test_each_credential_is_refused_with_its_name_and_where_it_belongs(self):
        for name in CREDENTIALS:
            with self.subTest(name):
                self.assertRefused(
                    f'{name} must not be sent in the URL; send it in the body or in the Authorization header',
                    Parameters(query=[(name, SECRET)]).refuse_credentials_in_query)

    def test_which_parameters_are_credentials(self):
        self.assertEqual(CREDENTIALS, {
            'access_token', 'actor_token', 'client_assertion', 'client_secret', 'code', 'code_verifier', 'device_code',
            'password', 'refresh_token', 'subject_token', 'token'})

    def test_several_are_named_in_order(self):
        self.assertRefused(
            'client_secret, code must not be sent in the URL; send it in the body or in the Authorization header',
            Parameters(query=[('code', 'a'), ('x', 'y'), ('client_secret', 'b')]).refuse_credentials_in_query)

    def test_empty_one_is_refused_too(self):
        self.assertRefused(
            'code must not be sent in the URL; send it in the body or in the Authorization header',
            Parameters(query=[('code', '')]).refuse_credentials_in_query)

    def test_anything_else_may_stand_in_the_query(self):
        parameters = Parameters(query=[('client_id', 'a'), ('state', 'b')])
        self.assertIsNone(parameters.refuse_credentials_in_query())

    def test_credentials_may_stand_anywhere_else(self):
        pairs = [(name, 'a') for name in sorted(CREDENTIALS)]
        for parameters in (Parameters(oauth(*pairs)), Parameters(body=pairs, query=[('state', 'b')])):
            self.assertIsNone(parameters.refuse_credentials_in_query())


class TestFormPairs(ParametersCase):

    def test_pairs_come_in_order_with_empty_and_doubled_ones(self):
        self.assertEqual(form_pairs(b'b=1&a=&c&b=2'), [('b', '1'), ('a', ''), ('c', ''), ('b', '2')])

    @requirement('RFC 6749', 'B', 'Values of forms are form-decoded, once')
    def test_values_are_form_decoded_once(self):
        self.assertEqual(form_pairs(b'a%2Eb=c+d%20%C3%A9%2541'), [('a.b', 'c d é%41')])

    def test_semicolon_parts_nothing(self):
        self.assertEqual(form_pairs(b'a=b;c=d'), [('a', 'b;c=d')])

    def test_empty_form_has_no_pairs(self):
        self.assertEqual(form_pairs(b''), [])
        self.assertEqual(form_pairs(b'&'), [])

    def test_bytes_that_are_not_percent_encoded_are_utf_8_too(self):
        self.assertEqual(form_pairs('a=é☃'.encode()), [('a', 'é☃')])

    def test_bytes_that_are_not_utf_8_are_refused_in_what_is_known(self):
        for form in (b'a=%ff', b'a=%c3', b'a=%ed%a0%80', b'a=\xff', b'a=\xe9', b'a=\xed\xa0\x80', b'a=\xc3%28'):
            with self.subTest(form):
                self.assertRefused('a holds a control character, or bytes that are not UTF-8',
                                   Parameters, body=form_pairs(form), known={'a'}.__contains__)
                self.assertEqual(dict(Parameters(body=form_pairs(form), known={'b'}.__contains__)), {})

    @PROPERTY
    @given(st.lists(st.tuples(NAMES, VALUES)))
    def test_what_is_encoded_is_what_is_read(self, pairs):
        self.assertEqual(form_pairs(urlencode(pairs).encode()), pairs)

    @PROPERTY
    @given(st.one_of(st.binary(), st.text('ab=&;%0cfF+#[]é').map(str.encode)))
    def test_any_bytes_are_read_or_refused(self, form):
        try:
            pairs = form_pairs(form)
        except InvalidRequest:
            return
        for pair in pairs:
            ''.join(pair).encode()  # no surrogates: what was read can be written
            self.assertEqual(len(pair), 2)


class TestJsonPairs(ParametersCase):

    NOT_JSON = 'the body is not JSON in UTF-8'
    NOT_STRINGS = 'the JSON body is not one object with strings for members'
    NO_STRING = 'a must be a string'

    def assertBodyRefused(self, description, *bodies):
        for body in bodies:
            with self.subTest(body[:40]):
                self.assertRefused(description, json_pairs, body)

    def test_members_come_in_order(self):
        self.assertEqual(json_pairs(b'{"b": "1", "a": ""}'), [('b', '1'), ('a', '')])
        self.assertEqual(json_pairs(b' {} '), [])

    def test_doubled_member_is_seen(self):
        pairs = json_pairs(b'{"code": "a", "code": "b"}')
        self.assertEqual(pairs, [('code', 'a'), ('code', 'b')])
        self.assertRefused('code was sent more than once', Parameters, body=pairs)

    def test_doubled_member_is_seen_though_it_is_spelled_otherwise(self):
        self.assertRefused(
            'code was sent more than once', Parameters, body=json_pairs(b'{"code": "a", "c\\u006fde": ""}'))

    def test_known_member_that_is_no_string_is_refused(self):
        for body in (b'{"a": 1}', b'{"a": true}', b'{"a": 1.5}', b'{"a": []}', b'{"a": ["b"]}', b'{"a": {}}',
                     b'{"a": {"b": "c"}}', b'{"a": "b", "a": 1}', b'{"a": 1, "a": "b"}', b'{"a": NaN}',
                     b'{"a": Infinity}', b'{"a": -Infinity}', b'{"a": 1e999}'):
            with self.subTest(body):
                self.assertRefused(self.NO_STRING, Parameters, body=json_pairs(body), known={'a'}.__contains__)
                self.assertEqual(dict(Parameters(body=json_pairs(body), known={'b'}.__contains__)), {})

    @requirement('contract', '2', 'A member of JSON that is null counts as not sent')
    def test_null_counts_as_not_sent(self):
        self.assertEqual(dict(Parameters(body=json_pairs(b'{"a": null, "b": "c"}'))), {'b': 'c'})
        self.assertEqual(dict(Parameters(body=json_pairs(b'{"a": null, "a": "c"}'))), {'a': 'c'})

    def test_what_is_no_object_is_refused(self):
        self.assertBodyRefused(
            self.NOT_STRINGS, b'[]', b'[["a", "b"]]', b'[{"a": "b"}]', b'"a"', b'1', b'null', b'true', b'NaN', b'[[]]')

    def test_what_is_not_json_is_refused(self):
        self.assertBodyRefused(
            self.NOT_JSON, b'', b' ', b'{', b'{"a": "b"', b"{'a': 'b'}", b'{"a": "b",}', b'{"a": "b"} {}', b'{a: "b"}',
            b'a=b', b'{"a": "b\nc"}', b'{"a": "\\x"}', b'{"a": "\\u12"}', b'\0', b'{"a": ' + b'9' * 5000 + b'}')

    def test_encodings_other_than_utf_8_are_refused(self):
        self.assertEqual(json_pairs('{"a": "é☃😀"}'.encode()), [('a', 'é☃😀')])
        text = '{"a": "b"}'
        self.assertBodyRefused(
            self.NOT_JSON, b'{"a": "\xff"}', b'{"a": "\xe9"}', b'{"a": "\xed\xa0\x80"}', b'{"a": "\xc0\xaf"}',
            *(text.encode(encoding) for encoding in (
                'utf-16', 'utf-16-le', 'utf-16-be', 'utf-32', 'utf-32-le', 'utf-32-be')))

    def test_byte_order_mark_of_utf_8_is_passed_over(self):
        self.assertEqual(json_pairs(b'\xef\xbb\xbf{"a": "b"}'), [('a', 'b')])

    def test_deep_nesting_is_refused_like_anything_else(self):
        for depth in (2, 500, 50_000):
            for opening, closing in (('[', ']'), ('{"a":', '}')):
                with self.subTest(depth, opening=opening), self.assertRaises(InvalidRequest):
                    Parameters(body=json_pairs((opening * depth + '""' + closing * depth).encode()))
                with self.subTest(depth, unclosed=opening), self.assertRaises(InvalidRequest):
                    json_pairs((opening * depth).encode())

    def test_lone_surrogates_and_control_characters_do_not_become_parameters(self):
        for escape in ('\\ud800', '\\udfff', '\\ud800a', '\\u0000', '\\n', '\\u001f', '\\u0085', '\\ufffd', '\\uffff'):
            with self.subTest(escape):
                self.assertRefused(
                    'a holds a control character, or bytes that are not UTF-8',
                    Parameters, body=json_pairs(b'{"a": "%s"}' % escape.encode()))

    def test_escaped_surrogate_pair_is_one_character(self):
        self.assertEqual(json_pairs(b'{"a": "\\ud83d\\ude00"}'), [('a', '😀')])

    @PROPERTY
    @given(st.dictionaries(NAMES, VALUES))
    def test_what_is_written_is_what_is_read(self, members):
        self.assertEqual(json_pairs(json.dumps(members).encode()), list(members.items()))
        self.assertEqual(json_pairs(json.dumps(members, ensure_ascii=False).encode()), list(members.items()))

    @PROPERTY
    @given(st.one_of(st.binary(), st.text('{}[]":,ab1 \\u\n').map(str.encode), st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(),
        inner)).map(lambda value: json.dumps(value).encode())))
    def test_any_bytes_are_read_or_refused(self, body):
        try:
            pairs = json_pairs(body)
        except InvalidRequest:
            return
        self.assertEqual({type(name) for name, _value in pairs} | {str}, {str})


class TestAnyRequest(ParametersCase):

    HEADERS = st.one_of(
        st.none(), st.text(), st.text('ab=,\'" %0Cé').map('OAuth '.__add__),
        st.text('abYTpi01+/=').map('Basic '.__add__))
    ANY_PAIRS = st.lists(st.tuples(st.one_of(NAMES, st.text()), st.text()))

    @PROPERTY
    @given(HEADERS, ANY_PAIRS, ANY_PAIRS)
    def test_any_request_is_read_or_refused(self, header, body, query):
        try:
            parameters = Parameters(header, body, query)
        except (InvalidRequest, InvalidClient) as error:
            self.assertTrue(error.description)
            return
        self.assertTrue(all(parameters.values()))


if __name__ == '__main__':
    unittest.main()
