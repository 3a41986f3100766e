"""The menu is now an application of its own: Settings shows the same as without this addon."""
from odoo import SUPERUSER_ID, Command, api


def migrate(cr, _version):
    """Remove the groups that the menus of Settings got for our menu."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    added = {
        'base.menu_administration': ('restapi_oauth2.group_oauth2_administrator',),
        'base.menu_users': ('base.group_erp_manager', 'base.group_system'),
    }
    for menu, groups in added.items():
        if found := env.ref(menu, raise_if_not_found=False):
            found.group_ids = [Command.unlink(env.ref(group).id) for group in groups]
