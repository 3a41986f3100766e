"""A call by XML-RPC or JSON-RPC with an access token: like `odoo.service.model`, but through the door."""
import threading
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessDenied, UserError
from odoo.models import BaseModel
from odoo.modules.registry import Registry
from odoo.service.model import _traverse_containers, call_kw, retrying
from odoo.tools import lazy

from ..models.door.door import UnknownMethod, UnknownModel, WrongArguments
from ..protocol.errors import InvalidToken, IssuerNotSet


def made(service, method, parameters):
    """Make a call.

    :param service: `object` or `common`; others accept no token.
    :param parameters: database, user's ID or login, token, and the arguments of the call.
    :return: the result, for the protocol to write.
    :raises AccessDenied: the token is invalid, or another user's.
    """
    database, user, token, *rest = parameters
    threading.current_thread().dbname = database
    registry = Registry(database).check_signaling()
    try:
        with registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            if service == 'common' and method in ('login', 'authenticate'):
                return _user_number(env, user, token)
            if service != 'object' or method not in ('execute', 'execute_kw'):
                raise AccessDenied
            request_token = _token_of(env, token)
            if request_token.user_id != int(user):
                raise AccessDenied
            return _called(env, request_token, method, rest)
    except Exception:
        registry.reset_changes()
        raise


def _user_number(env, login, token):
    """Tell a user's ID to a caller with a token of that user. It opens no session."""
    try:
        user = env['res.users'].browse(_token_of(env, token).user_id)
    except AccessDenied:
        return False
    return user.id if user.login == login else False


def _token_of(env, token):
    """The :class:`~..models.authorizations.oauth2_request_token.RequestToken` of a token for the whole server."""
    if 'oauth2.authorization' not in env:
        raise AccessDenied
    try:
        return env['oauth2.authorization']._use(token, [env['oauth2.configuration']._issuer()])
    except (InvalidToken, IssuerNotSet):
        raise AccessDenied from None


def _called(env, token, kind, rest):
    model_name, method_name, *arguments = rest
    threading.current_thread().uid = token.user_id
    args, kwargs = (arguments, {}) if kind == 'execute' else (*arguments, [], {})[:2]
    env.cr.reset()
    env = api.Environment(env.cr, token.user_id, {})
    env.transaction.default_env = env
    if token.limit is None:
        if model_name not in env:
            raise UserError(env._("Object %s doesn't exist", model_name))
        function = partial(call_kw, env[model_name], method_name, args, kwargs or {})
    else:
        function = partial(_through_the_door, env, token.limit, model_name, method_name, args, kwargs or {})
    result = retrying(function, env)
    for late in _traverse_containers(result, lazy):
        late._value  # noqa: B018 - computed before the cursor is closed
    return result


def _through_the_door(env, limit, model_name, method_name, args, kwargs):
    kwargs = dict(kwargs)
    context = kwargs.pop('context', None)
    ids = ()
    method = getattr(env.registry.get(model_name), method_name, None)
    if method is not None and not getattr(method, '_api_model', False):
        ids, args = (kwargs.pop('ids', ()), args) if not args else (args[0], args[1:])
    try:
        result = env['oauth2.door']._enter(limit, model_name, method_name, ids, args, kwargs, context)
    except UnknownModel:
        raise UserError(env._("Object %s doesn't exist", model_name)) from None
    except (UnknownMethod, WrongArguments) as error:
        raise UserError(error.args[0]) from None
    if method_name == 'create':
        one = args and isinstance(args[0], dict)
        return result.id if one else result.ids
    return result.ids if isinstance(result, BaseModel) else result
