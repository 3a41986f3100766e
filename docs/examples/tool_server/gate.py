"""Who is let in, and the challenges for those who are not (RFC 6750, RFC 9728)."""
import json

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from starlette.requests import Request
from starlette.responses import JSONResponse

LONGEST_BODY = 1024 * 1024


class Verifier:
    """Verifies tokens by asking Odoo at each request, so a revocation takes effect at once."""

    def __init__(self, odoo):
        self.odoo = odoo

    async def verify_token(self, token):
        """The values of a token for the SDK; None if the token is invalid."""
        claims = await self.odoo.introspect(token)
        return claims and AccessToken(
            token=token, client_id=claims['client_id'], scopes=claims['scope'].split(), expires_at=claims['exp'],
            resource=claims['aud'], subject=claims['sub'], claims=claims)


class Gate:
    """Checks each request before the SDK does, and refuses those that lack a token, or a scope.

    The SDK's own challenges name no scope, and when a tool is called it is too late to answer 403.

    :param path: the path of the tools.
    :param metadata: the address of the metadata of this API.
    :param scopes: those that every request needs, to begin with.
    :param of_tools: the scopes that each tool needs, all of them, by its name.
    """

    def __init__(self, app, path, metadata, scopes, of_tools):
        self.app, self.path, self.metadata, self.scopes, self.of_tools = app, path, metadata, scopes, of_tools

    async def __call__(self, scope, receive, send):
        if scope['type'] != 'http' or scope['path'] != self.path:
            return await self.app(scope, receive, send)
        user = scope.get('user')
        if not isinstance(user, AuthenticatedUser):
            sent_one = 'authorization' in Request(scope).headers
            return await self._refuse(401, 'invalid_token' if sent_one else None, self.scopes)(scope, receive, send)
        body = await self._body(receive)
        if body is None:
            return await JSONResponse({'error': 'invalid_request'}, 413)(scope, receive, send)
        if missing := [name for name in self._needed(body) if name not in user.scopes]:
            # A step-up names what the token has as well, or the assistant would lose that.
            return await self._refuse(403, 'insufficient_scope', [*user.scopes, *missing])(scope, receive, send)
        return await self.app(scope, _again(body, receive), send)

    async def _body(self, receive):
        body, more = b'', True
        while more:
            message = await receive()
            body += message.get('body', b'')
            more = message.get('more_body', False)
            if len(body) > LONGEST_BODY:
                return None
        return body

    def _needed(self, body):
        """The scopes that a request needs: for a call of a tool, those of the tool."""
        try:
            message = json.loads(body)
            tool = message['method'] == 'tools/call' and message['params']['name']
        except (ValueError, TypeError, KeyError):
            return self.scopes  # the SDK reports the error
        return self.of_tools.get(tool, self.scopes) if isinstance(tool, str) else self.scopes

    def _refuse(self, status, error, scopes):
        """A challenge, which names the scopes to ask for."""
        challenge = {'error': error, 'scope': ' '.join(scopes), 'resource_metadata': self.metadata}
        words = ', '.join(f'{name}="{value}"' for name, value in challenge.items() if value)
        return JSONResponse({'error': error or 'unauthorized'}, status, {'WWW-Authenticate': f'Bearer {words}'})


def _again(body, receive):
    """The body once more for the next application; then what follows it."""
    left = [{'type': 'http.request', 'body': body, 'more_body': False}]

    async def receive_again():
        return left.pop() if left else await receive()
    return receive_again
