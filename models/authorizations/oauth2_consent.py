"""Consents: what users have allowed applications."""
import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...protocol import redirect_uri
from ...protocol import scope as scopes
from ...protocol.issuer import PATH

_logger = logging.getLogger(__name__)


class OAuth2Consent(models.Model):
    """Everything that one user has allowed one application so far.

    Codes and authorizations that rest on it are valid only while their epoch is the consent's
    (:mod:`..endings.oauth2_client_user`): withdrawing it deletes it, and another consent has another epoch.
    """
    _name = 'oauth2.consent'
    _inherit = 'oauth2.client.user'
    _description = 'OAuth2 Consent'
    _order = 'id desc'
    _allow_sudo_commands = False

    scope = fields.Char(required=True, readonly=True)
    # `scope` and `redirect_hosts` are for people. This pairs each scope with the resource and the host that were shown
    # with it: what was allowed for one of them is not allowed for another.
    covered = fields.Text(required=True, readonly=True)
    companies = fields.Char(
        'Numbers of companies',
        readonly=True,
        help='The numbers of the companies that it may see, with spaces between them. Empty: all that the '
        'user has; nothing was asked for that knows of companies.',
    )
    company_ids = fields.Many2many(
        'res.company', string='Companies', compute='_compute_company_ids', compute_sudo=True)
    redirect_hosts = fields.Char('Sent to', required=True, readonly=True, help='With spaces between them.')
    application = fields.Char('Application (name)', compute='_compute_application', compute_sudo=True)
    publisher = fields.Char(related='client_id.publisher', related_sudo=True)
    description = fields.Text('May', compute='_compute_description', compute_sudo=True)
    refreshed_at = fields.Datetime('Last used', compute='_compute_refreshed_at', compute_sudo=True)

    _user_client_unique = models.UniqueIndex(
        '(user_id, client_id)', 'There is one consent of a user to an application.')

    def init(self):
        self.env.cr.execute(SQL(
            """ ALTER TABLE oauth2_consent
            ADD COLUMN IF NOT EXISTS epoch uuid DEFAULT gen_random_uuid() CHECK (epoch IS NOT NULL) """))

    @api.depends('client_id', 'user_id')
    def _compute_display_name(self):
        for consent in self:
            consent.display_name = consent.application

    @api.depends('client_id')
    @api.depends_context('lang')
    def _compute_application(self):
        for consent in self:
            consent.application = consent.client_id._known_as()

    @api.depends('scope')
    @api.depends_context('lang')
    def _compute_description(self):
        for consent in self:
            consent.description = '\n'.join(self.env['oauth2.scope']._sentences(consent.scope or ''))

    @api.depends('companies')
    def _compute_company_ids(self):
        for consent in self:
            consent.company_ids = self.env['res.company'].browse(numbers(consent.companies)).exists()

    @api.depends('client_id', 'user_id')
    def _compute_refreshed_at(self):
        latest = {
            (client, user): moment for client, user, moment in self.env['oauth2.authorization']._read_group(
                [('client_id', 'in', self.client_id.ids), ('user_id', 'in', self.user_id.ids),
                 ('is_direct', '=', False)], ['client_id', 'user_id'], ['rotated_at:max'])}
        uses = {(use.client_id, use.user_id): use for use in self.env['oauth2.use'].search(
            [('client_id', 'in', self.client_id.ids), ('user_id', 'in', self.user_id.ids),
             ('is_direct', '=', False)])}
        for consent in self:
            key = consent.client_id, consent.user_id
            use = uses.get(key)
            moments = [latest.get(key), use and use.used_at]
            consent.refreshed_at = max(filter(None, moments), default=False)

    @api.model
    def _covers(self, client, user_id, scope, audience, uri):
        """Whether the user need not be asked again.

        :param uri: the redirect URI of the answer.
        """
        if not client._may_be_remembered(uri):
            return False
        consent = self._of(client, user_id)
        return scopes.covers(consent.covered, _covered(scope, audience, uri)) and consent._knows_companies(scope)

    def _of(self, client, user_id):
        return self.search_fetch(
            [('user_id', '=', user_id), ('client_id', '=', client.id)], ['covered', 'companies', 'user_id'])

    def _knows_companies(self, scope):
        """Whether the user has chosen companies, if there was a choice, and still has one of them."""
        if not self.env['oauth2.scope']._of_odoo(scope):
            return True
        of_user = self.user_id._get_company_ids()
        return bool(set(of_user) & set(numbers(self.companies))) if self.companies else len(of_user) < 2

    @api.model
    def _companies_to_choose(self, client, user_id, scope):
        """The companies that a user may let a client see.

        :return: the companies, and those of them that are proposed: what the user chose before, or else the user's own
            company. Both are empty if the client only asks who the user is.
        """
        companies = self.env['res.company']
        if not self.env['oauth2.scope']._of_odoo(scope):
            return companies, companies
        user = self.env['res.users'].browse(user_id)
        of_user = companies.browse(user._get_company_ids())
        if len(of_user) < 2:
            return of_user, of_user
        chosen = of_user & companies.browse(numbers(self._of(client, user_id).companies))
        return of_user, chosen or (of_user & user.company_id)

    @api.model
    def _record(self, client, user_id, scope, audience, uri, company_ids=(), was_asked=True):
        """Add to what a user has allowed this client before.

        :param company_ids: the companies that the user has chosen; they replace earlier ones. Empty if there was no
            choice.
        :param was_asked: the user has agreed, not an administrator who trusts the client.
        """
        self.env.cr.execute(SQL(
            """ INSERT INTO oauth2_consent AS consent
                       (client_id, user_id, scope, covered, companies, redirect_hosts, create_date, write_date)
                VALUES (%(client)s, %(user)s, %(scope)s, %(covered)s, %(companies)s, %(host)s, %(now)s, %(now)s)
                    ON CONFLICT (user_id, client_id) DO UPDATE
                   SET scope = %(all_scopes)s, covered = %(all_covered)s, redirect_hosts = %(all_hosts)s,
                       companies = COALESCE(EXCLUDED.companies, consent.companies),
                       write_date = EXCLUDED.write_date
             RETURNING id, xmax = 0 """,
            client=client.id, user=user_id, scope=scope, covered=_covered(scope, audience, uri),
            companies=' '.join(map(str, sorted(company_ids))) or None, host=redirect_uri.host(uri),
            now=SQL("now() AT TIME ZONE 'UTC'"), all_scopes=_union('scope'), all_covered=_union('covered'),
            all_hosts=_union('redirect_hosts')), log_exceptions=False)
        consent_id, is_new = self.env.cr.fetchone()  # a row that existed is locked, and has an xmax
        self.invalidate_model()
        self.env['oauth2.event']._record(
            'consent_given' if was_asked else 'consent_presumed', client, user_id, detail=scope)
        if is_new:
            self.browse(consent_id)._try_to_tell_user(was_asked)

    def _try_to_tell_user(self, was_asked):
        """Tell the user. A notice that fails does not make the sign-in fail."""
        try:
            with self.env.cr.savepoint():
                self._tell_user(was_asked)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # Odoo runs the request again
        except Exception:  # anything may fail in making a mail
            _logger.exception('OAuth2: a user could not be told of an application')

    def _tell_user(self, was_asked):
        """Tell the user that an application has got access, and how to undo it: at once in an open web client; and, if
        Odoo's module `mail` is installed, by e-mail or in the inbox, as the user prefers.
        """
        self.ensure_one()
        user = self.sudo().user_id
        consent = self.with_context(lang=user.lang)
        subject = consent.env._('%s has access to your account', consent._known_as())
        if hasattr(user, '_bus_send'):
            why = (consent.env._('You have allowed it.') if was_asked
                   else consent.env._('An administrator of this server trusts it.'))
            how = consent.env._('To undo that: My Preferences, Security, Connected apps.')
            user._bus_send('simple_notification', {
                'type': 'info', 'sticky': True, 'title': subject, 'message': f'{why} {how}'})
        if hasattr(user, 'notification_type'):
            consent._send_notice(user, subject, was_asked)

    def _known_as(self):
        return self.sudo().client_id._known_as()

    def _send_notice(self, user, subject, was_asked):
        address = self.env['oauth2.configuration']._issuer() + PATH + '/connected-apps'
        user.partner_id.with_context(lang=user.lang, mail_notify_force_send=False).message_notify(
            partner_ids=user.partner_id.ids, author_id=self.env.ref('base.partner_root').id, subject=subject,
            body=Markup('<p>%s</p><p>%s</p><p><a href="%s">%s</a></p>') % (
                self.env._('You have allowed %s:', self._known_as()) if was_asked else
                self.env._('An administrator of this server trusts %s, and lets it:', self._known_as()),
                Markup('<br/>').join(self.description.splitlines()), address,
                self.env._('See and disconnect what is connected to your account')))

    def unlink(self):
        """Record the withdrawal, so that the user is asked again, even for a trusted application."""
        self.check_access('unlink')
        self.env['oauth2.withdrawal'].sudo()._record(SQL('oauth2_consent WHERE id = ANY(%s)', self.ids))
        return super().unlink()

    def action_withdraw(self):
        """Withdraw it: the application's tokens for this user stop working at once."""
        self.check_access('read')
        return self.sudo()._withdraw()

    def _withdraw(self):
        for consent in self:
            self.env['oauth2.event']._record('consent_withdrawn', consent.client_id, consent.user_id.id)
        self.unlink()
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}

    @api.autovacuum
    def _gc_consents(self):
        """Remove the consents of applications and users that are gone."""
        return self._remove_orphans()


def numbers(text):
    """The IDs in a text, separated by spaces."""
    return [int(word) for word in (text or '').split()]


def _covered(scope, audience, uri):
    """Each scope with its resource and host, as words. None of the three can hold a bar."""
    return ' '.join(f'{name}|{audience}|{redirect_uri.host(uri)}' for name in scope.split())


def _union(column):
    """The SQL of all words of a column, from the existing row and the one to be added."""
    return SQL(
        """ (SELECT string_agg(DISTINCT word, ' ' ORDER BY word)
               FROM unnest(string_to_array(consent.%(column)s || ' ' || EXCLUDED.%(column)s, ' ')) word) """,
        column=SQL.identifier(column))
