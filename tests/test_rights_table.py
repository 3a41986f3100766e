"""The catalogue of attacks (docs/security.md), cases 72 and 73: who may change what, by every way that there is."""
import logging

from odoo.tests import tagged
from odoo.tools import mute_logger

from . import rights_ways as ways
from .requirement import requirement
from .rights import RightsCase
from .rights_values import is_stored

_logger = logging.getLogger(__name__)

WHO = {
    'administrators': {'oauth2', 'settings'},
    'settings': {'settings'},
    'nobody': set(),
}

# Every field of ours, by who may choose what is stored there. A new field stands here, or the test fails.
FIELDS = {
    'oauth2.client': {
        'administrators': 'name active is_public user_id has_direct_authorization grant_authorization_code '
                          'grant_refresh_token grant_client_credentials scope_ids redirect_uri_ids '
                          'post_logout_redirect_uri_ids is_exempt_from_pkce has_claims_in_id_token is_resource_server '
                          'access_token_lifetime refresh_token_idle_lifetime authorization_lifetime '
                          'access_token_validity cors_origins publisher client_uri policy_uri tos_uri logo',
        'nobody': 'client_id secret_ids authorization_ids authorization_count scope acts_for',
    },
    'oauth2.redirect.uri': {'administrators': 'client_id uri', 'nobody': 'problem'},
    'oauth2.post.logout.redirect.uri': {'administrators': 'client_id uri', 'nobody': 'problem'},
    'oauth2.client.secret': {'administrators': 'expires_at', 'nobody': 'client_id last_characters'},
    'oauth2.client.secret.show': {'nobody': 'client_identifier secret'},
    'oauth2.scope': {'settings': 'name description sequence opens line_ids is_default'},
    'oauth2.scope.line': {
        'settings': 'scope_id model model_id perm_read perm_write perm_create perm_unlink domain field_names field_ids '
                    'method_names'},
    'oauth2.scope.wizard': {'settings': 'name description model_ids perm_read perm_write perm_create perm_unlink'},
    'oauth2.consent': {
        'nobody': 'client_id user_id scope covered companies company_ids redirect_hosts application publisher '
                  'description refreshed_at'},
    'oauth2.authorization': {
        'nobody': 'client_id user_id name grant_type scope resource session_id auth_time is_direct generation '
                  'rotated_at idle_expires_at expires_at is_active revoked_because'},
    'oauth2.authorization.code': {
        'nobody': 'client_id user_id redirect_uri scope resource code_challenge nonce session_id auth_time expires_at '
                  'used_at authorization_name is_direct request_digest'},
    'oauth2.authorization.end': {'nobody': 'authorization_name ended_at because'},
    'oauth2.signing.key': {'nobody': 'kid algorithm purpose activates_at retires_at state database_uuid'},
    'oauth2.event': {'nobody': 'name happened_at client_id user_id actor_id address detail'},
    'oauth2.failed.attempt': {'nobody': 'address client_digest attempted_at'},
    'oauth2.subject': {'nobody': 'name user_id'},
    'oauth2.client.user': {'nobody': 'client_id user_id'},
    'oauth2.registered.uri': {'nobody': 'client_id uri problem'},
    'res.users': {'settings': 'oauth2_client_ids', 'nobody': 'oauth2_client_count'},
    'res.config.settings': {
        'settings': 'oauth2_issuer oauth2_access_token_lifetime oauth2_refresh_token_idle_lifetime '
                    'oauth2_authorization_lifetime oauth2_signing_algorithm oauth2_key_rotation_days oauth2_event_days '
                    'oauth2_openid_connect oauth2_introspection oauth2_client_credentials oauth2_public_clients '
                    'oauth2_credentials_in_query',
        'nobody': 'oauth2_address'},
}
# Who may make a record, and who may delete it. Nobody, where a model is not named.
MAY_CREATE = {
    'oauth2.client': 'administrators',
    'oauth2.redirect.uri': 'administrators',
    'oauth2.post.logout.redirect.uri': 'administrators',
    'oauth2.scope': 'settings',
    'oauth2.scope.line': 'settings',
    'oauth2.scope.wizard': 'settings',
    'res.users': 'settings',
    'res.config.settings': 'settings',
}
MAY_DELETE = {
    'oauth2.client': 'administrators',
    'oauth2.redirect.uri': 'administrators',
    'oauth2.post.logout.redirect.uri': 'administrators',
    'oauth2.client.secret': 'administrators',
    'oauth2.scope': 'settings',
    'oauth2.scope.line': 'settings',
}

LIST_IT = (
    '{model} has {names}: write in FIELDS (tests/test_rights_table.py) who may change it, or that nobody may, and give '
    'it a value in tests/rights_values.py that it can take.')


