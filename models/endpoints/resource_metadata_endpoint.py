"""The metadata of Odoo's API (RFC 9728): who issues tokens for it, and with which scopes."""
from urllib.parse import urlsplit

from odoo import api, models

from ...protocol import issuer
from ...protocol.errors import NotFound

WELL_KNOWN = '/.well-known/oauth-protected-resource'


class OAuth2ResourceMetadataEndpoint(models.AbstractModel):
    _name = 'oauth2.resource.metadata.endpoint'
    _description = 'OAuth2 Protected Resource Metadata Endpoint'

    @api.model
    def _answer(self, path):
        """The metadata of a protected resource.

        :param path: the resource's path in the requested address: with its slash, or empty.
        :return: names to JSON values (RFC 9728 §2).
        :raises NotFound: there is no such resource here (§3.1).
        """
        configuration = self.env['oauth2.configuration']
        of_issuer = issuer.path(configuration._issuer())
        for resource in configuration._resources():
            of_resource = urlsplit(resource).path
            # A proxy may have removed the issuer's path.
            if path in (of_resource, of_resource.removeprefix(of_issuer)):
                return {
                    'resource': resource,
                    'authorization_servers': [configuration._issuer()],
                    'scopes_supported': self.env['oauth2.scope']._narrow_names(),
                    'bearer_methods_supported': ['header'],
                    'resource_name': 'Odoo',
                }
        raise NotFound('there is no such resource here')

    @api.model
    def _address(self, path):
        """The address of the metadata of a resource; the resource's path comes last (RFC 9728 §3.1).

        :param path: the requested path below the resource.
        :return: the address, or None while no issuer is set: then there are no metadata.
        """
        if self.env['oauth2.configuration']._issuer_or_none() is None:
            return None
        *_others, resource = sorted(
            (resource for resource, place in self.env['oauth2.configuration']._resources().items()
             if path.startswith(place)), key=len)
        parts = urlsplit(resource)
        return f'{parts.scheme}://{parts.netloc}{WELL_KNOWN}{parts.path}'
