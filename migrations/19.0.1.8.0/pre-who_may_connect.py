"""The users who may connect unregistered applications: internal users, if an administrator allows such applications.

The ORM would compute again for each user whether they are a portal user, and so write all users. To applications, all
users would have changed (`updated_at`).
"""
NAME = 'May connect applications that nobody registered'


def migrate(cr, _version):
    """Make the group like the data file, which skips what exists."""
    cr.execute("SELECT FROM ir_model_data WHERE module = 'restapi_oauth2' AND name = 'group_oauth2_unregistered'")
    if cr.rowcount:
        return
    cr.execute(
        """ WITH made AS (INSERT INTO res_groups (name, share) VALUES (jsonb_build_object('en_US', %s::text), FALSE)
                            RETURNING id),
                 named AS (INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
                           SELECT 'restapi_oauth2', 'group_oauth2_unregistered', 'res.groups', id, TRUE FROM made)
            INSERT INTO res_groups_implied_rel (gid, hid)
            SELECT internal.res_id, made.id FROM made, ir_model_data internal
             WHERE internal.module = 'base' AND internal.name = 'group_user' """, [NAME])
