"""The proofs of users, whose change ends the users' tokens and codes."""
from odoo import api, models
from odoo.tools import SQL


class ResUsers(models.Model):
    _inherit = 'res.users'

    @api.model
    def _oauth2_proof_fields(self):
        """The fields by which users authenticate. Changing one of them ends the user's tokens.

        Addons with another way to sign in extend this. They name columns of `res_users`, or One2many fields (adding or
        deleting a record is a change, whatever it contains). A value that each sign-in writes, such as
        `oauth_access_token`, must not be named.

        :return: the names of those that exist in this database.
        """
        return {'login', 'password', 'totp_secret', 'auth_passkey_key_ids', 'oauth_provider_id', 'oauth_uid',
                } & self._fields.keys()

    def write(self, vals):
        """End the tokens of users whose proof changes, and of users who are archived.

        Stored values are compared: writing the same login, password or `active` again is no change.
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
        """The stored values of these fields. The ORM shows neither hashes nor secrets.

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
        """Whether a stored value is unchanged. The same password has another hash each time it is written.

        :param written: what was written.
        """
        if before == after:
            return True
        field = self._fields[name]
        if field.type == 'one2many':
            # Deleted ones have ended the tokens already (base_proof.py).
            return not self.env[field.comodel_name].browse(set(before) ^ set(after)).exists()
        if name != 'password' or not before:
            return False
        context = self._crypt_context()
        # Odoo hashes the text to which the field converts the value.
        password = field.convert_to_cache(written, self)
        return bool(context.identify(before) and context.verify(password, before))

    def _set_empty_password(self):
        """The user has changed the password in the directory: `auth_ldap` deletes the one here, without `write`."""
        super()._set_empty_password()
        self._oauth2_end('user')

    # ------------------------------------------------------------------
    # Records that prove a user
    # ------------------------------------------------------------------

    @api.model
    def _oauth2_proven_by(self, records):
        """The users who authenticate by these records, such as passkeys."""
        users = self.browse()
        for name in self._oauth2_proof_fields():
            field = self._fields[name]
            if field.type == 'one2many' and field.comodel_name == records._name:
                users |= records.exists().sudo()[field.inverse_name]
        return users
