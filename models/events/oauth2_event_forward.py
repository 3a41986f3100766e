"""Events for other addons, or for a program that collects logs."""
import logging
from functools import partial

from odoo import SUPERUSER_ID, api, models

_logger = logging.getLogger(__name__)
_KEY = 'restapi_oauth2.events'


class OAuth2Event(models.Model):
    _inherit = 'oauth2.event'

    def _forward(self):
        """Forward these events: another addon does so by inheriting.

        It is called once for each transaction that recorded events, after its commit, in a transaction of its own, with
        superuser rights. Its errors are logged, and affect nothing else. A request waits for it: put slow work into a
        queue.
        """

    @api.model
    def _forward_after_commit(self, number):
        """Forward an event of this transaction after the commit, if it still exists then."""
        if type(self)._forward is OAuth2Event._forward:
            return  # nobody inherits it
        postcommit = self.env.cr.postcommit
        if _KEY not in postcommit.data:
            postcommit.data[_KEY] = []
            postcommit.add(partial(_forward, self.env.registry, postcommit.data[_KEY]))
        postcommit.data[_KEY].append(number)


def _forward(registry, numbers):
    try:
        with registry.cursor() as cursor:
            events = api.Environment(cursor, SUPERUSER_ID, {})['oauth2.event'].browse(sorted(numbers)).exists()
            if events:
                events._forward()
    except Exception:  # anything may fail in forwarding; the events are recorded already
        _logger.exception('OAuth2: events could not be forwarded')
