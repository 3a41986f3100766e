"""The base of grant types (RFC 6749 §1.3)."""
from typing import NoReturn

from odoo import api, models, tools

from ...protocol.errors import InvalidGrant, UnknownGrant, UnsupportedGrantType

_PREFIX = 'oauth2.grant.'


class OAuth2Grant(models.AbstractModel):
    """The base of grant types.

    A grant type is a model `oauth2.grant.<name>` that inherits from this one, and a field `grant_<name>` of
    `oauth2.client` that says which clients may use it. Nothing else refers to it. `_grant_type` is its name in
    requests: the same name, or an absolute URI (RFC 6749 §4.5).
    """
    _name = 'oauth2.grant'
    _description = 'OAuth2 Grant Type'

    _grant_type = None
    # The names of the parameters of its requests, beside those of client authentication.
    _parameters = frozenset()

    @api.model
    def _find(self, name):
        """The model of a grant type.

        :param name: as in requests.
        :raises UnsupportedGrantType: there is none of this name, or it is switched off.
        """
        for grant_type in self._all():
            if grant_type._grant_type == name and grant_type._is_offered():
                return grant_type
        raise UnsupportedGrantType('grant_type may be: %s' % ' '.join(self._offered()))

    @api.model
    def _offered(self):
        """The grant types that this server knows and that are switched on, by name."""
        return [grant_type._grant_type for grant_type in self._all() if grant_type._is_offered()]

    @api.model
    def _all(self):
        """The models of all grant types."""
        return [self.env[name] for name in self._names()]

    @api.model
    @tools.ormcache(cache='stable')
    def _names(self):
        return sorted(name for name in self.env.registry if name.startswith(_PREFIX))

    @api.model
    def _switch(self):
        """The field of `oauth2.client` that lets a client use this grant type."""
        return 'grant_' + self._name.removeprefix(_PREFIX)

    @api.model
    def _is_offered(self):
        """Whether this grant type is switched on."""
        return True

    @api.model
    def _redeem(self, client, parameters, address):
        """Turn what the client presents into an authorization.

        :param client: the `oauth2.client` that has authenticated, and may use this grant type.
        :return: the :class:`~..authorizations.oauth2_authorization_token.Issuance` from which tokens are made.
        :raises InvalidGrant: the grant is invalid, or another client's.
        """
        raise UnsupportedGrantType('grant_type may be: %s' % ' '.join(self._offered()))

    @api.model
    def _refuse(self, detail, error=InvalidGrant) -> NoReturn:
        """Raise the one error for every invalid grant; only the log and an auditor learn why."""
        raise error(
            'the %s is unknown, expired, already used, or not issued for this request' % self._presented, detail)

    @api.model
    def _refuse_guess(self, detail) -> NoReturn:
        """The same for a grant that this server never issued: a guess, which an auditor wants to know of."""
        self._refuse(detail, UnknownGrant)
