"""Requests that wait in a browser, with two hosts that serve it."""
from administrator import Administrator
from client import SystemCase
from requirement import requirement
from sign_in import REDIRECT_URI, App, Person


class TestTwoHosts(SystemCase):
    """Each is a server of its own, as behind a load balancer: they share the database, and the sessions' files."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.start_server('other-host')
        cls.administrator = Administrator()
        cls.administrator.make_user('two_hosts')
        record, client_id = cls.administrator.register('Two hosts', [REDIRECT_URI])
        cls.app = App(cls.url, client_id, cls.administrator.generate_secret(record))

    def sign_in(self, person, begins, ends):
        """Begin at one host, and answer at the other."""
        person.url = begins
        page = person.ask(self.app, 'openid', prompt='consent')
        form = person.form(page)
        answer = person.session.post(form.action.replace(begins, ends), timeout=60, allow_redirects=False, data={
            **dict(form.fields), 'answer': 'allow'})
        return person.arrive(self.app, answer)

    @requirement('contract', '4', 'A request that waits is answered at any host of the server')
    def test_what_one_host_has_sealed_another_opens(self):
        person = Person(self.url, 'two_hosts')
        for begins, ends in ((self.url, self.other), (self.other, self.url)):
            self.assertIn('access_token', self.sign_in(person, begins, ends))

    @requirement('attack', '91', 'Keys that one host replaces open nothing at another one')
    def test_attack_91_keys_that_another_host_has_replaced(self):
        person = Person(self.url, 'two_hosts')
        for button, status in (('action_rotate', 303), ('action_replace_now', 400)):
            with self.subTest(button):
                page = person.ask(self.app, 'openid', prompt='consent')
                self.administrator.call('oauth2.signing.key', button, [])
                form = person.form(page)
                answer = person.session.post(
                    form.action.replace(self.url, self.other), timeout=60, allow_redirects=False,
                    data={**dict(form.fields), 'answer': 'allow'})
                self.assertEqual(answer.status_code, status, answer.text)
        self.assertIn('access_token', self.sign_in(person, self.other, self.url))
