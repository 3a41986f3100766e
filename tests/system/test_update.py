"""Updates from each earlier version: users who have signed in stay signed in, and what has ended stays ended."""
import ast
import re

import jwt
import reference_page
import requests
from client import CLIENT_ID, CLIENT_SECRET, PATH
from client import REDIRECT_URI as DOCUMENTED_REDIRECT_URI
from requirement import requirement
from sign_in import REDIRECT_URI, App, Person, claims
from update import UpdateCase, across_the_update

from development import paths

PRESENT_VERSION = ast.literal_eval((paths.ROOT / '__manifest__.py').read_text())['version']
SCOPE = 'openid profile email offline_access odoo'


class SignInCase(UpdateCase):
    """The common start of all of them."""

    def register(self, name, user=None, **values):
        """An application, of which it is known what a program of it is told. Its record's id is `record`."""
        values |= {'user_id': self.administrator.make_user(user)} if user else {}
        record, client_id = self.administrator.register(name, [REDIRECT_URI, DOCUMENTED_REDIRECT_URI], **values)
        app = App(self.url, client_id, None if values.get('is_public') else self.administrator.generate_secret(record))
        app.record = record
        return app

    def person(self, login, **values):
        """A user who has just signed in to Odoo. The number of the user's record is `record`."""
        record = self.administrator.make_user(login, email=f'{login}@example.com', **values)
        person = Person(self.url, login)
        person.record = record
        return person

    def write(self, model, record, **values):
        """What an administrator changes."""
        self.administrator.call(model, 'write', [record], values)

    def authorizations(self, app):
        """The records of the authorizations of an application."""
        return self.administrator.call('oauth2.authorization', 'search', [('client_id', '=', app.record)])

    def user(self, app, tokens):
        """The number of the user that an access token acts as."""
        response = app.call(tokens)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()['uid']

    def assertGoesOn(self, app, tokens, user):
        """These tokens are still the same user's, and so are those that come of them, with the same `sub`.

        :return: the newest answer of the token endpoint.
        """
        self.assertEqual(self.user(app, tokens), user)
        second = app.refresh(tokens)
        # Whoever lost the answer asks once more, and gets the same.
        self.assertEqual(app.refresh(tokens)['refresh_token'], second['refresh_token'])
        third = app.refresh(second)
        self.assertEqual(self.user(app, third), user)
        self.assertEqual(third['scope'], tokens['scope'])
        for token in {'access_token', 'id_token'} & tokens.keys():
            self.assertEqual(claims(third[token])['sub'], claims(tokens[token])['sub'])
            self.assertEqual(claims(third[token])['iss'], claims(tokens[token])['iss'])
        return third

    def assertDead(self, app, tokens):
        """None of the tokens is good for anything."""
        self.assertEqual(app.call(tokens).status_code, 401)
        answer = app.ask('access_token', grant_type='refresh_token', refresh_token=tokens['refresh_token'])
        self.assertIn(answer.json().get('error'), ('invalid_grant', 'invalid_client'), answer.text)


