"""The catalogue of attacks (docs/security.md), cases 72 and 73: who may change what, by every possible way."""
import logging

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from . import rights_ways as ways
from .requirement import requirement
from .rights import ADDON, RightsCase
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
                          'grant_refresh_token grant_client_credentials grant_device_code '
                          'scope_ids default_scope_ids redirect_uri_ids '
                          'post_logout_redirect_uri_ids pkce refresh_rotation has_claims_in_id_token '
                          'claimed_group_ids '
                          'is_resource_server '
                          'access_token_lifetime refresh_token_idle_lifetime authorization_lifetime '
                          'access_token_validity cors_origins publisher client_uri policy_uri tos_uri logo notes '
                          'open_to allowed_group_ids allowed_user_ids proof key_set key_set_url is_approved '
                          'document_fresh_until application_type token_endpoint_auth_method',
        'settings': 'is_trusted resource_id grant_token_exchange',
        'nobody': 'registration brought_by_id '
                  'client_id secret_ids authorization_ids authorization_count scope default_scope acts_for '
                  'has_used_pkce issuer discovery_endpoint authorization_endpoint token_endpoint userinfo_endpoint '
                  'access_token_lifetime_default refresh_token_idle_lifetime_default authorization_lifetime_default '
                  'introspection_endpoint jwks_uri resource device_authorization_endpoint verification_uri '
                  'verification_qr_code access_count last_used_at kind keys_read '
                  'dotenv snippet_curl snippet_python snippet_javascript snippet_php snippet_postman',
    },
    'oauth2.listed.client': {'settings': 'name sequence uri is_allowed'},
    'oauth2.document.fetch': {'nobody': 'digest until'},
    'oauth2.fetched.keys': {'nobody': 'url key_set asked_at answered_at fresh_until problem'},
    'oauth2.initial.access.token': {'settings': 'name expires_at uses_left', 'nobody': 'has_token'},
    'oauth2.initial.access.token.show': {'nobody': 'token'},
    'oauth2.resource': {
        'settings': 'name active uri logo access_token_lifetime scope_ids client_ids exchange_scope_ids'},
    'oauth2.client.template': {
        'settings': 'name sequence active section summary icon kind redirect_uris scope_names pkce refresh_rotation '
                    'access_token_validity has_claims_in_id_token grant_refresh_token notes'},
    'oauth2.client.new': {
        'administrators': 'template_id name site redirect_uris api_uri user_id scope_ids',
        'settings': 'brought_client_id moves_here',
        'nobody': 'kind notes has_site has_redirect_uris has_user problem'},
    'oauth2.client.secret.bring': {'settings': 'client_id', 'nobody': 'secret last_characters hash'},
    'oauth2.takeover': {'nobody': 'found'},
    'oauth2.scope.opened': {'administrators': 'scope_id user_id file file_name', 'nobody': 'line_ids has_methods'},
    'oauth2.scope.opened.line': {
        'nobody': 'opened_id name model operations record_count field_names method_names'},
    'oauth2.connection.test': {'administrators': 'client_id problems fine'},
    'oauth2.use': {'nobody': 'client_id user_id is_direct used_at address agent through'},
    'oauth2.withdrawal': {'nobody': 'client_id user_id'},
    'oauth2.access': {'nobody': 'client_id application publisher logo user_id kind scope scope_ids companies '
                                'company_ids company_names since used_at address agent through status description '
                                'question opened_model'},
    'oauth2.stop': {'administrators': 'client_id user_id reason asks_again archives', 'nobody': 'kind sentence'},
    'oauth2.finding': {
        'administrators': 'acceptance',
        'nobody': 'check_name client_id detail item severity since is_accepted sentence why can_be_mended'},
    'oauth2.connection': {
        'nobody': 'issuer discovery_endpoint authorization_endpoint device_authorization_endpoint '
                  'verification_uri token_endpoint userinfo_endpoint introspection_endpoint jwks_uri resource'},
    'oauth2.snippets': {'nobody': 'dotenv snippet_curl snippet_python snippet_javascript snippet_php snippet_postman'},
    'oauth2.redirect.uri': {'administrators': 'client_id uri', 'nobody': 'problem'},
    'oauth2.post.logout.redirect.uri': {'administrators': 'client_id uri', 'nobody': 'problem'},
    'oauth2.client.secret': {'administrators': 'expires_at label', 'nobody': 'client_id last_characters used_at'},
    'oauth2.client.secret.show': {
        'nobody': 'client_identifier secret is_second issuer discovery_endpoint authorization_endpoint '
                  'device_authorization_endpoint verification_uri token_endpoint userinfo_endpoint '
                  'introspection_endpoint jwks_uri resource scope '
                  'dotenv snippet_curl snippet_python snippet_javascript snippet_php snippet_postman'},
    'oauth2.scope': {
        'settings': 'name description sequence opens line_ids is_default required_model resource_id '
                    'is_for_unregistered',
        'nobody': 'is_offered is_for_people'},
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
                  'used_at authorization_name is_direct is_device'},
    'oauth2.device.request': {
        'nobody': 'client_id device_hash user_hash scope resource address network asked_at expires_at answered_at '
                  'is_denied'},
    'oauth2.device.guess': {'nobody': 'who wrong wrong_at'},
    'oauth2.authorization.end': {'nobody': 'authorization_name ended_at because'},
    'oauth2.signing.key': {'nobody': 'kid algorithm purpose activates_at retires_at state database_uuid'},
    'oauth2.answered.request': {'nobody': 'digest answered_at'},
    'oauth2.used.assertion': {'nobody': 'digest ends_at'},
    'oauth2.event': {'nobody': 'name happened_at client_id client_text client_name user_id user_text actor_id '
                               'actor_text address detail request old_value new_value'},
    'oauth2.subject': {'nobody': 'name user_id'},
    'oauth2.client.user': {'nobody': 'client_id user_id'},
    'oauth2.registered.uri': {'nobody': 'client_id uri problem'},
    'res.users': {
        'settings': 'oauth2_client_ids',
        'nobody': 'oauth2_client_count oauth2_access_ids oauth2_has_allowed oauth2_access_count oauth2_subject'},
    'res.config.settings': {
        'settings': 'oauth2_issuer oauth2_access_token_lifetime oauth2_refresh_token_idle_lifetime '
                    'oauth2_authorization_lifetime oauth2_signing_algorithm oauth2_key_rotation_days oauth2_event_days '
                    'oauth2_openid_connect oauth2_introspection oauth2_client_credentials oauth2_public_clients '
                    'oauth2_credentials_in_query oauth2_program_schemes oauth2_pkce_required oauth2_email_verified '
                    'oauth2_client_documents oauth2_unregistered_group_ids oauth2_unregistered_scope_ids '
                    'oauth2_dynamic_registration oauth2_registrations_per_address oauth2_registrations_in_all',
        'nobody': 'oauth2_address'},
}
# Who may make a record, and who may delete it. Nobody, where a model is not named.
MAY_CREATE = {
    'oauth2.client': 'administrators',
    'oauth2.client.new': 'administrators',
    'oauth2.stop': 'administrators',
    'oauth2.scope.opened': 'administrators',
    'oauth2.connection.test': 'administrators',
    'oauth2.client.secret.bring': 'settings',
    'oauth2.takeover': 'settings',
    'oauth2.client.template': 'settings',
    'oauth2.initial.access.token': 'settings',
    'oauth2.resource': 'settings',
    'oauth2.listed.client': 'settings',
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
    'oauth2.client.template': 'settings',
    'oauth2.initial.access.token': 'settings',
    'oauth2.resource': 'settings',
    'oauth2.listed.client': 'settings',
    'oauth2.redirect.uri': 'administrators',
    'oauth2.post.logout.redirect.uri': 'administrators',
    'oauth2.client.secret': 'administrators',
    'oauth2.scope': 'settings',
    'oauth2.scope.line': 'settings',
    'res.users': 'settings',
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
        return way in (ways.create, ways.web_save_new, ways.write, ways.web_save, ways.import_new, ways.import_existing)
    if model in ('oauth2.client.secret', 'oauth2.finding') and way is ways.import_existing:
        return False  # it writes the ID, too: of these nothing is written but one field
    return way is not ways.write_with_default_in_context



class RightsTableCase(RightsCase):
    """Attempts, and what is stored after each.

    :ivar before: all our rows before an attempt.
    :ivar known: what calls write even without the tested field.
    """
    before, known = {}, {}

    def look(self):
        """Remember what is stored: later attempts are compared with that."""
        self.before, self.known = self.stored(), {}

    def assertNone(self, problems):
        """There were attempts, and nothing is wrong."""
        _logger.info('%s attempts: %s', self.attempts.total(), dict(self.attempts))
        self.assertTrue(self.attempts)
        self.assertFalse(problems, '\n'.join(problems))

    def problem(self, way, attempt, expected):
        """Try to give a field a value, look at what is stored, and take it back.

        :param expected: whether the value is to be stored. If not, nothing else of ours changes either.
        :return: what is wrong, or None.
        """
        with self.undone():
            outcome = self.outcome(way, attempt)
            if expected and outcome != 'taken':
                return outcome
            if outcome in ('refused', 'failed'):
                return None
            record = self.last(attempt.target) if way in ways.CREATING else attempt.target
            if expected:
                return None if self.is_done(attempt, record) else 'not stored'
            changed, added = self.changes(self.before)
            if chosen := self.chosen(way, attempt, record):
                return f'stored: {chosen}'
        if changed:
            return f'changed: {changed}'
        return f'added: {added}' if added and added != self.usual(way, attempt) else None

    def is_done(self, attempt, record):
        if attempt.trial is None:
            return self.is_stored(record, attempt.name, attempt.values[attempt.name])
        lines = record.sudo().with_context(active_test=False)[attempt.name]
        return attempt.trial.is_done(lines if attempt.trial.name == '' else self.last(lines))

    def chosen(self, way, attempt, record):
        """The fields where a value stands because somebody chose it: in a new row, or as who wrote an old one."""
        if attempt.trial is not None:
            line = self.last(record[attempt.name])
            values, is_new = {attempt.trial.name: attempt.trial.value}, attempt.trial.plain is not None
        else:
            line, values, is_new = record, attempt.values, way in ways.CREATING
        is_new = is_new and (line._table, str(line.id)) not in self.before
        return [name for name, value in values.items()
                if ((is_new and line._fields[name].store) or name in ('write_uid', 'write_date'))
                and self.is_stored(line, name, value)]

    def is_stored(self, record, name, value):
        if record._abstract or not record.exists():
            return False
        if record._name == 'res.config.settings':
            stored = record.sudo().default_get([name])[name]
            return (list(map(list, stored)) if record._fields[name].type == 'many2many' else stored) == value
        return is_stored(record, name, value)

    def usual(self, way, attempt):
        """What the same call adds without the field."""
        plain = attempt.plain()
        key = way, plain.user, plain.target, repr(plain)
        if key not in self.known:
            with self.undone():
                self.known[key] = self.changes(self.before)[1] if self.outcome(way, plain) == 'taken' else []
        return self.known[key]

    def try_all(self, some_ways):
        """Every field of every model, as every group, by some ways.

        :return: sentences about what is stored and must not be, or the other way round.
        """
        problems = []
        for model, names in self.our_fields().items():
            for group, user in self.users.items():
                target = self.target(model, user)
                self.look()
                attempts = [
                    ways.Attempt(self, user, target, {name: self.value(name, target, user)},
                                 self.companions(model, name, user))
                    for name in sorted(names | (self.magic_fields(model) if model.startswith('oauth2.') else set()))]
                for way in some_ways:
                    problems += [f'{model} as {group} by {way.__name__}: {problem}'
                                 for problem in self.problems_of(way, group, attempts)]
        return problems

    def problems_of(self, way, group, attempts):
        """The same for one model, group and way."""
        model = attempts[0].target._name
        is_possible = reaches(way, model) and (way in ways.WRITING or may_create(model, group))
        hopeful = [attempt for attempt in attempts if is_possible and may(attempt.target._name, attempt.name, group)]
        hopeless = [attempt for attempt in attempts if attempt not in hopeful]
        if way is ways.create_with_own_default and (
                not may_create(model, group) or (group == 'settings' and may_create(model, 'oauth2'))):
            return  # no default lets anybody create; it makes no difference whose default it is
        if way is ways.import_new and not may_create(model, group):
            hopeless = [hopeless[0].with_others(hopeless)]
        for attempt in hopeful if self.are_refused(way, hopeless) else hopeful + hopeless:
            if problem := self.problem(way, attempt, attempt in hopeful):
                yield f'{attempt.name} is {problem}'

    def are_refused(self, way, attempts):
        """Whether all of these attempts come to nothing, one after the other and without taking back each.

        If not, they are tried again one by one: one of them may be taken and change nothing.
        """
        with self.undone():
            return all(self.outcome(way, attempt) in ('refused', 'not imported') for attempt in attempts) and (
                self.changes(self.before) == ({}, []))


@tagged('post_install', '-at_install')
class TestRightsTable(RightsTableCase):

    @requirement('attack', '72', 'Of every field of every model it is listed who may change it')
    def test_attack_72_every_field_is_listed(self):
        for model, names in self.our_fields().items():
            listed = {name for names in FIELDS.get(model, {}).values() for name in names.split()}
            self.assertFalse(names - listed, LIST_IT.format(model=model, names=', '.join(sorted(names - listed))))
            self.assertFalse(listed - names, f'{model} has these fields no longer: take them from FIELDS')
        groups = self.env['ir.model.data'].search([('module', '=', ADDON), ('model', '=', 'res.groups')])
        self.assertEqual(sorted(groups.mapped('name')), ['group_oauth2_administrator', 'group_oauth2_unregistered'],
                         'add the group to GROUPS and to WHO')
        self.assertFalse(FIELDS.keys() - self.our_fields().keys(), 'these models are gone: take them from FIELDS')

    @requirement('attack', '72', 'What is refused is refused because of who tries it: the database takes each value')
    def test_attack_72_the_values_can_be_stored(self):
        for model, names in self.our_fields().items():
            target = self.targets.get(model)
            for name in sorted(names) if target and target._auto else ():  # nothing is stored in a view
                if not (target._fields[name].store and target._fields[name].column_type):
                    continue
                written = {**self.companions(model, name, self.other), name: self.value(name, target, self.other)}
                columns = {column: target._fields[column].convert_to_column_insert(value, target)
                           for column, value in written.items() if target._fields[column].column_type}
                with self.subTest(model, field=name), self.undone():
                    before = self.row(target)
                    self.env.cr.execute(SQL(
                        'UPDATE %s SET (%s, id) = ROW (%s, id) WHERE id = %s', SQL.identifier(target._table),
                        SQL(', ').join(map(SQL.identifier, columns)),
                        SQL(', ').join(SQL('%s', value) for value in columns.values()), target.id))
                    self.assertNotEqual(self.row(target)[name], before[name])

    def row(self, record):
        return self.stored()[record._table, str(record.id)]

    @requirement('attack', '72', 'Each group changes the fields that are listed for it, and no others')
    def test_attack_72_what_is_written(self):
        with mute_logger('odoo.sql_db', 'odoo.models.unlink'):
            problems = self.try_all((ways.create, ways.web_save_new, ways.write, ways.web_save))
        self.assertNone(problems)

    @requirement('attack', '73', 'Each group changes these and no others by imports, copies and defaults, too')
    def test_attack_73_what_comes_by_the_way(self):
        with mute_logger('odoo.sql_db'):
            problems = self.try_all((
                ways.create_with_default_in_context, ways.create_with_own_default, ways.import_new, ways.copy,
                ways.import_existing, ways.write_with_default_in_context))
        self.assertNone(problems)
