"""`./dev setup`: everything the other commands need. What is there already is left alone."""

from . import chromium, odoo_program, odoo_source, paths, postgres, stamps, virtual_environment
from .processes import say


def provide():
    """Get what is missing. The other commands call this too; it takes no time once all is there."""
    paths.STATE.mkdir(exist_ok=True)
    with stamps.alone(paths.STATE / 'setup.lock'):
        virtual_environment.provide()
        odoo_source.provide()
        chromium.provide()
        odoo_program.provide_addon()


def command(_arguments):
    """Get everything, and try whether the database server starts."""
    provide()
    with postgres.running():
        say(f'Ready: {odoo_source.identity()}. Try ./dev serve')
    return 0


def add_arguments(_parser):
    """This command has no options."""
