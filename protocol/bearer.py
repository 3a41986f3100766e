"""Bearer tokens in HTTP (RFC 6750)."""
from __future__ import annotations

from .errors import InsufficientScope, NoToken, OAuthError


def challenge(error: OAuthError, resource_metadata: str | None = None, scope: str | None = None) -> str:
    """The value of `WWW-Authenticate` for a token that is missing, bad, or too narrow (RFC 6750 §3).

    :param resource_metadata: the address of the API's metadata (RFC 9728 §5.1).
    :param scope: what a client without a valid token should ask for: enough to begin with, no more.
    """
    members = {'realm': 'Odoo'} if isinstance(error, NoToken) else error.members()
    if isinstance(error, InsufficientScope):
        scope = error.scope
    if scope:
        members['scope'] = scope
    if resource_metadata:
        members['resource_metadata'] = resource_metadata
    return 'Bearer ' + ', '.join(f'{name}="{value}"' for name, value in members.items())
