"""Bearer tokens in HTTP (RFC 6750)."""
from __future__ import annotations

from .errors import InsufficientScope, NoToken, OAuthError


def challenge(error: OAuthError) -> str:
    """The value of `WWW-Authenticate` for a token that is missing, bad, or too narrow (RFC 6750 §3)."""
    if isinstance(error, NoToken):
        return 'Bearer realm="Odoo"'
    members = error.members()
    if isinstance(error, InsufficientScope):
        members['scope'] = error.scope
    return 'Bearer ' + ', '.join(f'{name}="{value}"' for name, value in members.items())
