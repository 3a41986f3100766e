"""Who may give which rights to an application."""
from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

from .oauth2_client_secret import random_token


class OAuth2Client(models.Model):
    """Stored values are compared before and after a change: they also come from defaults, imports and commands."""
    _inherit = 'oauth2.client'

    @api.model_create_multi
    def create(self, vals_list):
        """Only an administrator of Odoo may let an application act for another user.

        Nobody chooses the ID of an application: it could be that of a deleted one, which others still trust.
        """
        if not self.env.su:
            vals_list = [{**vals, 'client_id': random_token()} for vals in vals_list]
        clients = super().create(vals_list)
        clients._check_may_act_for(clients.user_id)
        return clients

    @api.model
    def _brought_along(self, client_id, vals):
        """Make a client with the ID that it had at another provider. The caller must have superuser rights.

        :raises ValidationError: the ID is the `sub` of a user.
        """
        if self.env['oauth2.subject'].sudo().search_count([('name', '=', client_id)], limit=1):
            raise ValidationError(self.env._('A user is called %s in tokens: choose another client ID.', client_id))
        return self.create({**vals, 'client_id': client_id})

    def write(self, vals):
        """The same; and nobody else may give more rights to an application that acts for another user."""
        former = {client: (client.client_id, client._power()) for client in self}
        result = super().write(vals)
        for client, (client_id, power) in former.items():
            if client.client_id != client_id:
                raise ValidationError(self.env._('The client ID of an application cannot be changed.'))
            if client._power() - power:
                client._check_may_act_for(client.user_id)
        return result

    def _power(self):
        """What decides how far an application can use the rights of its service user: a set, which grows when the
        application gets more.
        """
        switches = ('active', 'has_direct_authorization', *self._grant_fields())
        return {name for name in switches if self[name]}.union(self.user_id, self.scope_ids)

    @api.model
    def _check_may_act_for(self, users):
        """Let nobody use the rights of another user through an application.

        An OAuth2 administrator who is no administrator of Odoo may let an application act only for that administrator's
        own user, and gets no secret of one that acts for others.

        :raises AccessError: see above.
        """
        if not self.env.su and not self.env.user._is_system() and users - self.env.user:
            raise AccessError(self.env._(
                'Only an administrator of Odoo may let an application act for another user, or give more rights to '
                'one that does.'))
