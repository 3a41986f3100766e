"""Odoo's caches for methods (`ormcache`), which all requests of a process share.

A method that is cached may ask for rights while it works: which menus a user sees, say, or which fields of a document
are tracked. Worked out for a token, the result must not be given to a session, nor the other way round. Odoo has no
place to add to the keys of all caches, so the caches themselves are replaced, in databases that have this addon.
"""
from odoo import models
from odoo.tools.lru import LRU

from .limit import current

_get, _set, _has = LRU.__getitem__, LRU.__setitem__, LRU.__contains__


class CachePerLimit(LRU):
    """An :class:`LRU` whose entries are found only under the limit under which they were made, or without one."""

    __slots__ = ()

    # Without super(), as these are called some hundred times in a request.

    def __getitem__(self, key):
        limit = current()
        return _get(self, key if limit is None else (*key, limit.cache_key))

    def __setitem__(self, key, value):
        limit = current()
        _set(self, key if limit is None else (*key, limit.cache_key), value)

    def __contains__(self, key):
        limit = current()
        return _has(self, key if limit is None else (*key, limit.cache_key))

    def pop(self, key, /, *default):
        limit = current()
        return LRU.pop(self, key if limit is None else (*key, limit.cache_key), *default)


class OAuth2Configuration(models.AbstractModel):
    _inherit = 'oauth2.configuration'

    def _register_hook(self):
        """Replace the caches of a registry that has just been loaded."""
        super()._register_hook()
        caches = self.pool._Registry__caches
        for name, cache in caches.items():
            if not isinstance(cache, CachePerLimit):
                caches[name] = CachePerLimit(cache.count, cache.snapshot.items())
