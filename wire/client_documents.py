"""Fetching the metadata document of a client, between two transactions."""
from odoo.http import request

from ..protocol.client_metadata import NotUsable
from ..protocol.errors import InvalidClient
from ..protocol.fetch import NotFetched
from ..protocol.printable import printable
from ..protocol.redirect_uri import without_values
from .answer import as_server

_LONGEST_DETAIL = 500


def is_unknown(parameters):
    """Whether a request names a client whose document has not been fetched yet."""
    return as_server()['oauth2.client']._document_state(parameters.get('client_id', '')) == 'unknown'


def learn(parameters, visitor):
    """Fetch the document of the client that a request names, if necessary. Only for users who are logged in: strangers
    must not make this server fetch what they like.

    What the request has written so far is committed: no transaction stays open during the fetch, and the next one sees
    what was stored.

    :return: whether it was fetched. Then everything that the request has read must be read again.
    :raises InvalidClient: there is no document, or it cannot be used, or not by this user.
    :raises TemporarilyUnavailable: the user has brought too many clients, or another fetch for the user is running.
    """
    client_id = parameters.get('client_id', '')
    environment = as_server()
    if visitor.user_id is None or not environment['oauth2.client']._is_to_be_fetched(client_id, visitor.user_id):
        return False
    configuration = environment['oauth2.configuration']
    settings = configuration._fetch_networks(), configuration._allows('public_clients')
    request.env.cr.commit()
    # From here on, no statement is run before the fetch is over: it would begin a transaction that sees nothing of it.
    try:
        environment['oauth2.document.fetch']._fetch(client_id, visitor.user_id, *settings)
    except NotFetched as error:
        _record(client_id, visitor, error)
        # Only an administrator is told why: the reason may reveal something about this server's network.
        raise InvalidClient('the metadata document of this client cannot be fetched', detail=str(error)) from None
    except NotUsable as error:
        _record(client_id, visitor, error)
        raise InvalidClient(str(error)) from None
    return True


def _record(client_id, visitor, error):
    # One in an hour for a user: an attacker who sends people here can choose any number of addresses.
    environment = as_server()
    environment['oauth2.event']._record_seldom(
        'document_refused', environment['oauth2.client'], visitor.user_id, kind='document:',
        detail=printable(f'document: {error}: {without_values(client_id)}', _LONGEST_DETAIL))
