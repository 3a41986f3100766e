"""`./dev setup`: everything the other commands need. What is there already is left alone."""

from . import chromium, databases, node, odoo_program, odoo_source, paths, postgres, stamps, virtual_environment
from .processes import say


def provide():
    """Get what is missing. The other commands call this, too; it is quick if nothing is missing."""
    paths.STATE.mkdir(exist_ok=True)
    with stamps.alone(paths.STATE / 'setup.lock'):
        virtual_environment.provide()
        node.provide()
        odoo_source.provide()
        chromium.provide()
        odoo_program.provide_addon()


def command(_arguments):
    """Get everything, and prepare the database from which all others are copied."""
    provide()
    with postgres.running() as connection:
        databases.template(connection)
        say(f'Ready: {odoo_source.identity()}. Try ./dev serve')
    return 0


def add_arguments(_parser):
    """This command has no options."""
