"""Checks of the server: addresses, proxies, databases, settings, keys, clocks."""
from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.service.db import list_dbs
from odoo.tools import SQL, config

from ..keys.oauth2_signing_key import ACCESS_TOKEN
from .oauth2_health import HIGH, MEDIUM, Found, NotNow, Told

_DAY = timedelta(days=1)
# Clocks may differ by this much. With a greater difference, valid tokens are refused.
_SECONDS = 5


class OAuth2Health(models.AbstractModel):
    _inherit = 'oauth2.health'

    # ------------------------------------------------------------------
    # Addresses
    # ------------------------------------------------------------------

    @api.model
    def _finds_issuer_missing(self):
        if not self.env['oauth2.configuration'].sudo()._issuer_or_none():
            yield Found()

    @api.model
    def _tells_issuer_missing(self, _client, _detail):
        return Told(HIGH, self.env._('This database has no issuer.'), self.env._(
            'Nothing works without it: no application gets a token. It is the address at which applications reach this '
            'server; set or confirm it in the general settings. A copy of a database has none, so that it cannot make '
            'tokens in the name of the original.'))

    @api.model
    def _finds_issuer_without_https(self):
        issuer = self.env['oauth2.configuration'].sudo()._issuer_or_none()
        if issuer and urlsplit(issuer).scheme != 'https':
            yield Found(detail=issuer, item=issuer)

    @api.model
    def _tells_issuer_without_https(self, _client, detail):
        return Told(HIGH, self.env._('The issuer begins with http: %s', detail), self.env._(
            'Whoever is on the way reads codes, secrets and tokens. It is for trying things out on one machine. Put a '
            'proxy with a certificate before Odoo, and set the issuer to its address.'))

    @api.model
    def _finds_other_address(self):
        issuer = self.env['oauth2.configuration'].sudo()._issuer_or_none()
        address = self.env['ir.config_parameter'].sudo().get_param('web.base.url') or ''
        if issuer and urlsplit(issuer).netloc != urlsplit(address).netloc:
            yield Found(detail=address, item=(issuer, address))

    @api.model
    def _tells_other_address(self, _client, detail):
        return Told(MEDIUM, self.env._('The issuer is not the address at which administrators use Odoo: %s', detail),
                    self.env._('Where both lead here, all is well: accept it. Otherwise applications look for this '
                               'server at the wrong place.'))

    @api.model
    def _finds_proxy(self):
        seen = self.env['ir.http']._oauth2_came_by_proxy()
        if seen is None:
            raise NotNow
        if seen != bool(config['proxy_mode']):
            outcome = 'seen' if seen else 'unseen'
            yield Found(detail=outcome, item=outcome)

    @api.model
    def _tells_proxy(self, _client, detail):
        if detail == 'seen':
            return Told(MEDIUM, self.env._('Requests come through a proxy, but proxy_mode is off.'), self.env._(
                'Odoo takes the address of the proxy for that of the caller: events and limits cannot tell callers '
                'apart. Set proxy_mode = True in the configuration file, if the proxy replaces the X-Forwarded '
                'headers.'))
        return Told(HIGH, self.env._('proxy_mode is on, but this request came without a proxy.'), self.env._(
            'Whoever reaches Odoo without the proxy writes the X-Forwarded headers, and so the address that events '
            'show. Let Odoo listen to the proxy alone (http_interface), or switch proxy_mode off.'))

    @api.model
    def _finds_databases(self):
        if config['dbfilter'] or config['db_name']:
            return
        others = [name for name in list_dbs(True) if name != self.env.cr.dbname]
        if others:
            yield Found(detail=str(len(others)), item=sorted(others))

    @api.model
    def _tells_databases(self, _client, detail):
        return Told(MEDIUM, self.env._(
            'This server has %s other databases, and nothing says which one an address is for.', detail), self.env._(
            'Requests of applications name no database, so they do not find this one. Set dbfilter in the '
            'configuration file, so that each address leads to one database.'))

    # ------------------------------------------------------------------
    # Settings
    # ------------------------------------------------------------------

    @api.model
    def _finds_credentials_in_query(self):
        if self.env['oauth2.configuration'].sudo()._allows('credentials_in_query'):
            yield Found()

    @api.model
    def _tells_credentials_in_query(self, _client, _detail):
        return Told(HIGH, self.env._('Secrets are taken from the address of a request.'), self.env._(
            'Addresses stand in the logs of servers and proxies, and with them the secrets (RFC 9700 §2.4). Switch '
            'it off as soon as the last program that needs it is gone.'))

    @api.model
    def _mends_credentials_in_query(self, _client):
        self.env['ir.config_parameter'].set_param('restapi_oauth2.credentials_in_query', 'False')

    @api.model
    def _finds_fetch_networks(self):
        if named := self.env['oauth2.configuration']._parameter('fetch_networks'):
            yield Found(detail=named, item=named)

    @api.model
    def _tells_fetch_networks(self, _client, detail):
        return Told(HIGH, self.env._('This server fetches from networks that strangers do not reach: %s', detail),
                    self.env._(
            'Whoever may connect an application has it fetch from there what an application names (system parameter '
            'restapi_oauth2.fetch_networks). Delete it, unless applications of your own lie in an intranet.'))

    @api.model
    def _mends_fetch_networks(self, _client):
        self.env['ir.config_parameter'].search([('key', '=', 'restapi_oauth2.fetch_networks')]).unlink()

    @api.model
    def _finds_keys_overdue(self):
        lifetime = timedelta(seconds=self.env['oauth2.configuration']._key_lifetime())
        self.env.cr.execute(SQL(
            "SELECT max(activates_at) FROM oauth2_signing_key WHERE purpose = %s", ACCESS_TOKEN))
        [newest] = self.env.cr.fetchone()
        if newest and newest < fields.Datetime.now() - lifetime - 3 * _DAY:
            yield Found()

    @api.model
    def _tells_keys_overdue(self, _client, _detail):
        return Told(MEDIUM, self.env._('The signing keys are older than they should be.'), self.env._(
            'They are replaced by a scheduled action that runs once a day: it does not seem to run.'))

    @api.model
    def _mends_keys_overdue(self, _client):
        self.env['oauth2.signing.key'].sudo()._cron_rotate()

    @api.model
    def _finds_clocks(self):
        self.env.cr.execute("SELECT clock_timestamp() AT TIME ZONE 'UTC'")
        [of_database] = self.env.cr.fetchone()
        apart = abs((of_database - fields.Datetime.now()).total_seconds())
        if apart > _SECONDS:
            yield Found(detail=str(round(apart)), item=round(apart).bit_length())  # twice as much is a new finding

    @api.model
    def _tells_clocks(self, _client, detail):
        return Told(MEDIUM, self.env._(
            'The clocks of Odoo and of PostgreSQL are %s seconds apart.', detail), self.env._(
            'Tokens begin and end by these clocks. Let both machines ask a time server.'))
