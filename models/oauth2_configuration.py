"""The settings of a database, and values that are fixed."""
from odoo import api, models, tools

from ..protocol.errors import InvalidTarget, IssuerNotSet
from ..protocol.resource import normalized

MINUTE = 60
DAY = 24 * 3600
# How long a page may stay open before it is answered.
LONGEST_THOUGHT = 30 * MINUTE

# The greatest values, so that keys need not be kept for ever, and typing errors are noticed.
LIMITS = {
    'access_token_lifetime': 24 * 60,  # minutes
    'refresh_token_idle_lifetime': 3650,  # days
    'authorization_lifetime': 3650,  # days
    'key_rotation_days': 3650,
    'event_days': 3650,
}
DEFAULTS = {
    'access_token_lifetime': 30,
    'refresh_token_idle_lifetime': 30,
    'authorization_lifetime': 180,
    'key_rotation_days': 90,
    'event_days': 365,
}
# Features that a new database has, and that an administrator may switch off.
SWITCHES = ('openid_connect', 'introspection', 'client_credentials', 'public_clients')
VACUUM_BATCH = 10_000
ALGORITHMS = ('RS256', 'ES256', 'EdDSA')


class OAuth2Configuration(models.AbstractModel):
    """One method for each value that the server works with; another addon changes it by inheriting.

    Durations are in seconds.
    """
    _name = 'oauth2.configuration'
    _description = 'OAuth2 Configuration'

    CODE_LIFETIME = 60
    DEVICE_CODE_LIFETIME = 10 * MINUTE
    DEVICE_POLLING_INTERVAL = 5
    REFRESH_TOKEN_GRACE = 30
    KEY_ANNOUNCEMENT = 2 * 3600  # twice as long as clients may cache /jwks

    @api.model
    def _parameter(self, name):
        """A system parameter of this addon; None where it is not set."""
        return self._parameters().get('restapi_oauth2.' + name)

    @api.model
    @tools.ormcache(cache='stable')  # which Odoo clears when a system parameter changes
    def _parameters(self):
        """The system parameters of this addon, and the UUID of the database: names to values."""
        parameters = self.env['ir.config_parameter'].sudo().search_fetch(
            ['|', ('key', '=like', 'restapi\\_oauth2.%'), ('key', '=', 'database.uuid')], ['key', 'value'])
        return {parameter.key: parameter.value for parameter in parameters}

    @api.model
    def _number(self, name):
        """A parameter of :data:`DEFAULTS`; its default if it is not set, or not to a possible value."""
        text = self._parameter(name) or ''
        return int(text) if text.isdecimal() and 0 < int(text) <= LIMITS[name] else DEFAULTS[name]

    @api.model
    def _allows(self, switch):
        """Whether something is switched on: one of :data:`SWITCHES`, `pkce_required`, or `credentials_in_query`."""
        return self._parameter(switch) in ('True', 'true', '1')

    # ------------------------------------------------------------------
    # Addresses
    # ------------------------------------------------------------------

    @api.model
    def _issuer(self):
        """The issuer identifier (RFC 8414 §2): the public address of this database, without a slash at its end.

        It is a setting of its own: the caller chooses the `Host` header, and `web.base.url` follows the address at
        which an administrator last signed in.

        :raises IssuerNotSet: it is not set for this database.
        """
        issuer = self._issuer_or_none()
        if not issuer:
            raise IssuerNotSet
        return issuer

    @api.model
    def _issuer_or_none(self):
        """The issuer that was set for this database, or None.

        A copy of a database gets another UUID from Odoo, so the original's issuer does not count there.
        """
        parameters = self._parameters()
        if parameters.get('restapi_oauth2.issuer_database') != parameters.get('database.uuid'):
            return None
        return parameters.get('restapi_oauth2.issuer') or None

    @api.model
    def _confirm_issuer(self, issuer):
        """Store that this database, and no copy of it, is at an address.

        :param issuer: a valid issuer (:func:`~..protocol.issuer.problem`).
        """
        parameters = self.env['ir.config_parameter'].sudo()
        parameters.set_param('restapi_oauth2.issuer', issuer)
        parameters.set_param('restapi_oauth2.issuer_database', parameters.get_param('database.uuid'))
        # Without a request, as in Odoo's shell, nothing else informs running servers.
        if self.env.registry.ready:
            self.env.cr.postcommit.add(self.env.registry.signal_changes)

    @api.model
    def _resources(self):
        """The resources of this server that a token can be for (RFC 8707 §2): first all of it, then one API of it.

        :return: the resources, each with the path below which it lies. APIs outside Odoo are `oauth2.resource`.
        """
        issuer = self._issuer()
        return {issuer: '/', issuer + '/json/2': '/json/2/'}

    @api.model
    def _resource(self, parameters, *names):
        """The resource that a request names, in this server's spelling; None if it names none.

        :param names: of the parameters that name it; by default, `resource`.
        :raises InvalidTarget: it names two (RFC 8707 §2): a token has one audience.
        """
        named = {normalized(uri) for name in names or ('resource',) for uri in parameters.get(name, '').split()}
        if len(named) > 1:
            raise InvalidTarget('one resource in a request')
        return named.pop() if named else None

    @api.model
    def _target(self, asked):
        """The audience of a request that names a resource (:meth:`_resource`), or None.

        :raises InvalidTarget: there is no such resource. The error does not list the APIs outside Odoo.
        """
        if asked is not None and not self._is_audience(asked):
            raise InvalidTarget('resource may be: %s' % ' or '.join(self._resources()))
        return asked or self._issuer()

    @api.model
    def _is_audience(self, uri):
        """Whether tokens can be for an address: one of this server, or an API elsewhere."""
        return uri in self._resources() or uri in self.env['oauth2.resource']._by_uri()

    @api.model
    def _audience(self, granted, asked):
        """The audience of an access token (RFC 9068 §3).

        :param granted: the resource that was granted; None if the client did not ask for one. That means this server:
            an API outside Odoo has other scopes, so the client must name it with them.
        :param asked: the resource that this request names, or None.
        :raises InvalidTarget: there is no such resource, or another was granted (RFC 8707 §2.2).
        """
        audience = self._target(asked or granted)
        if audience != granted and (granted is not None or audience not in self._resources()):
            raise InvalidTarget('resource may be: %s' % (granted or ' or '.join(self._resources())))
        return audience

    @api.model
    def _program_schemes(self):
        """The schemes of programs that an administrator has added."""
        return frozenset((self._parameter('program_schemes') or '').split())

    # ------------------------------------------------------------------
    # Lifetimes
    # ------------------------------------------------------------------

    @api.model
    def _access_token_lifetime(self, client, audience=None):
        """The client's lifetime in seconds; the API's, if that is shorter.

        :param audience: of the token; None for this server.
        """
        of_client = client.access_token_lifetime or self._number('access_token_lifetime')
        of_api = audience and self.env['oauth2.resource']._of(audience).access_token_lifetime
        return MINUTE * min(of_client, of_api or of_client)

    @api.model
    def _refresh_token_idle_lifetime(self, client):
        return DAY * (client.refresh_token_idle_lifetime or self._number('refresh_token_idle_lifetime'))

    @api.model
    def _authorization_lifetime(self, client):
        return DAY * (client.authorization_lifetime or self._number('authorization_lifetime'))

    @api.model
    def _key_lifetime(self):
        """How long a key signs before it is replaced."""
        return DAY * self._number('key_rotation_days')

    @api.model
    def _signing_algorithm(self):
        """The algorithm of the next key (RFC 7518 §3.1, RFC 8037 §3.1)."""
        algorithm = self._parameter('signing_algorithm')
        return algorithm if algorithm in ALGORITHMS else ALGORITHMS[0]

    # ------------------------------------------------------------------
    # Installation
    # ------------------------------------------------------------------

    @api.model
    def _initialize(self):
        """Called once, at installation: set up what a new server needs before its first request."""
        parameters = self.env['ir.config_parameter'].sudo()
        self._confirm_issuer(self._parameter('issuer') or parameters.get_param('web.base.url').rstrip('/'))
        for switch in SWITCHES:
            parameters.set_param('restapi_oauth2.' + switch, 'True')
        self.env['oauth2.subject']._name_all()
        self.env['oauth2.signing.key']._ensure()
