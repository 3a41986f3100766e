"""The one place where a token's call is judged, before it runs (docs/architecture.md).

What Odoo then does by itself, it does with the user's rights.
"""
from contextlib import nullcontext

from odoo import api, models
from odoo.service.model import get_public_method

from ...protocol.opening import READ
from .arguments.context import active_records, allowed_context
from .call import Call, bound
from .limit import acts
from .opened import Opened
from .read_only import make_read_only, telling_who_may_only_read
from .refusals import telling_what_is_wrong

# They only read, but Odoo does not mark them so.
_READING = frozenset({'export_data', 'fields_get', 'has_access', 'check_access_rights', 'get_field_translations',
                      'get_external_id', 'get_metadata', 'get_property_definition', 'default_get'})


class UnknownModel(LookupError):
    """There is no such model."""


class UnknownMethod(LookupError):
    """The model has no such method."""


class WrongArguments(TypeError):
    """The arguments of a call do not fit the method."""


class OAuth2Door(models.AbstractModel):
    """The table of methods that tokens may call: each has a policy, a method `_call_<name>`. Methods without one are
    refused. Another addon adds a row by inheriting, as in models/door/methods/.
    """
    _name = 'oauth2.door'
    _description = 'What access tokens may call'

    @api.model
    def _enter(self, limit, model_name, method_name, ids=(), args=(), kwargs=None, context=None, is_part=False):
        """Make a call for a token, in this environment, whose user is the token's.

        :param limit: the :class:`~.limit.Limit`.
        :param ids: of the records; nothing for the model itself.
        :param args: positional arguments.
        :param kwargs: arguments by name.
        :param context: what the caller sent as context.
        :param is_part: the transaction does other things, too: a refused call is rolled back, and read-only applies to
            this call alone.
        :return: what the method returned, limited to what is open; records as they are.
        :raises AccessError: the token does not open it, or the user may not do it.
        :raises UserError: an argument is wrong.
        :raises UnknownModel: see there.
        :raises UnknownMethod: see there.
        :raises WrongArguments: see there.
        """
        with acts(None if limit.is_whole else limit), self.env.cr.savepoint() if is_part else nullcontext():
            return self._judge(limit, model_name, method_name, ids, args, kwargs or {}, context, is_part)

    @api.model
    def _judge(self, limit, model_name, method_name, ids, args, kwargs, context, is_part):
        base = {'allowed_company_ids': list(limit.companies)} if limit.companies else {}
        opened = Opened(self.env(context=base), limit)
        if model_name not in self.env:
            if limit.opening.is_empty:
                raise opened.refusals.of_everything(self.env._('The access token opens nothing of Odoo'))
            raise UnknownModel(f'the model {model_name!r} does not exist')
        self._check_model_and_method(opened, model_name, method_name)
        # A token that is limited only to companies may call everything, but it learns only of its own companies.
        is_free = limit.is_whole and model_name != 'res.company'
        is_own = is_free or self._policy(model_name, method_name) is None
        allowed = allowed_context(context, opened, base)
        if allowed != base:
            opened = Opened(self.env(context=allowed), limit)
        if (is_own or self.env[model_name]._transient) and (more := active_records(context, opened)):
            opened = Opened(self.env(context={**allowed, **more}), limit)
        env = opened.env
        model = env[model_name]
        try:
            method = get_public_method(model, method_name)
        except AttributeError as error:
            raise UnknownMethod(error.args[0]) from None
        if getattr(method, '_api_model', False) and ids:
            raise WrongArguments(f'{model_name}.{method_name} is called without ids')
        records = model.browse(self._numbered(opened, ids))
        try:
            arguments = bound(method, records, args, kwargs)
        except TypeError as error:
            raise WrongArguments(str(error)) from None
        call = Call(opened, records, method_name, method, arguments, context or {})
        if limit.opening.only_reads(model_name):
            make_read_only(env.cr, is_part)
        door = self.with_env(env)
        policy = door._oauth2_own if is_own else door._policy(model_name, method_name)
        with telling_who_may_only_read(opened.refusals), telling_what_is_wrong(opened.refusals, not is_own):
            result = policy(call)
            if not env.cr.closed:
                env.cr.flush()  # pending writes are part of the call
            return result

    @api.model
    def _policy(self, model_name, method_name):
        """The policy of a method: `_call_<method>` if every model has it, `_call_<model>__<method>` if one model has it
        and any token may call it.

        :return: the bound method; None if there is none.
        """
        return getattr(self, f'_call_{method_name}', None) or self._policy_of_one(model_name, method_name)

    @api.model
    def _policy_of_one(self, model_name, method_name):
        return getattr(self, f'_call_{model_name.replace(".", "_")}__{method_name}', None)

    @api.model
    def _check_model_and_method(self, opened, model_name, method_name):
        """Refuse a closed model, and a method that neither has a policy nor is named by a line."""
        opening = opened.opening
        if self._policy_of_one(model_name, method_name) and not opening.is_empty:
            return
        if not opening.opens(model_name):
            raise opened.refusals.of_model(model_name, self._operation_of(model_name, method_name))
        if hasattr(self, f'_call_{method_name}') or opened.limit.is_whole:
            return
        if not callable(getattr(self.env.registry[model_name], method_name, None)):
            return  # the caller gets UnknownMethod
        if hasattr(self.env.registry['base'], method_name):
            raise opened.refusals.of_any_method(model_name, method_name)
        if not opening.lines_of_method(model_name, method_name):
            raise opened.refusals.of_method(
                model_name, self._operation_of(model_name, method_name), method_name)

    @api.model
    def _operation_of(self, model_name, method_name):
        """The operation of a method, as far as it is known."""
        known = {'create': 'create', 'name_create': 'create', 'copy': 'create', 'load': 'create', 'unlink': 'unlink'}
        reads = any(getattr(getattr(cls, method_name, None), '_readonly', False)
                    for cls in self.env.registry[model_name].mro())
        return known.get(method_name) or (READ if reads or method_name in _READING else 'write')

    @api.model
    def _numbered(self, opened, ids):
        ids = [ids] if type(ids) is int else ids or ()
        # Odoo takes 0 for a record that is not stored yet, whose values reading computes.
        if not isinstance(ids, (list, tuple)) or not all(type(id_) is int and id_ > 0 for id_ in ids):
            raise opened.refusals.wrong('ids: a list of numbers is wanted')
        return ids
