"""The metadata of this server (RFC 8414, OpenID Connect Discovery 1.0)."""
from odoo import api, models

from ...protocol import authorization_request, issuer, pkce
from ...protocol.errors import NotFound
from ...protocol.key_set import ALGORITHMS

CLAIMS = (
    'iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'sid', 'at_hash',
    'name', 'given_name', 'family_name', 'preferred_username', 'picture', 'website', 'zoneinfo', 'locale', 'updated_at',
    'email', 'email_verified', 'phone_number', 'address', 'groups',
)
_METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt']  # of clients that can keep a secret


class OAuth2MetadataEndpoint(models.AbstractModel):
    """The current state: features that are switched off are not listed."""
    _name = 'oauth2.metadata.endpoint'
    _description = 'OAuth2 Metadata Endpoint'

    @api.model
    def _answer(self, path, base, is_openid=False):
        """The metadata of an issuer.

        :param path: the issuer's path in the requested address: with its slash, or empty.
        :param base: the path below which the protocol's endpoints lie.
        :param is_openid: the metadata of an OpenID provider were requested.
        :return: names to JSON values (RFC 8414 §2).
        :raises NotFound: that is not this issuer's path (RFC 8414 §3.1), or OpenID Connect is switched off.
        """
        configuration = self.env['oauth2.configuration']
        # A proxy may have removed the issuer's path, so an empty path is right, too.
        if path not in ('', issuer.path(configuration._issuer())):
            raise NotFound('there is no such issuer here')
        openid_connect = configuration._allows('openid_connect')
        if is_openid and not openid_connect:
            raise NotFound('this server is no OpenID provider')
        endpoints = configuration._issuer() + base
        return {
            **self._of_authorization_server(endpoints),
            **(self._of_introspection(endpoints) if configuration._allows('introspection') else {}),
            **(self._of_openid_provider(endpoints) if openid_connect else {}),
        }

    @api.model
    def _of_authorization_server(self, endpoints):
        configuration = self.env['oauth2.configuration']
        methods = [*_METHODS, *(['none'] if configuration._allows('public_clients') else [])]
        return {
            'issuer': configuration._issuer(),
            'authorization_endpoint': f'{endpoints}/authorize',
            'token_endpoint': f'{endpoints}/access_token',
            'device_authorization_endpoint': f'{endpoints}/device_authorization',  # RFC 8628 §4
            'revocation_endpoint': f'{endpoints}/revoke',
            'jwks_uri': f'{endpoints}/jwks',
            'scopes_supported': self.env['oauth2.scope']._names(),
            'response_types_supported': list(authorization_request.RESPONSE_TYPES),
            'response_modes_supported': list(authorization_request.RESPONSE_MODES),
            'grant_types_supported': self.env['oauth2.grant']._offered(),
            **_authentication('token', methods),
            **_authentication('revocation', methods),
            'code_challenge_methods_supported': [pkce.METHOD],
            'authorization_response_iss_parameter_supported': True,  # RFC 9207 §3
            'client_id_metadata_document_supported': configuration._client_documents() is not None,
        }

    @api.model
    def _of_introspection(self, endpoints):
        return {
            'introspection_endpoint': f'{endpoints}/introspect',
            **_authentication('introspection', _METHODS),
        }

    @api.model
    def _of_openid_provider(self, endpoints):
        algorithms = self.env['oauth2.signing.key']._public_algorithms()
        return {
            'userinfo_endpoint': f'{endpoints}/userinfo',
            'end_session_endpoint': f'{endpoints}/logout',
            'subject_types_supported': ['public'],
            'id_token_signing_alg_values_supported': algorithms,
            'userinfo_signing_alg_values_supported': algorithms,
            'claims_supported': list(CLAIMS),
            'prompt_values_supported': list(authorization_request.PROMPTS),
            'claims_parameter_supported': False,
            'request_parameter_supported': False,
            'request_uri_parameter_supported': False,  # Discovery §3: the default is true
        }


def _authentication(endpoint, methods):
    """How clients may authenticate there (RFC 8414 §2)."""
    return {f'{endpoint}_endpoint_auth_methods_supported': methods,
            f'{endpoint}_endpoint_auth_signing_alg_values_supported': list(ALGORITHMS)}
