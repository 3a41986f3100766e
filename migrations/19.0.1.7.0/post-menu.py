"""The menu is an application of its own: Settings shows again what it shows without this addon."""
from odoo import SUPERUSER_ID, Command, api


def migrate(cr, _version):
    """Take the groups away that the menus of Settings had, for the sake of ours."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    ours = env.ref('restapi_oauth2.group_oauth2_administrator')
    env.ref('base.menu_administration').group_ids = [Command.unlink(ours.id)]
    env.ref('base.menu_users').group_ids = [
        Command.unlink(env.ref('base.group_erp_manager').id), Command.unlink(env.ref('base.group_system').id)]
