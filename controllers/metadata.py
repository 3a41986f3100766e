"""Metadata and public keys for clients and resource servers."""
import json

from odoo.http import Controller, Response

from ..wire.answer import PATH, as_server, endpoint

_METHODS = ('GET',)


class MetadataController(Controller):

    @endpoint('jwks', methods=_METHODS, cors='*', readonly=True)
    def jwks(self):
        """The public keys (RFC 7517 §5), always as JSON. Clients may cache them for an hour."""
        return _cacheable(as_server()['oauth2.signing.key']._public_jwks(), seconds=3600)

    @endpoint('/.well-known/oauth-authorization-server',
              '/.well-known/oauth-authorization-server/<path:issuer_path>',
              methods=_METHODS, cors='*', readonly=True)
    def authorization_server(self, issuer_path=''):
        """Metadata (RFC 8414 §3.1): the issuer's path, if it has one, comes last."""
        return _metadata(issuer_path)

    @endpoint('/.well-known/openid-configuration',
              '/.well-known/openid-configuration/<path:issuer_path>',
              '/<path:issuer_path>/.well-known/openid-configuration',
              methods=_METHODS, cors='*', readonly=True)
    def openid_configuration(self, issuer_path=''):
        """The same for OpenID Connect: the issuer's path comes last, or first (Discovery §4)."""
        return _metadata(issuer_path, is_openid=True)

    @endpoint('/.well-known/oauth-protected-resource',
              '/.well-known/oauth-protected-resource/<path:resource_path>',
              methods=_METHODS, cors='*', readonly=True)
    def protected_resource(self, resource_path=''):
        """Metadata of the API itself (RFC 9728 §3.1): who issues tokens for it."""
        path = f'/{resource_path}' if resource_path else ''
        return _cacheable(as_server()['oauth2.resource.metadata.endpoint']._answer(path), seconds=300)


def _metadata(issuer_path, is_openid=False):
    path = f'/{issuer_path}' if issuer_path else ''
    return _cacheable(as_server()['oauth2.metadata.endpoint']._answer(path, PATH, is_openid), seconds=300)


def _cacheable(members, seconds):
    return Response(json.dumps(members), headers={
        'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': f'public, max-age={seconds}'})
