"""Tests that begin with an old version of the addon and end with the present one, in the same database."""
import functools
import tempfile
from concurrent.futures import ThreadPoolExecutor

from administrator import Administrator
from client import CONNECTION, SystemCase
from old_version import unpack

from development import databases, odoo_program, paths, server


def across_the_update(story):
    """Make a test of a generator: what stands before its `yield` is done at the old server, the rest at the new one."""
    @functools.wraps(story)
    def test(self):
        for _pause in self.stories[story.__name__]:
            self.fail('a test goes across one update')
    test.story = story
    return test


class UpdateCase(SystemCase):
    """A database of the old `version`, updated once for all tests of the class.

    :cvar together: classes that are prepared at the same time: each has a database, servers and an address of its own.
    :cvar ready: the results of that.
    """

    version = None
    together = ()
    two_at_once = ThreadPoolExecutor(2)  # kept: a server ends with the thread that has started it
    ready = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls in cls.together and not cls.ready:
            cls.ready.update({each: cls.two_at_once.submit(each.get_ready) for each in cls.together})
        if cls in cls.ready:
            cls.ready[cls].result()
        else:
            cls.get_ready()

    @classmethod
    def get_ready(cls):
        """Do at the old server what tests begin with, update, and have the new server."""
        old = cls.enter(tempfile.TemporaryDirectory())
        unpack(cls.version, old)
        cls.database = cls.enter(databases.scratch(CONNECTION))
        databases.make(CONNECTION, cls.database)
        log = f'update-{cls.version}'
        odoo_program.install(CONNECTION, cls.database, paths.ADDON, log=f'{log}-install', addons=[old])
        # The address stays, as it does for those who update.
        port = server.free_port()
        server.set_address(CONNECTION, cls.database, port)
        with server.started(CONNECTION, cls.database, port, log=f'{log}-old-server', addons=[old]) as running:
            cls.url = running.url
            cls.administrator = Administrator(cls.url, cls.database)
            cls.stories = {name: cls.begun(name) for name in dir(cls) if hasattr(getattr(cls, name), 'story')}
        cls.update_log = odoo_program.install(
            CONNECTION, cls.database, paths.ADDON, log=f'{log}-update', update=True)
        cls.enter(server.started(CONNECTION, cls.database, port, log=f'{log}-new-server'))

    @classmethod
    def enter(cls, context):
        """What a context gives, until the tests of the class have run."""
        value = context.__enter__()
        cls.addClassCleanup(context.__exit__, None, None, None)
        return value

    @classmethod
    def begun(cls, name):
        """A test whose first part has run, at the old server."""
        story = getattr(cls, name).story(cls(name))
        next(story)
        return story
