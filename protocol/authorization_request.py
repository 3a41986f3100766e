"""What an authorization request asks for, apart from its client (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1)."""
from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from . import pkce
from .errors import (
    InvalidRequest,
    RegistrationNotSupported,
    RequestNotSupported,
    RequestURINotSupported,
    UnsupportedResponseType,
)

RESPONSE_TYPES = ('code',)  # RFC 9700 §2.1.2: the authorization endpoint issues no tokens
RESPONSE_MODES = ('query', 'form_post')
PROMPTS = ('none', 'login', 'consent', 'select_account')

_LONGEST_AGE = 10 ** 9  # seconds; some thirty years


class AuthorizationRequest(NamedTuple):
    """A request with well-formed parameters. Whether the client may have what it asks for is checked elsewhere.

    :ivar prompt: of :data:`PROMPTS`, each once.
    :ivar max_age: the most seconds since the user logged in; None for no limit.
    """
    code_challenge: str | None
    nonce: str | None
    prompt: tuple[str, ...]
    max_age: int | None
    login_hint: str | None
    id_token_hint: str | None


def read(parameters: Mapping[str, str]) -> AuthorizationRequest:
    """Read the parameters that do not depend on the client.

    :raises InvalidRequest: one is missing or malformed.
    :raises UnsupportedResponseType: the request asks for something other than a code.
    :raises RequestNotSupported: or one of the other errors in `_NOT_SUPPORTED`.
    """
    for name, error in _NOT_SUPPORTED.items():
        if name in parameters:
            raise error('%s is not supported; send the parameters themselves' % name)
    _check_response_type(parameters)
    return AuthorizationRequest(
        code_challenge=_code_challenge(parameters),
        nonce=parameters.get('nonce'),
        prompt=_prompt(parameters.get('prompt', '')),
        max_age=_max_age(parameters.get('max_age')),
        login_hint=parameters.get('login_hint'),
        id_token_hint=parameters.get('id_token_hint'),
    )


# OpenID Connect Core §6.1, §6.2, §7.2.1.
_NOT_SUPPORTED = {
    'request': RequestNotSupported,
    'request_uri': RequestURINotSupported,
    'registration': RegistrationNotSupported,
}


def response_mode(parameters: Mapping[str, str]) -> str:
    """How the answer is to be sent (OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode §2).

    Read it first: errors that are redirected are sent in this mode, too.

    :raises InvalidRequest: not one of :data:`RESPONSE_MODES`.
    """
    mode = parameters.get('response_mode', RESPONSE_MODES[0])
    if mode not in RESPONSE_MODES:
        raise InvalidRequest('response_mode must be query or form_post')
    return mode


def _check_response_type(parameters: Mapping[str, str]) -> None:
    if 'response_type' not in parameters:
        raise InvalidRequest('response_type is missing')
    if parameters['response_type'] not in RESPONSE_TYPES:
        raise UnsupportedResponseType('response_type must be code')


def _code_challenge(parameters: Mapping[str, str]) -> str | None:
    """The PKCE challenge (RFC 7636 §4.3), or None."""
    challenge, method = parameters.get('code_challenge'), parameters.get('code_challenge_method')
    if challenge is None and method is None:
        return None
    if method != pkce.METHOD:  # RFC 9700 §2.1.1: `plain`, also by default, protects nothing
        raise InvalidRequest('code_challenge_method must be S256')
    if challenge is None or not pkce.is_challenge(challenge):
        raise InvalidRequest('code_challenge must be 43 characters of base64url')
    return challenge


def _prompt(text: str) -> tuple[str, ...]:
    prompts = tuple(dict.fromkeys(text.split()))
    if set(prompts) - set(PROMPTS):
        raise InvalidRequest('prompt may be: %s' % ' '.join(PROMPTS))
    if 'none' in prompts and len(prompts) > 1:
        raise InvalidRequest('prompt=none excludes every other prompt')
    return prompts


def _max_age(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise InvalidRequest('max_age must be a number of seconds')
    return min(int(text), _LONGEST_AGE)
