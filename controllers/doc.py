"""Odoo's documentation of its models, for access tokens."""
import json

from odoo.addons.api_doc.controllers.api_doc import DocController
from odoo.http import request, route
from odoo.tools import json_default


class DocOfTokenController(DocController):

    @route(oauth2_looks_at_model=True)
    def doc_bearer_index(self):
        """List what the token opens. Odoo stores this list as a file, for all users with the same groups. Such a file
        is neither made for a token nor shown to one.
        """
        if not self._is_narrow():
            return super().doc_bearer_index()
        self._door()._check_listed(request.oauth2.limit)
        if not self.env.user.has_group('api_doc.group_allow_doc'):
            return super().doc_bearer_index()  # it refuses, and says why
        modules, models = self._doc_index()
        return self._answer({'modules': modules, 'models': self._door()._listed(request.oauth2.limit, models)})

    @route(oauth2_looks_at_model=True)
    def doc_bearer_modec(self, model_name):
        """Describe what the token opens of a model."""
        if not self._is_narrow():
            return super().doc_bearer_modec(model_name)
        self._door()._check_listed(request.oauth2.limit, model_name)
        request.httprequest.environ.pop('HTTP_IF_NONE_MATCH', None)  # it may match the user's version
        described = json.loads(super().doc_bearer_modec(model_name).data)
        return self._answer(self._door()._described(request.oauth2.limit, described))

    def _is_narrow(self):
        return request.oauth2 is not None and request.oauth2.limit is not None

    def _door(self):
        return request.env['oauth2.door']

    def _answer(self, described):
        body = json.dumps(described, ensure_ascii=False, default=json_default)
        return request.make_response(body, headers={
            'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store'})
