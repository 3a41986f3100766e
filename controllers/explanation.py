"""The explanation of an authorization request that cannot be redirected."""
from ..protocol.errors import RedirectURIRefused
from ..protocol.printable import printable
from ..wire import sessions
from ..wire.answer import as_server

_GROUP = 'restapi_oauth2.group_oauth2_administrator'


def explain(error):
    """Values for the page of an error.

    Everybody may learn the application's name. Only administrators see what was sent, as text: the page links to no
    address that an application did not register, and fills in nothing that an administrator might save.
    """
    if error.client is None:
        return {}
    is_refused_uri = isinstance(error, RedirectURIRefused)
    words = {'application': error.client._known_as()}
    if _is_administrator():
        words['address'] = f'/odoo/oauth2-applications/{error.client.id}'
        words['refused_uri'] = is_refused_uri and printable(error.uri)
    return words


def _is_administrator():
    visitor, _expired = sessions.visitor()
    return visitor.user_id is not None and as_server()['res.users'].browse(visitor.user_id).has_group(_GROUP)
