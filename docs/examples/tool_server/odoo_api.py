"""The requests of the tool server to Odoo: whether a token is active, a token in exchange for it, and data."""
import httpx2

METADATA = '/.well-known/oauth-authorization-server'
TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'


class Refused(Exception):
    """Odoo refused; the text is for the tool's caller."""


class Odoo:
    """An Odoo server, as an API of its own sees it.

    :param issuer: its address.
    :param client_id: of the application of this API there.
    """

    def __init__(self, issuer, client_id, client_secret):
        self.issuer = issuer
        self._credentials = (client_id, client_secret)
        self._http = httpx2.AsyncClient(timeout=60)
        # Addresses and scopes do not change while the server runs (RFC 8414).
        self.metadata = httpx2.get(issuer + METADATA, timeout=60).raise_for_status().json()

    async def introspect(self, token):
        """The claims of a token that is active now (RFC 7662), or None.

        Checking only its signature would be faster, but would not notice that it was revoked.
        """
        response = await self._http.post(
            self.metadata['introspection_endpoint'], auth=self._credentials, data={'token': token})
        claims = response.raise_for_status().json()
        return claims if claims['active'] else None

    async def call(self, token, scope, model, method, **arguments):
        """Call a method of Odoo in the name of a token's user.

        The token is for this API and opens nothing in Odoo: it is exchanged for one that does, with only the scope that
        the call needs (RFC 8693). A new one is requested each time, so there is nothing to store, or to lose.

        :raises Refused: the user has not allowed it, or may not do it.
        """
        exchanged = await self._http.post(self.metadata['token_endpoint'], auth=self._credentials, data={
            'grant_type': TOKEN_EXCHANGE, 'subject_token': token, 'subject_token_type': ACCESS_TOKEN,
            'resource': f'{self.issuer}/json/2', 'scope': scope})
        answer = exchanged.json()
        if exchanged.is_error:
            raise Refused(f"Odoo gave no token: {answer['error_description']}")
        response = await self._http.post(
            f'{self.issuer}/json/2/{model}/{method}', json=arguments,
            headers={'Authorization': f"Bearer {answer['access_token']}"})
        if response.is_error:
            raise Refused(response.json()['message'])
        return response.json()
