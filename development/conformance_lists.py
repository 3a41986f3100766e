"""The lists by which a provider is judged. Each row needs a test that is marked with it, or a reason why it has none.

The sentences are ours. The clauses are those of OWASP ASVS 5.0, chapter V10, that concern a provider and its API; the
modules are those of the plans Basic OP and Config OP of the OpenID conformance suite 5.2, and its key rotation. The
checks are those of `@modelcontextprotocol/conformance` 0.2.0-alpha.12, `authorization`; its whole report is: SUCCESS.
"""

from typing import NamedTuple


class Row(NamedTuple):
    """One requirement; `reason` says why there is no test of it."""

    section: str
    sentence: str
    level: int = 0
    reason: str = ''


ASVS = (
    Row('10.3.1', 'The API takes only tokens whose audience it is', 2),
    Row('10.3.2', 'What a request may do follows from its token: subject, scope, authorization', 2),
    Row('10.3.3', 'A user is known by a claim that is never given to somebody else', 2),
    Row('10.3.4', 'Where a recent sign-in is demanded, the user has signed in recently, and the token says when', 2),
    Row(
        '10.3.5',
        'Access tokens are bound to their sender',
        3,
        'Not offered: access tokens are bearer tokens, without DPoP or mutual TLS. They last half an hour, and can be '
        'ended at once.',
    ),
    Row('10.4.1', "A redirect URI is compared character by character with a list of the client's own", 1),
    Row('10.4.2', 'A code works once; a second proven use is refused, and ends what came of the first', 1),
    Row('10.4.3', 'A code lasts for a minute at most', 1),
    Row('10.4.4', 'A client has just the grant types that it was given; implicit and password do not exist', 1),
    Row('10.4.5', 'Refresh tokens are replaced at every use, and a replayed one ends the whole authorization', 1),
    Row('10.4.6', 'Codes are protected by PKCE with S256, and the verifier is checked', 2),
    Row('10.4.7', 'Where anybody may register a client, what it says of itself is checked, and people are warned', 2),
    Row('10.4.8', 'Refresh tokens expire on a fixed day, however often they are used', 2),
    Row('10.4.9', 'A user can end what an application holds, in a page made for it', 2),
    Row('10.4.10', 'A confidential client authenticates at every endpoint that it calls directly', 2),
    Row('10.4.11', 'A client is given no more scopes than it needs', 2),
    Row(
        '10.4.12',
        'A client may use only the response modes that it needs',
        3,
        'Every client may choose between query and form_post: both end at a redirect URI that is registered, and '
        'neither shows more than the other. There are no other response modes.',
    ),
    Row(
        '10.4.13',
        'Authorization requests are always pushed',
        3,
        'Pushed authorization requests (RFC 9126) are not offered.',
    ),
    Row(
        '10.4.14',
        'All access tokens are bound to their sender',
        3,
        'Not offered: access tokens are bearer tokens, without DPoP or mutual TLS.',
    ),
    Row(
        '10.4.15',
        'authorization_details from the front channel are proven to be unchanged',
        3,
        'authorization_details (RFC 9396) are not offered.',
    ),
    Row('10.4.16', 'A client can authenticate by a key of its own, without a shared secret', 3),
    Row('10.6.1', 'code is the only response type: no token is ever in a redirect', 2),
    Row('10.6.2', 'Nobody is logged out by a link: without a valid id_token_hint the user is asked', 2),
    Row('10.7.1', 'The user consents to every request, and anew where the client cannot prove who it is', 2),
    Row('10.7.2', 'The consent page names the application, what it may do, and for how long', 2),
    Row('10.7.3', 'Users see what they have allowed, and take it back', 2),
)

CONFIG_OP = (
    Row(
        'oidcc-discovery-endpoint-verification',
        'The metadata are JSON with all that is required, the issuer to the letter, and https endpoints; the key set '
        'has public keys alone',
    ),
)

