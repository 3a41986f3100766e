"""What the checks have found, and whether an administrator has accepted it."""
import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...protocol.visible import visible
from .oauth2_health import HIGH, LOW, MEDIUM


class OAuth2Finding(models.Model):
    """A row exists as long as its check finds it. Its text is made when it is read, in the reader's language."""
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
            finding.sentence = told and visible(told.sentence)
            finding.why = told and told.why
            finding.can_be_mended = hasattr(health, f'_mends_{finding.check_name}') and (
                bool(finding.client_id) or self.env.user._is_system())

    @api.depends('sentence')
    def _compute_display_name(self):
        for finding in self:
            finding.display_name = finding.sentence

    @api.model
    def _look(self):
        """Run all checks, and update the rows: what is no longer found is deleted, and what has changed is no longer
        accepted.
        """
        every, unknown = self.env['oauth2.health']._find()
        # Two may look at once: the second one runs again.
        self.env.cr.execute(SQL(
            """ WITH found AS (
                    SELECT * FROM unnest(%(checks)s::text[], %(clients)s::int[], %(items)s::text[], %(details)s::text[],
                                         %(severities)s::text[]) found (check_name, client_id, item, detail, severity)
                ), gone AS (
                    DELETE FROM oauth2_finding finding
                     WHERE check_name <> ALL(%(unknown)s::text[]) AND NOT EXISTS (
                           SELECT FROM found WHERE found.check_name = finding.check_name AND found.item = finding.item
                              AND found.client_id IS NOT DISTINCT FROM finding.client_id)
                )
                INSERT INTO oauth2_finding AS finding (
                            check_name, client_id, item, detail, severity, since, is_accepted)
                     SELECT check_name, client_id, item, detail, severity, now() AT TIME ZONE 'UTC', FALSE FROM found
                ON CONFLICT (check_name, COALESCE(client_id, 0), COALESCE(item, ''))
                  DO UPDATE SET detail = EXCLUDED.detail WHERE finding.detail IS DISTINCT FROM EXCLUDED.detail """,
            unknown=list(unknown), **self._found_columns(every)), log_exceptions=False)
        self.invalidate_model()

    @api.model
    def _found_columns(self, every):
        """The findings, as a list for each column, without duplicates."""
        health, clients = self.env['oauth2.health'], self.env['oauth2.client'].sudo()
        rows = {}
        for name, one in every:
            severity = health._tell(name, clients.browse(one.client_id), one.detail).severity
            item = hashlib.sha256(repr((one.item, severity)).encode()).hexdigest()
            rows[name, one.client_id, item] = one.detail, severity
        keys, values = list(rows), list(rows.values())
        return {
            **{column: [key[place] for key in keys] for place, column in enumerate(('checks', 'clients', 'items'))},
            **{column: [value[place] for value in values] for place, column in enumerate(('details', 'severities'))},
        }

    @api.model
    def action_open(self):
        """Run the checks, and show the findings."""
        self.check_access('read')
        self._look()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('restapi_oauth2.action_oauth2_finding'),
            'path': 'oauth2-health',  # the address of the server action, so that reloading runs the checks
        }

    def action_mend(self):
        """Do what mends it, with the rights of the user who presses the button."""
        self.ensure_one()
        self.check_access('read')
        mend = getattr(self.env['oauth2.health'], f'_mends_{self.check_name}', None)
        if mend is None:
            raise UserError(self.env._('Nothing can mend this but you.'))
        if not self.can_be_mended:
            raise AccessError(self.env._('This concerns the whole server: only an administrator of Odoo can fix it.'))
        return mend(self.client_id) or self.action_open()

    def action_accept(self):
        """The form for entering a reason."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._('Accept'),
            'res_model': self._name,
            'res_id': self.id,
            'views': [(False, 'form')],
            'target': 'new',
        }

    def action_open_client(self):
        """Open the form where it can be mended: the application, or the settings."""
        self.ensure_one()
        if self.client_id:
            return self.client_id._page()
        return self.env['ir.actions.act_window']._for_xml_id('base_setup.action_general_configuration')

    def write(self, vals):
        """An administrator may only accept a finding."""
        if vals.keys() - {'acceptance'} and not self.env.su:
            raise AccessError(self.env._('A finding is accepted or not; what it says is the work of its check.'))
        if 'acceptance' in vals:
            vals = {**vals, 'acceptance': visible(str(vals['acceptance'] or '')).strip()}
        former = {finding: finding.acceptance or '' for finding in self}
        result = super().write(vals)
        for finding, before in former.items():
            if (finding.acceptance or '') != before:
                self.env['oauth2.event']._record(
                    'finding_accepted', finding.client_id, detail=finding.sentence, old_value=before,
                    new_value=finding.acceptance)
        return result
