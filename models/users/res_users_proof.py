"""What proves a user, and that its change ends the user's tokens and codes."""
from odoo import api, models
from odoo.tools import SQL


class ResUsers(models.Model):
    _inherit = 'res.users'

    @api.model
    def _oauth2_proof_fields(self):
        """The fields by which users prove who they are. A change of one of them ends the user's tokens.

        Addons that bring another way to sign in extend this. They name fields that are a column of `res_users`, or
        One2many fields (a record that is added or deleted is a change, whatever it holds). A value that each sign-in
        writes by itself, such as `oauth_access_token`, must not be named.

        :return: the names, as far as the fields exist in this database.
        """
        return {'login', 'password', 'totp_secret', 'auth_passkey_key_ids', 'oauth_provider_id', 'oauth_uid',
                } & self._fields.keys()

    def write(self, vals):
        """End the tokens of those whose proof changes by this, and of those who are archived.

        What is stored is compared: the same login, the same password or `active` written again is no change.
        """
        names = sorted((self._oauth2_proof_fields() | {'active'}) & vals.keys())
        if not names:
            return super().write(vals)
        written = dict(vals)
        before = self._oauth2_stored(names)
        result = super().write(vals)
        changed = self.browse([user_id for user_id, after in self._oauth2_stored(names).items() if any(
            not self._oauth2_is_same(name, before[user_id][name], after[name], written[name]) for name in names)])
        if changed:
            changed._oauth2_end('user')
        return result

    def _oauth2_stored(self, names):
        """What the database holds of these fields. The ORM shows neither hashes nor secrets.

        :return: for each user's ID a dictionary of values; those of One2many fields are lists of IDs.
        """
        if not self.ids:
            return {}
        self.flush_recordset(names)
        columns = SQL(', ').join(self._oauth2_stored_sql(self._fields[name]) for name in names)
        self.env.cr.execute(SQL('SELECT id, %s FROM res_users WHERE id = ANY(%s)', columns, self.ids))
        return {user_id: dict(zip(names, values, strict=True)) for user_id, *values in self.env.cr.fetchall()}

    @api.model
    def _oauth2_stored_sql(self, field):
        """The SQL of one field's value. `password` and `totp_secret` are columns that the ORM does not know as such."""
        if field.type != 'one2many':
            return SQL.identifier('res_users', field.name)
        lines = self.env[field.comodel_name]
        lines.flush_model([field.inverse_name])
        return SQL('ARRAY(SELECT line.id FROM %s line WHERE line.%s = res_users.id ORDER BY line.id)',
                   SQL.identifier(lines._table), SQL.identifier(field.inverse_name))

    @api.model
    def _oauth2_is_same(self, name, before, after, written):
        """Whether a stored value is what it was. The same password has another hash each time it is written.

        :param written: what was written.
        """
        if before == after:
            return True
        field = self._fields[name]
        if field.type == 'one2many':
            # Those that are deleted have ended the tokens by themselves (base_proof.py).
            return not self.env[field.comodel_name].browse(set(before) ^ set(after)).exists()
        if name != 'password' or not before:
            return False
        context = self._crypt_context()
        # Odoo hashes the text that the field makes of what is written.
        password = field.convert_to_cache(written, self)
        return bool(context.identify(before) and context.verify(password, before))

    def _set_empty_password(self):
        """The user has changed the password in the directory: `auth_ldap` deletes the one here, past `write`."""
        super()._set_empty_password()
        self._oauth2_end('user')

    # ------------------------------------------------------------------
    # Records that prove a user
    # ------------------------------------------------------------------

    @api.model
    def _oauth2_proven_by(self, records):
        """The users who prove who they are by these records, such as passkeys."""
        users = self.browse()
        for name in self._oauth2_proof_fields():
            field = self._fields[name]
            if field.type == 'one2many' and field.comodel_name == records._name:
                users |= records.exists().sudo()[field.inverse_name]
        return users