class TestFrom1Point0(SignInCase):
    """Direct authorization exists from the first version on."""

    version = '19.0.1.0.0'

    @across_the_update
    def test_the_update_has_nothing_to_complain_about(self):
        self.assertEqual(self.installed(), [('installed', self.version)])
        yield
        self.assertEqual(self.installed(), [('installed', PRESENT_VERSION)])
        # What the database's name stands before is not from the start of the program.
        complaint = re.compile(f' (WARNING|ERROR|CRITICAL) {self.database} ')
        self.assertEqual([line for line in self.update_log.splitlines() if complaint.search(line)], [])

    def installed(self):
        return self.sql('SELECT state, latest_version FROM ir_module_module WHERE name = %s', paths.ADDON)

    @across_the_update
    def test_the_documented_requests_go_on(self):
        app = App(self.url, CLIENT_ID, CLIENT_SECRET)
        tokens = reference_page.tokens(self.url)
        user = self.user(app, tokens)
        yield
        self.assertGoesOn(app, tokens, user)
        fresh = reference_page.tokens(self.url)
        self.assertEqual(fresh.keys(), tokens.keys())
        self.assertEqual(claims(fresh['access_token'])['sub'], claims(tokens['access_token'])['sub'])
        self.assertGoesOn(app, fresh, user)

    @across_the_update
    def test_an_application_that_acts_for_a_user_goes_on(self):
        app = self.register('Shop', 'shop', access_token_validity='seconds')
        tokens = app.act()
        user = self.user(app, tokens)
        yield
        self.assertGoesOn(app, tokens, user)
        fresh = app.act()
        self.assertEqual((fresh['access_token_validity'], self.user(app, fresh)), (fresh['expires_in'], user))
        wrong = App(self.url, app.credentials['client_id'], 'wrong')
        self.assertEqual(wrong.ask('access_token', grant_type='refresh_token', refresh_token='x').status_code, 401)

    @across_the_update
    def test_an_answer_that_was_lost_before_the_update_is_given_again(self):
        app = self.register('Lost answer', 'lost_answer')
        tokens = app.act()
        user = self.user(app, tokens)
        app.refresh(tokens)
        yield
        # As if the update had taken no time.
        self.sql("UPDATE oauth2_authorization SET rotated_at = now() AT TIME ZONE 'UTC' WHERE client_id = %s",
                 app.record)
        self.assertGoesOn(app, app.refresh(tokens), user)

    @across_the_update
    def test_what_ended_stays_so(self):
        revoked, replayed, archived, of_user = apps = [
            self.register(name, name.lower()) for name in ('Revoked', 'Replayed', 'Archived', 'Gone')]
        tokens = {app: app.act() for app in apps}
        users = {app: self.user(app, tokens[app]) for app in apps}
        self.administrator.call('oauth2.authorization', 'action_revoke', self.authorizations(revoked))
        first, tokens[replayed] = tokens[replayed], replayed.refresh(replayed.refresh(tokens[replayed]))
        replayed.ask('access_token', grant_type='refresh_token', refresh_token=first['refresh_token'])
        self.write('oauth2.client', archived.record, active=False)
        self.write('res.users', users[of_user], active=False)
        for app in apps:
            self.assertDead(app, tokens[app])
        yield
        for app in apps:
            self.assertDead(app, tokens[app])
        for app in (revoked, replayed):
            self.assertEqual(self.user(app, app.act()), users[app])
            self.assertDead(app, tokens[app])
        for app in (archived, of_user):
            with self.assertRaises(AssertionError):
                app.act()

    @across_the_update
    def test_keys_verify_what_they_have_signed(self):
        tokens, keys = reference_page.tokens(self.url), self.keys()
        yield
        now = self.keys()
        self.assertLessEqual(keys.items(), now.items())
        key = jwt.PyJWK(now[jwt.get_unverified_header(tokens['access_token'])['kid']])
        jwt.decode(tokens['access_token'], key, audience=self.url, issuer=self.url)
        # What is signed now is signed with the same key: none was due.
        self.assertIn(jwt.get_unverified_header(reference_page.tokens(self.url)['access_token'])['kid'], keys)

    def keys(self):
        response = requests.get(f'{self.url}{PATH}/jwks', timeout=60)
        return {key['kid']: key for key in response.json()['keys']}


