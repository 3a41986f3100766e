"""What is said about an authorization request that cannot be redirected."""
from ..protocol.errors import RedirectURIRefused
from ..protocol.printable import printable
from ..wire import sessions
from ..wire.answer import as_server

_GROUP = 'restapi_oauth2.group_oauth2_administrator'


def explain(error):
    """Values for the page of an error.

    Whoever comes may learn what the application is known by. What was sent is for administrators alone, as text: nobody
    gets to an address by this page that an application did not register, and nothing is filled in that an
    administrator might save.
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
