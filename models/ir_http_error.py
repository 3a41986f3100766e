"""Answers to errors outside of our controllers."""
from werkzeug.exceptions import HTTPException

from odoo import models
from odoo.exceptions import UserError
from odoo.http import SessionExpiredException, request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..protocol.errors import InvalidRequest, NotFound, OAuthError, RequestTooLarge, TemporarilyUnavailable
from ..wire import cross_origin
from ..wire.answer import is_ours, refuse, wants_page


class IrHttp(models.AbstractModel):
    _inherit = 'ir.http'

    @classmethod
    def _handle_error(cls, exception):
        """Answer errors at our addresses in the format of the protocol, and refusals of a token anywhere with a
        challenge that names the required scope.
        """
        # Odoo handles a session that has to be renewed or confirmed: it has the pages for that.
        if is_ours(request.httprequest.path) and not isinstance(exception, SessionExpiredException):
            has_page = wants_page() and cls._oauth2_has_page()
            if has_page:
                request.env.cr.rollback()  # a page reads the database, which fails after an error
            return refuse(cls._oauth2_error(exception), has_page)
        response = super()._handle_error(exception)
        status, challenge_ = cls._oauth2_challenge(exception)
        if not challenge_ and not cross_origin.concerns(request):
            return response
        if isinstance(response, HTTPException):
            response = response.get_response(request.httprequest.environ)
        if challenge_:
            # JSON-RPC, too, which reports all other errors with 200: a client has to see what its token lacks.
            response.status_code = status
            response.headers['WWW-Authenticate'] = challenge_.to_header()
        cross_origin.allow(response)
        return response

    @classmethod
    def _oauth2_has_page(cls):
        """Whether this address is for people, too."""
        try:
            rule, _args = cls._match(request.httprequest.path)
        except HTTPException:  # no such address, or not for this method
            return False
        return rule.endpoint.routing.get('oauth2_has_page', False)

    @classmethod
    def _oauth2_error(cls, exception):
        # Other transactions were faster too often, or deleted what this request was about.
        if isinstance(exception, (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, UserError)):
            return TemporarilyUnavailable('the server is busy; try again', retry_after=1)
        if isinstance(exception, HTTPException) and exception.code == 413:
            return RequestTooLarge('the request is larger than 64 KiB')
        if isinstance(exception, HTTPException) and exception.code == 404:
            return NotFound('there is no such address')
        if isinstance(exception, HTTPException) and 400 <= (exception.code or 500) < 500:
            return InvalidRequest('the request cannot be read')
        return OAuthError('the server failed; its log says why')
