"""What the checks have found, and what an administrator has made of it."""
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .oauth2_health import HIGH, LOW, MEDIUM


class OAuth2Finding(models.Model):
    """A row stays as long as its check finds it. Its words are made when they are read, in the reader's language."""
    _name = 'oauth2.finding'
    _description = 'OAuth2 Finding'
    _order = 'is_accepted, severity, since, id'
    _allow_sudo_commands = False

    check_name = fields.Char('Check', required=True, readonly=True)
    client_id = fields.Many2one(
        'oauth2.client', 'Application', readonly=True, ondelete='cascade', index='btree_not_null')
    detail = fields.Char(readonly=True)
    item = fields.Char(readonly=True)
    severity = fields.Selection(
        [(HIGH, 'High'), (MEDIUM, 'Medium'), (LOW, 'Low')], required=True, readonly=True)
    since = fields.Datetime(required=True, readonly=True)
    acceptance = fields.Char(
        'Accepted because', help='Why it is right as it is here. It then stands at the end of the list.')
    is_accepted = fields.Boolean('Accepted', compute='_compute_is_accepted', store=True)
    sentence = fields.Char('Finding', compute='_compute_words')
    why = fields.Text('Why it matters', compute='_compute_words')
    can_be_mended = fields.Boolean(compute='_compute_words')

    _once = models.UniqueIndex(
        "(check_name, COALESCE(client_id, 0), COALESCE(item, ''))", 'A finding is listed once.')

    @api.depends('acceptance')
    def _compute_is_accepted(self):
        for finding in self:
            finding.is_accepted = bool((finding.acceptance or '').strip())

    @api.depends('check_name', 'client_id', 'detail')
    @api.depends_context('lang', 'uid')
    def _compute_words(self):
        health = self.env['oauth2.health']
        for finding in self:
            told = health._tell(finding.check_name, finding.client_id, finding.detail)
            finding.sentence = told and told.sentence
            finding.why = told and told.why
            finding.can_be_mended = hasattr(health, f'_mends_{finding.check_name}') and (
                bool(finding.client_id) or self.env.user._is_system())

    @api.depends('sentence')
    def _compute_display_name(self):
        for finding in self:
            finding.display_name = finding.sentence

    @api.model
    def _look(self):
        """Run all checks, and keep the rows in step: what is not found any more is gone."""
        health, clients = self.env['oauth2.health'], self.env['oauth2.client'].sudo()
        every, unknown = health._find()
        found = {(name, one.client_id or False, one.item): one for name, one in every}
        known = {(finding.check_name, finding.client_id.id, finding.item or ''): finding
                 for finding in self.sudo().search([('check_name', 'not in', list(unknown))])}
        for key, finding in known.items():
            if key not in found:
                finding.unlink()
            elif (finding.detail or '') != found[key].detail:
                finding.detail = found[key].detail
        for (name, client_id, item), one in found.items():
            if (name, client_id, item) not in known:
                severity = health._tell(name, clients.browse(client_id), one.detail).severity
                # Two may look at the same moment.
                self.env.cr.execute(SQL(
                    """ INSERT INTO oauth2_finding (check_name, client_id, item, detail, severity, since, is_accepted)
                             VALUES (%s, %s, %s, %s, %s, now() AT TIME ZONE 'UTC', FALSE)
                        ON CONFLICT DO NOTHING """,
                    name, client_id or None, item, one.detail, severity))

    @api.model
    def action_open(self):
        """Look, and show what was found."""
        self.check_access('read')
        self._look()
        return self.env['ir.actions.act_window']._for_xml_id('restapi_oauth2.action_oauth2_finding')

    def action_mend(self):
        """Do what mends it, with the rights of whoever presses the button."""
        self.ensure_one()
        mend = getattr(self.env['oauth2.health'], f'_mends_{self.check_name}', None)
        if mend is None:
            raise UserError(self.env._('Nothing can mend this but you.'))
        return mend(self.client_id) or self.action_open()

    def action_open_client(self):
        """Go to where it can be mended: the application, or the settings."""
        self.ensure_one()
        if self.client_id:
            return self.client_id._page()
        return self.env['ir.actions.act_window']._for_xml_id('base_setup.action_general_configuration')

    def write(self, vals):
        """An administrator accepts a finding, and no more."""
        if vals.keys() - {'acceptance'} and not self.env.su:
            raise AccessError(self.env._('A finding is accepted or not; what it says is the work of its check.'))
        former = {finding: finding.acceptance or '' for finding in self}
        result = super().write(vals)
        for finding, before in former.items():
            if (finding.acceptance or '') != before:
                self.env['oauth2.event']._record(
                    'finding_accepted', finding.client_id, detail=finding.sentence, old_value=before,
                    new_value=finding.acceptance)
        return result
