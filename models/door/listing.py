"""What a token opens, in the format of Odoo's documentation of its models."""
from odoo import api, models

from ...protocol.opening import READ
from .opened import Opened


class OAuth2Door(models.AbstractModel):
    _inherit = 'oauth2.door'

    @api.model
    def _listed(self, limit, listed):
        """Keep only what is open in a list of models.

        :param listed: dictionaries with `model`, `fields` and `methods`, as Odoo lists them.
        :return: such a list.
        """
        opened = Opened(self.env, limit)
        return [self._narrowed(opened, of_model) for of_model in listed if limit.opening.opens(of_model['model'])]

    @api.model
    def _described(self, limit, of_model):
        """The same for the description of one model."""
        return self._narrowed(Opened(self.env, limit), of_model)

    @api.model
    def _check_listed(self, limit, model_name=None):
        """Refuse a model that is closed, or a token that opens nothing at all.

        :raises AccessError: it is.
        """
        refusals = Opened(self.env, limit).refusals
        if limit.opening.is_empty:
            raise refusals.of_everything(self.env._('The access token opens nothing of Odoo'))
        if model_name is not None and not limit.opening.opens(model_name):
            raise refusals.of_model(model_name, READ)

    @api.model
    def _narrowed(self, opened, of_model):
        model = self.env[of_model['model']]
        methods = of_model['methods']
        names = [name for name in methods if self._passes(opened, model, name)]
        return {
            **of_model,
            'fields': {name: described for name, described in of_model['fields'].items()
                       if opened.lines_of(model._fields[name], READ)},
            'methods': {name: methods[name] for name in names} if isinstance(methods, dict) else names}

    @api.model
    def _passes(self, opened, model, name):
        if opened.limit.is_whole:
            return True
        if self._policy_of_one(model._name, name):
            return True
        if hasattr(self, f'_call_{name}'):
            return opened.opening.allows(model._name, self._operation_of(model._name, name))
        return not hasattr(self.env.registry['base'], name) and bool(
            opened.opening.lines_of_method(model._name, name))
