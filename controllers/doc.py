"""Odoo's documentation of its models, for access tokens."""
import json

from odoo.addons.api_doc.controllers.api_doc import DocController
from odoo.http import request, route
from odoo.tools import json_default


class DocOfTokenController(DocController):

    @route()
    def doc_bearer_index(self):
        """List what the token opens. Odoo keeps this list as a file, for all users with the same groups: such a file is
        neither made for a token nor shown to one.
        """
        if request.oauth2 is None or request.oauth2.limit is None:
            return super().doc_bearer_index()
        if not self.env.user.has_group('api_doc.group_allow_doc'):
            return super().doc_bearer_index()  # it says why not
        modules, models = self._doc_index()
        body = json.dumps({'modules': modules, 'models': models}, ensure_ascii=False, default=json_default)
        return request.make_response(body, headers={
            'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store'})
