"""The claims about a user with an addon that splits names."""
from ..common import PATH
from ..requirement import requirement
from .common import AuthCase


class TestNames(AuthCase):

    @requirement('OIDC Core', '5.1', 'given_name and family_name are told where an addon knows them')
    def test_first_and_last_name(self):
        self.log_in()
        for names in ({'firstname': 'Ada', 'lastname': 'Byron'}, {'firstname': False, 'lastname': 'Byron'}):
            with self.subTest(**names):
                self.person.write(names)
                self.env.flush_all()
                token = self.tokens_of_wiki(scope='openid profile', prompt='consent')['access_token']
                told = self.url_open(f'{PATH}/userinfo', headers={'Authorization': f'Bearer {token}'}).json()
                self.assertEqual(told.get('given_name'), names['firstname'] or None)
                self.assertEqual((told['family_name'], told['name']), ('Byron', self.person.name))
