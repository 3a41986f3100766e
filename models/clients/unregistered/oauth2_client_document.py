"""Clients that a metadata document describes (draft-ietf-oauth-client-id-metadata-document-02): their client ID is the
address of the document.
"""
import base64
from datetime import datetime, timezone

from odoo import api, fields, models

from ....protocol.client_metadata import host, is_document_url
from ....protocol.errors import ClientNotLetIn, InvalidClient
from ....protocol.fetch import forget
from ....protocol.origin import same_origin
from ....protocol.printable import printable
from ....protocol.public_address import networks
from .oauth2_client_registration import GROUP

_LONGEST_DETAIL = 500
# What a document says.
_SAID = ('name', 'client_uri', 'policy_uri', 'tos_uri', 'logo', 'grant_refresh_token', 'is_public', 'is_approved',
         'key_set_url')


class OAuth2Configuration(models.AbstractModel):
    _inherit = 'oauth2.configuration'

    @api.model
    def _client_documents(self):
        """Which clients may come by a metadata document: `listed`, `any`, or None."""
        which = self._parameter('client_documents')
        return which if which in ('listed', 'any') else None

    @api.model
    def _fetch_networks(self):
        """The networks that this server fetches from beside the public Internet: unsafe, for intranets (a system
        parameter). None of them counts where one cannot be read.
        """
        try:
            return networks(self._parameter('fetch_networks') or '')
        except ValueError:
            return ()


class OAuth2Client(models.Model):
    """What the document says is stored, and replaced when the document has expired and is fetched again."""
    _inherit = 'oauth2.client'

    document_fresh_until = fields.Datetime(
        'Fetched again after', copy=False,
        help='Until then, what its metadata document said counts. Then it is fetched again for the next user.')

    @api.model
    def _may_come_by_document(self, client_id):
        """Whether the settings let a client come that has its document at this address. Nobody comes from this server
        itself: its users can publish files here, and would speak for it.
        """
        configuration = self.env['oauth2.configuration']
        which = configuration._client_documents()
        return (which == 'any' or (which == 'listed' and client_id in self.env['oauth2.listed.client']._allowed())
                ) and not same_origin(client_id, configuration._issuer_or_none() or '')

    @api.model
    def _identify(self, client_id):
        if is_document_url(client_id) and not self._may_come_by_document(client_id):
            raise ClientNotLetIn
        return super()._identify(client_id)

    def _is_let_in(self):
        if self.registration == 'metadata_document':
            return self._may_come_by_document(self.client_id)
        return super()._is_let_in()

    def _known_as(self):
        """The host of the document: only its owner can publish one there (draft §8.5)."""
        return host(self.client_id) if self.registration == 'metadata_document' else super()._known_as()

    @api.model
    def _document_state(self, client_id):
        """Whether the client of a request is `unknown` or `stale`, so that its document has to be fetched; otherwise
        None. The document of a blocked client is not fetched.
        """
        if not is_document_url(client_id) or not self._may_come_by_document(client_id):
            return None
        stored = self.with_context(active_test=False).search_fetch(
            [('client_id', '=', client_id)], ['active', 'document_fresh_until'])
        if not stored:
            return 'unknown'
        is_stale = not stored.document_fresh_until or stored.document_fresh_until <= fields.Datetime.now()
        return 'stale' if stored.active and is_stale else None

    @api.model
    def _is_to_be_fetched(self, client_id, user_id):
        """Whether the document of a client has to be fetched for a user: not for users who could not use the client.

        :raises InvalidClient: the client is unknown, and the user may use no unregistered clients.
        :raises TemporarilyUnavailable: the user has brought too many that are not used.
        """
        state = self._document_state(client_id)
        if state == 'unknown':
            if not self.env['res.users'].browse(user_id).has_group(GROUP):
                raise InvalidClient('you may not use applications that nobody has registered here')
            self._check_room_for_unregistered(user_id)
        if state == 'stale':
            return self.search([('client_id', '=', client_id)])._may_use(user_id)
        return state is not None

    @api.model
    def _store_document(self, client_id, document, user_id):
        """Store what a document says.

        :param document: a :class:`~.oauth2_document_fetch.Document`.
        :param user_id: for whom it was fetched.
        :raises TemporarilyUnavailable: this user has brought too many that are not used.
        """
        metadata = document.metadata
        client = self.with_context(active_test=False).search([('client_id', '=', client_id)])
        addresses = client.redirect_uri_ids
        gone = addresses.filtered(lambda address: address.uri not in metadata.redirect_uris)
        values = {
            'name': metadata.name or host(client_id),
            'publisher': host(client_id),
            **{name: metadata.own_link(name, client_id) or False for name in ('client_uri', 'policy_uri', 'tos_uri')},
            'logo': document.logo and base64.b64encode(document.logo),
            **self._proof_of_document(client_id, document),
            # A change adds no grant type: an administrator may have taken it, and people have allowed something for as
            # long as their page said.
            'grant_refresh_token': (not client or client.grant_refresh_token)
                                   and 'refresh_token' in (metadata.grant_types or ()),
            'document_fresh_until': datetime.fromtimestamp(document.fresh_until, timezone.utc).replace(tzinfo=None),
            'redirect_uri_ids': [
                *(fields.Command.delete(address.id) for address in gone),
                *(fields.Command.create({'uri': uri}) for uri in metadata.redirect_uris
                  if uri not in addresses.mapped('uri'))],
        }
        if client:
            former = client._said_by_document()
            if set(metadata.redirect_uris) - set(addresses.mapped('uri')):
                values['is_approved'] = False  # it was approved with the addresses that it had
            client.write(values)
            client._record_said(former, user_id)
        else:
            self._check_room_for_unregistered(user_id)
            client = self.create({**self._unregistered_values('metadata_document'), 'client_id': client_id,
                                  'brought_by_id': user_id, **values})
            self.env['oauth2.event']._record(
                'application_made', client, user_id, detail=printable(f'{client.name}: {client_id}', _LONGEST_DETAIL))

    @api.model
    def _proof_of_document(self, client_id, document):
        """By what the client of a document proves itself. One that names a key never comes without (draft §8.2)."""
        has_key = document.auth_method == 'private_key_jwt'
        return {
            'is_public': not has_key,
            'proof': 'key' if has_key else 'secret',
            # Those in the document are fetched like those at an address of their own, so that they can be withdrawn.
            'key_set_url': has_key and (document.metadata.jwks_uri or client_id),
        }

    def _said_by_document(self):
        recorded = self._recorded()
        return {**{name: recorded[name] for name in _SAID},
                'redirect_uris': ' '.join(sorted(self.redirect_uri_ids.mapped('uri')))}

    def _record_said(self, former, user_id):
        """Record in one event, shortened for an auditor, that a document has changed."""
        now = self._said_by_document()
        changed = [name for name in now if now[name] != former[name]]
        if changed:
            old, new = (printable('; '.join(f'{name}: {told[name]}' for name in changed), _LONGEST_DETAIL)
                        for told in (former, now))
            self.env['oauth2.event']._record(
                'application_changed', self, user_id, detail=printable(self.client_id, _LONGEST_DETAIL),
                old_value=old, new_value=new)

    def action_fetch_again(self):
        """The administrator's button: the document is fetched for the next user, even if a fetch has just failed."""
        self.check_access('write')
        documents = self.filtered(lambda client: client.registration == 'metadata_document')
        documents.sudo().document_fresh_until = fields.Datetime.now()
        for client in documents:
            forget(client.client_id)

    def _recorded(self):
        """The time of the next fetch is no change of an application."""
        return {name: text for name, text in super()._recorded().items() if name != 'document_fresh_until'}
