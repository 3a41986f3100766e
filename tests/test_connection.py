"""What other software asks an administrator for stands on the application's form, and beside a new secret."""
from .endpoints import EndpointCase
from .requirement import requirement

ADDRESSES = ('issuer', 'authorization_endpoint', 'token_endpoint', 'userinfo_endpoint')


class TestConnection(EndpointCase):

    def metadata_(self):
        """What the server tells programs."""
        return self.url_open('/.well-known/openid-configuration').json()

    @requirement('RFC 8414', '2', 'The screens show the addresses that the metadata tell')
    def test_the_addresses_are_those_of_the_metadata(self):
        told = self.metadata_()
        [shown] = self.client.read([*ADDRESSES, 'discovery_endpoint'])
        self.assertEqual({name: shown[name] for name in ADDRESSES}, {name: told[name] for name in ADDRESSES})
        self.assertEqual(shown['discovery_endpoint'], f"{told['issuer']}/.well-known/openid-configuration")
        self.env['ir.config_parameter'].set_param('restapi_oauth2.openid_connect', 'False')
        self.client.invalidate_recordset()
        self.assertFalse(self.client.userinfo_endpoint)
        self.assertTrue(self.client.discovery_endpoint.endswith('/.well-known/oauth-authorization-server'))

    def test_they_stand_beside_a_new_secret(self):
        client = self.make_client('New')[0]
        client.secret_ids.unlink()
        context = client.with_context(check_identity=False)._secret_dialog('s')['context']
        told = self.metadata_()
        self.assertEqual([context[f'default_{name}'] for name in ADDRESSES], [told[name] for name in ADDRESSES])

    def test_without_an_issuer_there_is_none(self):
        self.env['ir.config_parameter'].set_param('restapi_oauth2.issuer', False)
        for name in (*ADDRESSES, 'discovery_endpoint'):
            self.assertFalse(self.client[name], name)