BASIC_OP = (
    Row('oidcc-server', 'The whole flow: code, tokens, an ID token with all its claims, userinfo; with HTTP Basic'),
    Row('oidcc-server-client-secret-post', 'The same with the client secret in the body'),
    Row('oidcc-response-type-missing', 'A request without response_type is an error'),
    Row('oidcc-idtoken-signature', 'The ID token is signed with a key of the key set, which its kid names'),
    Row('oidcc-idtoken-unsigned', 'Unsigned ID tokens exist only where the metadata say so; here they do not'),
    Row('oidcc-userinfo-get', 'userinfo answers a GET with the token in the Authorization header'),
    Row('oidcc-userinfo-post-header', 'userinfo answers a POST with the token in the Authorization header'),
    Row('oidcc-userinfo-post-body', 'userinfo answers a POST with the token in the form'),
    Row('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', 'No nonce is needed; the ID token has none then'),
    Row('oidcc-scope-profile', 'The scope profile gives the claims of the profile'),
    Row('oidcc-scope-email', 'The scope email gives email and email_verified'),
    Row('oidcc-scope-address', 'The scope address gives the address as an object'),
    Row('oidcc-scope-phone', 'The scope phone gives the phone number'),
    Row('oidcc-scope-all', 'All these scopes at once give all these claims'),
    Row('oidcc-alternate-happy-flow', 'Neither the order of scopes nor that of parameters matters'),
    Row('oidcc-display-page', 'display=page is no error'),
    Row('oidcc-display-popup', 'display=popup is no error'),
    Row('oidcc-prompt-login', 'prompt=login makes a user who is logged in sign in again, and auth_time is later'),
    Row('oidcc-prompt-none-not-logged-in', 'prompt=none without a session is answered with an error, without a page'),
    Row('oidcc-prompt-none-logged-in', 'prompt=none with session and consent is answered with a code, without a page'),
    Row('oidcc-max-age-1', 'A sign-in that is older than max_age is asked for again, and auth_time is later'),
    Row('oidcc-max-age-10000', 'A sign-in that is recent enough stays, and auth_time tells the same'),
    Row('oidcc-ensure-request-with-unknown-parameter-succeeds', 'A parameter that is not known is passed over'),
    Row('oidcc-id-token-hint', 'With prompt=none and an ID token of before as a hint, the same user is meant'),
    Row('oidcc-login-hint', 'login_hint is no error'),
    Row('oidcc-ui-locales', 'ui_locales is no error'),
    Row('oidcc-claims-locales', 'claims_locales is no error'),
    Row('oidcc-claims-essential', 'A request for single claims is no error'),
    Row('oidcc-ensure-request-with-acr-values-succeeds', 'acr_values is no error'),
    Row('oidcc-codereuse', 'A code does not work twice'),
    Row('oidcc-codereuse-30seconds', 'A code does not work 30 seconds later either, and what came of it is over'),
    Row('oidcc-ensure-registered-redirect-uri', 'A redirect URI that is not registered gets an error page'),
    Row('oidcc-ensure-post-request-succeeds', 'The authorization endpoint takes its parameters from a POST, too'),
    Row(
        'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported',
        'request_uri is answered with request_uri_not_supported',
    ),
    Row(
        'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported',
        'request is answered with request_not_supported',
    ),
    Row(
        'oidcc-ensure-request-object-with-redirect-uri',
        'A redirect URI within a request object is not passed over in silence: request is refused',
    ),
    Row('oidcc-refresh-token', 'A refresh token gives tokens again, with a fitting ID token, and to its client alone'),
    Row('oidcc-ensure-request-with-valid-pkce-succeeds', 'A request with PKCE succeeds'),
)

KEY_ROTATION = (
    Row('oidcc-server-rotate-keys', 'After a rotation the key set has a new key, and still the old one'),
)

MCP = (
    Row('authorization-server-metadata', 'The metadata lie where they should, and are valid'),
    Row('authorization-server-metadata-cimd', 'The metadata say that clients may come by a metadata document'),
    Row('authorization-code-grant', 'A client gets a code by PKCE, and an access token for it'),
)