class TestFrom1Point1(TestFrom1Point0):
    """All of that still works from here, too, and so does browser mode, which came with this version."""

    version = '19.0.1.1.0'

    @across_the_update
    @requirement('contract', '6', 'Who is there at an update keeps the `sub` that applications know')
    def test_who_has_signed_in_stays_signed_in(self):
        app, person = self.register('Wiki', scope_ids=self.administrator.scopes(*SCOPE.split())), self.person('wiki')
        tokens = person.sign_in(app, SCOPE)
        userinfo = app.userinfo(tokens)
        self.assertEqual(userinfo['sub'], claims(tokens['id_token'])['sub'])
        yield
        now = app.userinfo(tokens)
        # There was none before.
        self.assertTrue(now.pop('picture'))
        self.assertEqual(now, userinfo)
        newest = self.assertGoesOn(app, tokens, person.record)
        self.assertEqual(app.userinfo(newest)['sub'], userinfo['sub'])
        # The application signs out with the ID token that it has kept.
        person.session.get(f'{self.url}{PATH}/logout', params={'id_token_hint': tokens['id_token']}, timeout=60)
        self.assertTrue(person.ask(app, SCOPE).url.startswith(f'{self.url}/web/login'))

    @across_the_update
    @requirement('contract', '4', 'After an update PKCE and default scopes are as they were')
    def test_pkce_and_default_scopes_are_as_they_were(self):
        app, exempt = self.register('Kept'), self.register('Exempt', is_exempt_from_pkce=True)
        person, without = self.person('kept'), {'code_challenge': '', 'code_challenge_method': ''}
        given = person.sign_in(app, '')['scope']
        person.sign_in(exempt, 'openid')
        yield
        self.assertEqual(person.arrive(app, person.ask(app, ''))['scope'], given)
        self.assertIn('error=invalid_request', person.ask(app, '', **without).headers['Location'])
        self.assertIn('code=', person.ask(exempt, 'openid', **without).headers['Location'])

    @across_the_update
    def test_what_was_allowed_is_not_asked_again(self):
        app, person = self.register('Forum', scope_ids=self.administrator.scopes(*SCOPE.split())), self.person('forum')
        tokens = person.sign_in(app, SCOPE)
        yield
        # In the browser that was open, in another one, and without a page.
        for browser, parameters in (person, {}), (Person(self.url, 'forum'), {}), (person, {'prompt': 'none'}):
            fresh = browser.arrive(app, browser.ask(app, SCOPE, **parameters))
            self.assertEqual(claims(fresh['id_token'])['sub'], claims(tokens['id_token'])['sub'])
            self.assertEqual(self.user(app, fresh), person.record)

    @across_the_update
    def test_a_public_application_goes_on(self):
        app = self.register('Phone', is_public=True, scope_ids=self.administrator.scopes(*SCOPE.split()))
        person = self.person('phone')
        tokens = person.sign_in(app, SCOPE)
        yield
        self.assertGoesOn(app, tokens, person.record)
        self.assertGoesOn(app, person.arrive(app, person.ask(app, SCOPE)), person.record)

    @across_the_update
    def test_an_application_that_acts_for_itself_goes_on(self):
        app = self.register('Nightly job', 'nightly', grant_client_credentials=True)
        tokens = app.tokens(grant_type='client_credentials')
        user = self.user(app, tokens)
        yield
        self.assertEqual(self.user(app, tokens), user)
        fresh = app.tokens(grant_type='client_credentials')
        self.assertEqual(self.user(app, fresh), user)
        self.assertEqual(claims(fresh['access_token'])['sub'], claims(tokens['access_token'])['sub'])

    @across_the_update
    def test_what_people_ended_stays_so(self):
        apps = {name: self.register(name, scope_ids=self.administrator.scopes(*SCOPE.split())) for name in (
            'Revoked by itself', 'Withdrawn', 'Archived sign-in', 'Left')}
        people = {name: self.person(name.lower().replace(' ', '_')) for name in apps}
        tokens = {name: people[name].sign_in(apps[name], SCOPE) for name in apps}
        by_itself, withdrawn, archived, left = apps
        self.assertEqual(
            apps[by_itself].ask('revoke', token=tokens[by_itself]['refresh_token']).status_code, 200)
        self.administrator.call('oauth2.consent', 'action_withdraw', self.administrator.call(
            'oauth2.consent', 'search', [('client_id', '=', apps[withdrawn].record)]))
        self.write('oauth2.client', apps[archived].record, active=False)
        self.write('res.users', people[left].record, active=False)
        for name, app in apps.items():
            self.assertDead(app, tokens[name])
        yield
        for name, app in apps.items():
            self.assertDead(app, tokens[name])
        page = people[withdrawn].ask(apps[withdrawn], SCOPE)
        self.assertEqual(page.status_code, 200)
        fresh = people[withdrawn].arrive(apps[withdrawn], people[withdrawn].allow(page))
        self.assertEqual(claims(fresh['id_token'])['sub'], claims(tokens[withdrawn]['id_token'])['sub'])
        self.assertDead(apps[withdrawn], tokens[withdrawn])
        # The consent stays where an application gave back its own tokens.
        self.assertEqual(people[by_itself].ask(apps[by_itself], SCOPE).status_code, 303)
        self.assertIn(people[archived].ask(apps[archived], SCOPE).status_code, (400, 401))

    @across_the_update
    def test_settings_are_kept(self):
        of_its_own = self.register('Long-lived', 'long_lived', access_token_lifetime=45)
        settings = {'access_token_lifetime': '20', 'introspection': False, 'credentials_in_query': 'True'}
        for name, value in settings.items():
            self.administrator.call('ir.config_parameter', 'set_param', f'restapi_oauth2.{name}', value)
        set_so = self.seen(of_its_own)
        self.assertEqual(set_so, (self.url, False, 20 * 60, 45 * 60, 400))
        yield
        self.assertEqual(self.seen(of_its_own), set_so)

    def seen(self, of_its_own):
        """What an application sees of the settings."""
        metadata = requests.get(f'{self.url}/.well-known/openid-configuration', timeout=60).json()
        in_query = requests.post(f'{self.url}{PATH}/access_token', timeout=60, params={
            'grant_type': 'authorization_code', 'code': 'x', 'client_id': CLIENT_ID, 'client_secret': CLIENT_SECRET})
        return (metadata['issuer'], 'introspection_endpoint' in metadata, reference_page.tokens(self.url)['expires_in'],
                of_its_own.act()['expires_in'], in_query.status_code)