def may(model, name, group):
    """Whether the table lets a group choose what is stored in a field."""
    return any(group in WHO[who] and name in names.split() for who, names in FIELDS.get(model, {}).items())


def may_create(model, group):
    return group in WHO[MAY_CREATE.get(model, 'nobody')]


def may_delete(model, group):
    return group in WHO[MAY_DELETE.get(model, 'nobody')]


def reaches(way, model):
    """Whether a value gets anywhere by a way: no default reaches what exists already, nor the settings."""
    if model == 'res.config.settings':
        return way in (ways.create, ways.web_save_new, ways.import_new, *ways.WRITING[:3], ways.import_existing)
    return way is not ways.write_with_default_in_context


class RightsTableCase(RightsCase):
    """Attempts, and what is stored after each."""

    def problem(self, way, attempt, expected):
        """Try to give a field a value, look at what is stored, and take it back.

        :param expected: whether the value is to be stored. If not, nothing else of ours changes either.
        :return: what is wrong, or None.
        """
        [(name, value)] = attempt.values.items()
        with self.undone():
            if not self.is_taken(way, attempt):
                return 'refused' if expected else None
            record = self.last(attempt.target) if way in ways.CREATING else attempt.target
            if expected:
                return None if self.is_stored(record, name, value) else 'not stored'
            changed, added = self.changes(self.before)
            if self.is_chosen(way, record, name, value):
                return 'stored'
        if changed:
            return f'changed: {changed}'
        return f'added: {added}' if added and added != self.usual(way, attempt) else None

    def is_chosen(self, way, record, name, value):
        """Whether a value that is nobody's to choose stands where all else is as usual."""
        if record._abstract:
            return False
        if (record._table, str(record.id)) not in self.before and way in ways.CREATING:
            return record._fields[name].store and record._fields[name].type != 'one2many' and is_stored(
                record, name, value)
        return name in ('write_uid', 'write_date') and record.exists() and is_stored(record, name, value)

    def is_stored(self, record, name, value):
        if record._name == 'res.config.settings':
            return record.sudo().default_get([name])[name] == value
        return is_stored(record, name, value)

    def usual(self, way, attempt):
        """What the same call adds without the field."""
        with self.undone():
            if not self.is_taken(way, attempt._replace(values={})):
                return []
            return self.changes(self.before)[1]

    def try_all(self, some_ways):
        """Every field of every model, as every group, by some ways."""
        problems = []
        for model, names in self.our_fields().items():
            for group, user in self.users.items():
                target = self.target(model, user)
                self.before = self.stored()
                own = names | (self.magic_fields(model) if model.startswith('oauth2.') else set())
                for name in sorted(own):
                    attempt = ways.Attempt(
                        self, user, target, {name: self.value(name, target, user)}, self.companions(model, name, user))
                    for way in some_ways:
                        expected = may(model, name, group) and reaches(way, model) and (
                            way in ways.WRITING or may_create(model, group))
                        if problem := self.problem(way, attempt, expected):
                            problems.append(f'{model}.{name} as {group} by {way.__name__}: {problem}')
        return problems


@tagged('post_install', '-at_install')
class TestRightsTable(RightsTableCase):

    @requirement('attack', '72', 'Of every field of every model it is listed who may change it')
    def test_attack_72_every_field_is_listed(self):
        for model, names in self.our_fields().items():
            listed = {name for names in FIELDS.get(model, {}).values() for name in names.split()}
            self.assertFalse(names - listed, LIST_IT.format(model=model, names=', '.join(sorted(names - listed))))
            self.assertFalse(listed - names, f'{model} has these fields no longer: take them from FIELDS')
        self.assertFalse(FIELDS.keys() - self.our_fields().keys(), 'these models are gone: take them from FIELDS')

    @requirement('attack', '72', 'Each group changes the fields that are listed for it, and no others')
    def test_attack_72_what_is_written(self):
        with mute_logger('odoo.sql_db', 'odoo.models.unlink'):
            problems = self.try_all((ways.create, ways.web_save_new, ways.write, ways.web_save, ways.web_save_multi))
        _logger.info('%s attempts: %s', self.attempts.total(), dict(self.attempts), )
        _logger.info('TIMES %s', dict(self.times))
        self.assertFalse(problems, '\n'.join(problems))

    @requirement('attack', '73', 'Each group changes these and no others by imports, copies and defaults, too')
    def test_attack_73_what_comes_by_the_way(self):
        with mute_logger('odoo.sql_db'):
            problems = self.try_all((
                ways.create_with_default_in_context, ways.web_save_with_default_in_context,
                ways.create_with_own_default, ways.import_new, ways.copy, ways.write_with_default_in_context,
                ways.import_existing))
        _logger.info('%s attempts: %s', self.attempts.total(), dict(self.attempts), )
        _logger.info('TIMES %s', dict(self.times))
        self.assertFalse(problems, '\n'.join(problems))
