"""Fetching the metadata documents of clients: each document once at a time, whatever the number of workers."""
import hashlib
import io
import time
from contextlib import contextmanager
from typing import NamedTuple

from PIL import Image

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL
from odoo.tools.image import image_process

from ....protocol.client_metadata import LONGEST_DOCUMENT, ClientMetadata, NotUsable, read_document
from ....protocol.errors import TemporarilyUnavailable
from ....protocol.fetch import NotFetched, fetch, remember_failure
from ....protocol.printable import printable
from ....protocol.redirect_uri import without_values

LONGEST_DETAIL = 500
SECONDS = 5  # for a document, and for a logo
LONGEST_LOGO = 256 * 1024  # bytes
LOGO_SIZE = (256, 256)
MOST_PIXELS = 4_000_000  # of a logo before it is resized
MOST_SCANS = 20  # of a JPEG: each is decoded over all pixels
JSON = ('application/json', 'application/*+json')
# The first bytes of pictures of these types: nothing else reaches the library that reads pictures.
PICTURES = {'image/png': b'\x89PNG\r\n\x1a\n', 'image/jpeg': b'\xff\xd8\xff', 'image/gif': b'GIF8'}


class Document(NamedTuple):
    """A document that was fetched, and its logo.

    :ivar metadata: a :class:`~....protocol.client_metadata.ClientMetadata`.
    :ivar auth_method: `none` or `private_key_jwt`.
    :ivar fresh_until: in seconds since 1970.
    :ivar logo: a new picture made from the one that was fetched, or None.
    :ivar logo_problem: why there is none, or None.
    """
    metadata: ClientMetadata
    auth_method: str
    fresh_until: float
    logo: bytes | None = None
    logo_problem: str | None = None


class OAuth2DocumentFetch(models.Model):
    """A document that is being fetched. The row is committed before the network is used, so no transaction holds a lock
    meanwhile; afterwards it is deleted. The row of a process that died expires.
    """
    _name = 'oauth2.document.fetch'
    _description = 'OAuth2 Fetch of a Metadata Document'
    _log_access = False
    _allow_sudo_commands = False

    LONGEST = 3 * SECONDS

    digest = fields.Char(required=True, readonly=True)
    until = fields.Datetime(required=True, readonly=True)

    _digest_unique = models.UniqueIndex('(digest)', 'A document is fetched once at a time.')

    @api.model
    def _fetch(self, client_id, user_id, also, may_be_public):
        """Fetch the document of a client, and store what it says. If another request is fetching it, wait for that one:
        each user may keep only one worker waiting.

        It works in transactions of its own. The caller's must be over, because it would not see what is stored.

        :param user_id: for whom.
        :param also: networks outside the public Internet that may be reached.
        :param may_be_public: whether a client may come that does not authenticate.
        :raises NotFetched: there is no document.
        :raises NotUsable: it breaks a rule.
        :raises TemporarilyUnavailable: another one is fetched for this user; or see `oauth2.client._store_document`.
        """
        self._alone(client_id, lambda: self._fetch_once(client_id, user_id, also, may_be_public), user_id)

    @api.model
    def _fetch_once(self, client_id, user_id, also, may_be_public):
        with self._claimed(client_id) as is_first:
            if not is_first:  # for another user
                return self._wait(client_id)
            self._fetch_now(client_id, user_id, also, may_be_public)

    @api.model
    def _fetch_now(self, client_id, user_id, also, may_be_public):
        document = document_at(client_id, also, may_be_public)
        with self.env.registry.cursor() as cr:
            # Not as the user, of whom there may be defaults.
            environment = api.Environment(cr, SUPERUSER_ID, {}, su=True)
            try:
                environment['oauth2.client']._store_document(client_id, document, user_id)
            except ValidationError as error:
                remember_failure(client_id, str(error), also)
                raise NotUsable('the document breaks a rule of this server') from error
            if document.logo_problem:
                environment['oauth2.event']._record_seldom(
                    'document_refused', environment['oauth2.client'], user_id, kind='logo:',
                    detail=printable(f'logo: {document.logo_problem}: {without_values(client_id)}', LONGEST_DETAIL))

    @api.model
    def _alone(self, name, step, user_id=None):
        """Run a step that waits for the network, unless another request runs it. So only one worker waits.

        :param name: of what is fetched.
        :param user_id: for whom a stranger's address is fetched; None for an address that an administrator chose.
        :raises TemporarilyUnavailable: another request runs it, or fetches something else for this user.
        """
        with self._claimed(name if user_id is None else f'user {user_id}') as is_only:
            if not is_only:
                raise TemporarilyUnavailable('this is being looked up already: try again in a moment', retry_after=1)
            step()

    @contextmanager
    def _claimed(self, name):
        """Reserve a name for the block, among all workers.

        :param name: of what is fetched, or `user` and the number of one.
        :return: whether nobody else has it.
        """
        digest = _digest(name)
        try:
            with self.env.registry.cursor() as cr:
                cr.execute(SQL(
                    """ INSERT INTO oauth2_document_fetch AS claim (digest, until)
                             VALUES (%(digest)s, (now() AT TIME ZONE 'UTC') + make_interval(secs => %(seconds)s))
                        ON CONFLICT (digest) DO UPDATE SET until = EXCLUDED.until
                              WHERE claim.until < now() AT TIME ZONE 'UTC' """,
                    digest=digest, seconds=self.LONGEST), log_exceptions=False)
                is_first = bool(cr.rowcount)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            is_first = False
        try:
            yield is_first
        finally:
            if is_first:
                with self.env.registry.cursor() as cr:
                    cr.execute(SQL('DELETE FROM oauth2_document_fetch WHERE digest = %s', digest))

    @api.model
    def _wait(self, name):
        """Wait until nobody fetches it any more."""
        end = time.monotonic() + self.LONGEST
        while time.monotonic() < end:
            with self.env.registry.cursor() as cr:
                cr.execute(SQL(
                    "SELECT FROM oauth2_document_fetch WHERE digest = %s AND until > now() AT TIME ZONE 'UTC'",
                    _digest(name)))
                if not cr.rowcount:
                    return
            time.sleep(0.2)

    @api.autovacuum
    def _gc_fetches(self):
        """Remove the rows of processes that died."""
        self.env.cr.execute("DELETE FROM oauth2_document_fetch WHERE until < now() AT TIME ZONE 'UTC'")