class TestFrom1Point2(TestFrom1Point1):
    """This version brought scopes that open something of their own, and companies."""

    version = '19.0.1.2.0'

    @across_the_update
    def test_a_scope_opens_what_it_opened(self):
        [scope] = self.administrator.call('oauth2.scope', 'create', [{
            'name': 'countries', 'description': 'See countries', 'line_ids': [(0, 0, {'model': 'res.country'})]}])
        app, person = self.register('Atlas', scope_ids=[(6, 0, [scope])]), self.person('atlas')
        tokens = person.sign_in(app, 'countries')
        opened = self.opened(app, tokens)
        self.assertEqual(opened, {'res.country': 200, 'res.partner': 403})
        yield
        self.assertEqual(self.opened(app, tokens), opened)
        self.assertEqual(self.opened(app, app.refresh(tokens)), opened)
        again = person.arrive(app, person.ask(app, 'countries'))
        self.assertEqual((again['scope'], self.opened(app, again)), ('countries', opened))

    def opened(self, app, tokens):
        return {model: app.call(tokens, model, 'search_read', domain=[], fields=['name'], limit=1).status_code
                for model in ('res.country', 'res.partner')}

    @across_the_update
    def test_the_companies_that_were_chosen_stay_the_only_ones(self):
        own, other = self.administrator.call('res.company', 'create', [{'name': 'Own'}, {'name': 'Other'}])
        app = self.register('Accounts', scope_ids=self.administrator.scopes('odoo'))
        person = self.person('accounts', company_id=own, company_ids=[(6, 0, [own, other])])
        tokens = person.sign_in(app, 'odoo')
        self.assertEqual(self.companies(app, tokens), [own])
        yield
        self.assertEqual(self.companies(app, tokens), [own])
        self.assertEqual(self.companies(app, app.refresh(tokens)), [own])
        self.assertEqual(self.companies(app, person.arrive(app, person.ask(app, 'odoo'))), [own])

    def companies(self, app, tokens):
        return app.call(tokens, 'res.company', 'search', domain=[]).json()


class TestFrom1Point4(SignInCase):
    """Scopes for Odoo's business modules came after this version."""

    version = '19.0.1.4.0'

    @across_the_update
    @requirement('contract', '7', 'A scope that an administrator has made is left alone by updates')
    def test_a_scope_of_the_same_name_stays_as_it_is(self):
        [scope] = self.administrator.call('oauth2.scope', 'create', [{
            'name': 'orders.read', 'description': 'My own', 'line_ids': [(0, 0, {'model': 'res.country'})]}])
        yield
        self.assertEqual(self.administrator.call('oauth2.scope', 'search', [('name', '=', 'orders.read')]), [scope])
        [read] = self.administrator.call('oauth2.scope', 'read', [scope], ['description', 'line_ids'])
        self.assertEqual((read['description'], len(read['line_ids'])), ('My own', 1))
        self.assertTrue(self.administrator.scopes('orders.write'))

    @across_the_update
    @requirement('attack', '86', 'Events from before the update are read after the application is gone')
    def test_events_keep_names(self):
        app = self.register('Gone soon')
        yield
        self.administrator.call('oauth2.client', 'unlink', [app.record])
        events = self.administrator.call('oauth2.event', 'search_read', [
            ('client_text', '=like', 'Gone soon (%)')], ['name', 'actor_text'])
        self.assertIn('secret_made', [event['name'] for event in events])
        self.assertIn('(admin)', events[-1]['actor_text'])

    @across_the_update
    def test_settings_show_what_they_showed_and_the_last_use_is_known(self):
        app = self.register('Till', user='till', has_direct_authorization=True)
        app.act()
        yield
        [access] = self.administrator.call(
            'oauth2.access', 'search_read', [('client_id', '=', app.record)], ['status', 'kind'])
        self.assertEqual((access['status'], access['kind']), ('active', 'direct'))
        [menu] = self.administrator.call(
            'ir.model.data', 'search_read', [('module', '=', 'base'), ('name', '=', 'menu_users')], ['res_id'])
        [users] = self.administrator.call('ir.ui.menu', 'read', [menu['res_id']], ['group_ids'])
        self.assertEqual(users['group_ids'], [])

    @across_the_update
    @requirement('contract', '7', 'The address to which a password is sent is written by no shipped scope')
    def test_the_address_leaves_the_shipped_scope(self):
        yield
        [scope] = self.administrator.call('oauth2.scope', 'search_read', [('name', '=', 'user.write')], [
            'description', 'line_ids'])
        [line] = self.administrator.call('oauth2.scope.line', 'read', scope['line_ids'], ['field_names'])
        self.assertEqual(line['field_names'], 'lang tz phone signature')
        self.assertNotIn('email', scope['description'])


def load_tests(_loader, tests, _pattern):
    """Called by unittest where all of them run."""
    UpdateCase.together = TestFrom1Point0, TestFrom1Point1, TestFrom1Point2, TestFrom1Point4
    return tests
