"""Takes over applications of the module whose interface this addon implements, if its tables are in the database."""
import psycopg2

from odoo import Command, api, fields, models
from odoo.addons.base.models.res_users import check_identity
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...protocol.client_metadata import is_link
from ...protocol.redirect_uri import LIMIT

# The tables, and the columns without which they are not what is looked for.
_TABLES = {
    'auth_auth': {'consumer_key', 'consumer_secret', 'user_id', 'name'},
    'redirect_uri': {'auth_id', 'url'},
}
_OPTIONAL = {'active': True, 'organization_name': None, 'organization_website': None, 'privacy_policy_url': None,
             'terms_service_url': None}


class OAuth2Takeover(models.TransientModel):
    """Applications keep their keys, secrets, users and addresses, so they need no change. The old tables are read, but
    not changed.
    """
    _name = 'oauth2.takeover'
    _description = 'Take Over OAuth2 Applications'

    found = fields.Text(compute='_compute_found')

    @api.model
    def _is_possible(self):
        """Whether the tables are there."""
        return self._columns('auth_auth') >= _TABLES['auth_auth']

    def _compute_found(self):
        self._check()
        self.found = '\n'.join(row['name'] for row in self._rows())

    @api.model
    def _columns(self, table):
        self.env.cr.execute(SQL(
            """ SELECT column_name FROM information_schema.columns
                 WHERE table_schema = current_schema AND table_name = %s """, table))
        return {name for name, in self.env.cr.fetchall()}

    @api.model
    def _check(self):
        if not self.env.user._is_system():
            raise AccessError(self.env._('Only an administrator of Odoo may take applications over.'))

    @api.model
    def _rows(self):
        """The applications that are not here yet: dictionaries, with their addresses in `uris`."""
        if not self._is_possible():
            return []
        there = self._columns('auth_auth')
        optional = SQL(', ').join(SQL('auth.%s', SQL.identifier(name)) if name in there
                                  else SQL('%s AS %s', default, SQL.identifier(name))
                                  for name, default in _OPTIONAL.items())
        uris = SQL("ARRAY(SELECT trim(url) FROM redirect_uri WHERE auth_id = auth.id AND trim(url) <> '')") if (
            self._columns('redirect_uri') >= _TABLES['redirect_uri']) else SQL("ARRAY[]::text[]")
        self.env.cr.execute(SQL(
            """ SELECT left(coalesce(nullif(trim(auth.name), ''), consumer_key), 200) AS name, consumer_key,
                       consumer_secret, res_users.id AS user_id, %s, %s AS uris,
                       count(*) OVER (PARTITION BY consumer_key) > 1 AS is_ambiguous
                  FROM auth_auth auth LEFT JOIN res_users ON res_users.id = auth.user_id AND res_users.active
                 WHERE consumer_key <> '' AND consumer_secret <> ''
                   AND NOT EXISTS (SELECT FROM oauth2_client WHERE client_id = consumer_key)
              ORDER BY auth.id """, optional, uris), log_exceptions=False)
        return self.env.cr.dictfetchall()

    @check_identity
    def action_take_over(self):
        """Take over the applications. Those that cannot be taken over are reported, and do not stop the others.

        :raises AccessError: for anybody but an administrator of Odoo.
        :raises UserError: nothing could be taken over.
        """
        self._check()
        clients, left = self.env['oauth2.client'], []
        for row in self._rows():
            try:
                with self.env.cr.savepoint():
                    clients |= self._take_over(row)
            except (UserError, psycopg2.IntegrityError) as error:
                left.append(f"{row['name']}: {self.env['oauth2.client']._sql_error_to_message(error)}" if isinstance(
                    error, psycopg2.Error) else f"{row['name']}: {error}")
        if not clients:
            raise UserError('\n'.join(left) or self.env._('All applications are here already.'))
        page = {
            **self.env['ir.actions.act_window']._for_xml_id('restapi_oauth2.action_oauth2_client'),
            'domain': [('id', 'in', clients.ids)],
            'context': {'active_test': False},
        }
        return page if not left else {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {'type': 'warning', 'sticky': True, 'title': self.env._('These were left out:'),
                       'message': '\n'.join(left), 'next': page}}

    def _take_over(self, row):
        if row['is_ambiguous']:
            raise UserError(self.env._('Another application of that module has the same consumer key.'))
        if not row['user_id']:
            raise UserError(self.env._('Its user is missing or archived.'))
        clients = self.env['oauth2.client']
        addresses = self.env['oauth2.redirect.uri']
        uris = list(dict.fromkeys(row['uris']))
        refused = {uri: problem for uri in uris if (problem := addresses._problem_of(uri))}
        links = {'client_uri': row['organization_website'], 'policy_uri': row['privacy_policy_url'],
                 'tos_uri': row['terms_service_url']}
        client = clients.sudo()._brought_along(row['consumer_key'], {
            'name': row['name'],
            'active': bool(row['active']),
            'user_id': row['user_id'],
            'has_direct_authorization': True,
            'publisher': row['organization_name'],
            'redirect_uri_ids': [Command.create({'uri': uri}) for uri in uris if uri not in refused],
            'notes': '\n'.join(self.env._('This redirect URI was not taken over: %(uri)s. %(problem)s',
                                          uri=uri, problem=problem) for uri, problem in refused.items()),
            **{name: uri for name, uri in links.items() if uri and is_link(uri, LIMIT)},
        })
        self.env['oauth2.client.secret'].sudo()._bring_along(client, row['consumer_secret'])
        return client.sudo(False)
