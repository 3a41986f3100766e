"""Changes that are worth a password: with a token that is narrower than its user, nobody takes over an account.

This guard is here and not at the door, because such changes also happen as a consequence: a sale that writes its
customer's address may write the one to which an administrator's password is sent.
"""
from odoo import api, models

from ..door.limit import acting
from ..door.refusals import Refusals

# Beside the proofs of a user (`_oauth2_proof_fields`): where a password is sent, who the user is, and the user's
# rights.
_WORTH_A_PASSWORD = {
    'active', 'email', 'new_password', 'partner_id', 'group_ids', 'role', 'api_key_ids', 'totp_enabled', 'company_ids'}
# No line opens these by naming them, not even for portal users.
_NEVER_BY_NAME = {'partner_id', 'group_ids', 'role', 'api_key_ids'}


class ResUsers(models.Model):
    _inherit = 'res.users'

    @api.model_create_multi
    def create(self, vals_list):
        self._oauth2_refuse('create')
        return super().create(vals_list)

    def copy_data(self, default=None):
        self._oauth2_refuse('create')
        return super().copy_data(default)

    def write(self, vals):
        self._oauth2_guard(vals)
        return super().write(vals)

    def unlink(self):
        self._oauth2_refuse('unlink')
        return super().unlink()

    def _oauth2_guard(self, names):
        """Refuse changes that are worth a password while a token acts that is narrower than its user.

        A line that names the field suffices for users who have no more than portal rights.

        :param names: of the fields of users that will be written.
        :raises AccessError: see above.
        """
        limit = acting()
        if limit is None or not self:
            return
        worth = set(names) & (_WORTH_A_PASSWORD | self._oauth2_proof_fields())
        named = {name for name in worth - _NEVER_BY_NAME
                 if any(line.names(name) for line in limit.opening.lines('res.users', 'write'))}
        if worth - named or (named and not all(user.sudo().share for user in self)):
            self._oauth2_refuse('write', min(worth - named, default=min(worth)))

    @api.model
    def _oauth2_refuse(self, operation, name=None, model_name='res.users'):
        """Raise the refusal, if such a token acts."""
        limit = acting()
        if limit is None:
            return
        message = self.env._('The access token may not %(operation)s the field "%(field)s" of users',
                             operation=operation, field=name) if name else self.env._(
            'The access token may not %(operation)s %(model)s', operation=operation, model=model_name)
        raise Refusals(self.env, limit).of_everything(message)