def document_at(client_id, also=(), may_be_public=True):
    """The :class:`Document` at an address. No database is needed.

    :param may_be_public: whether a client may come that proves itself by nothing.
    :raises NotFetched: there is none.
    :raises NotUsable: it breaks a rule. This is remembered as a failure, too.
    """
    answer = fetch(client_id, LONGEST_DOCUMENT, SECONDS, JSON, also=also)
    try:
        metadata = read_document(client_id, answer.body)
        method = metadata.auth_method(may_be_public)
    except NotUsable as error:
        remember_failure(client_id, str(error), also)
        raise
    document = Document(metadata, method, answer.fresh_until)
    if not metadata.logo_uri:
        return document
    try:
        return document._replace(logo=picture(fetch(
            metadata.logo_uri, LONGEST_LOGO, SECONDS, tuple(PICTURES), also=also)))
    except (NotFetched, NotUsable) as error:
        return document._replace(logo_problem=str(error))


def picture(fetched):
    """A new picture made from one that was fetched: nothing else that the file may contain is kept.

    :param fetched: a :class:`~....protocol.fetch.Fetched`.
    :raises NotUsable: it is no picture.
    """
    if not fetched.body.startswith(PICTURES[fetched.content_type]):
        raise NotUsable('it is no picture of the type that it says')
    if fetched.body.count(b'\xff\xda') > MOST_SCANS:
        raise NotUsable('it is a JPEG of too many scans')
    try:
        # Only the head is read here: a small file may unpack to gigabytes.
        with Image.open(io.BytesIO(fetched.body), formats=('PNG', 'JPEG', 'GIF')) as head:
            if head.width * head.height > MOST_PIXELS:
                raise NotUsable('it has more than 4 megapixels')
        return image_process(fetched.body, LOGO_SIZE, verify_resolution=True, output_format='PNG')
    except NotUsable:
        raise
    except Exception as error:  # whatever the libraries meet in a stranger's file
        raise NotUsable('it is no picture that can be read') from error


def _digest(name):
    return hashlib.sha256(name.encode()).hexdigest()
