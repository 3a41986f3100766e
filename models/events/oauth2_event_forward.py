"""Events for others: another addon, or a program that collects logs."""
import logging
from functools import partial

from odoo import SUPERUSER_ID, api, models

_logger = logging.getLogger(__name__)
_KEY = 'restapi_oauth2.events'


class OAuth2Event(models.Model):
    _inherit = 'oauth2.event'

    def _forward(self):
        """Hand these events on: another addon does so by inheriting.

        It is called once for each transaction that recorded something, after its commit, in a transaction of its own,
        with all rights. What it raises is logged, and nothing else fails by it. A request waits for it: hand what takes
        long to a queue.
        """

    @api.model
    def _forward_after_commit(self, number):
        """Have an event of this transaction forwarded, if it is still there after the commit."""
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
    except Exception:  # of whatever somebody forwards to. What was done is done, and recorded
        _logger.exception('OAuth2: events could not be forwarded')
