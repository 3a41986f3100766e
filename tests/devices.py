"""A device without a browser, and its user."""
from lxml import html

from ..models.grants import grant_device_code
from .common import PATH
from .endpoints import EndpointCase

GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code'
PAGE = f'{PATH}/device'


class DeviceCase(EndpointCase):
    """A television, which cannot keep a secret, and a till, which can. Their user is logged in elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.television, _secret = cls.make_client(
            'Television', redirect_uris=(), is_public=True, grant_authorization_code=False, grant_device_code=True,
            scope_ids=cls.env['oauth2.scope'].search([('name', 'in', ('openid', 'profile', 'contacts.read'))]))
        cls.env['oauth2.client.secret'].search([('client_id', '=', cls.television.id)]).unlink()
        cls.till, cls.till_secret = cls.make_client(
            'Till', redirect_uris=(), grant_authorization_code=False, grant_device_code=True,
            scope_ids=cls.television.scope_ids)

    def setUp(self):
        super().setUp()
        self.log_in()
        grant_device_code._polled.clear()

    # ------------------------------------------------------------------
    # The device
    # ------------------------------------------------------------------

    def begin_device(self, client=None, secret=None, **parameters):
        """The answer to a device that asks."""
        client = client or self.television
        body = {'client_id': client.client_id, 'client_secret': secret, 'scope': 'openid contacts.read', **parameters}
        return self.ask('device_authorization', data={k: v for k, v in body.items() if v is not None})

    def device(self, client=None, secret=None, **parameters):
        """What a device is told."""
        response = self.begin_device(client, secret, **parameters)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    def poll(self, device, client=None, secret=None, **parameters):
        """A device asks whether somebody has answered. It has waited for as long as it has to."""
        grant_device_code._polled.clear()
        return self.poll_at_once(device, client, secret, **parameters)

    def poll_at_once(self, device, client=None, secret=None, **parameters):
        client = client or self.television
        body = {'client_id': client.client_id, 'client_secret': secret, 'grant_type': GRANT_TYPE,
                'device_code': device['device_code'], **parameters}
        return self.ask('access_token', data={k: v for k, v in body.items() if v is not None})

    # ------------------------------------------------------------------
    # The person
    # ------------------------------------------------------------------

    def type_code(self, code):
        """Open the page, type a code, and go on."""
        form = html.fromstring(self.visit(PAGE).content).forms[0]
        return self.visit(PAGE, method='POST', data={**dict(form.fields), 'user_code': code})

    def open_consent(self, device):
        """The same, as far as to the consent page."""
        response = self.type_code(device['user_code'])
        self.assertEqual(response.status_code, 303, response.text)
        return self.visit(response.headers['Location'])

    def answer_device(self, device, answer='allow', **changed):
        """The whole way to the answer."""
        response = self.answer_consent(self.open_consent(device), answer, **changed)
        self.assertEqual(response.status_code, 303, response.text)
        return self.visit(response.headers['Location'])

    def answer_consent(self, page, answer='allow', **changed):
        form = next(form for form in html.fromstring(page.content).forms if form.xpath(f'.//button[@value="{answer}"]'))
        return self.visit(form.action, method='POST', data={**dict(form.fields), 'answer': answer, **changed})

    def tokens_of_device(self, client=None, secret=None, **parameters):
        device = self.device(client, secret, **parameters)
        self.answer_device(device)
        response = self.poll(device, client, secret)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()
