"""Getting to know a client that comes by a metadata document, between two transactions."""
from odoo.http import request

from ..protocol.client_metadata import NotUsable
from ..protocol.errors import InvalidClient
from ..protocol.fetch import NotFetched
from ..protocol.printable import printable
from ..protocol.redirect_uri import without_values
from .answer import as_server

_LONGEST_DETAIL = 500


def is_unknown(parameters):
    """Whether a request names a client that is not known until its document is fetched."""
    return as_server()['oauth2.client']._document_state(parameters.get('client_id', '')) == 'unknown'


def learn(parameters, visitor):
    """Fetch the document of the client that a request names, if that is to be done. It is done for nobody who is not
    logged in: strangers must not have this server fetch what they like.

    Whatever the request has read or written until now is committed: no transaction is open while the network is waited
    for, and the next one sees what was stored.

    :return: whether it was fetched. Then whatever the request has read before has to be read again.
    :raises InvalidClient: there is no document, or none that can be used, or not by this user.
    :raises TemporarilyUnavailable: the user has brought too many clients, or is bringing another one.
    """
    client_id = parameters.get('client_id', '')
    environment = as_server()
    if visitor.user_id is None or not environment['oauth2.client']._is_to_be_fetched(client_id, visitor.user_id):
        return False
    also = environment['oauth2.configuration']._fetch_networks()
    request.env.cr.commit()
    try:
        environment['oauth2.document.fetch']._fetch(client_id, visitor.user_id, also)
    except NotFetched as error:
        _record(client_id, visitor, error)
        # Why not, only an administrator is told: it may tell what there is in the network of this server.
        raise InvalidClient('the metadata document of this client cannot be fetched', detail=str(error)) from None
    except NotUsable as error:
        _record(client_id, visitor, error)
        raise InvalidClient(str(error)) from None
    return True


def _record(client_id, visitor, error):
    # One of an hour for a user: whoever sends people here chooses as many addresses as they like.
    environment = as_server()
    environment['oauth2.event']._record_seldom(
        'document_refused', environment['oauth2.client'], visitor.user_id, kind='document:',
        detail=printable(f'document: {error}: {without_values(client_id)}', _LONGEST_DETAIL))
