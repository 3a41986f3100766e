"""A web site made with Flask, which Flask-Dance connects to Odoo; set up as its documentation has it."""
import os

from flask import Flask, redirect, url_for
from flask_dance.consumer import OAuth2ConsumerBlueprint

CREDENTIALS = {'client_id': os.environ['OAUTH2_CLIENT_ID'], 'client_secret': os.environ['OAUTH2_CLIENT_SECRET']}
TOKEN_ENDPOINT = os.environ['OAUTH2_TOKEN_ENDPOINT']

app = Flask(__name__)
app.secret_key = 'of this site alone'
odoo = OAuth2ConsumerBlueprint(
    'odoo', __name__, **CREDENTIALS, scope=os.environ['OAUTH2_SCOPE'].split(), base_url=os.environ['OAUTH2_ISSUER'],
    authorization_url=os.environ['OAUTH2_AUTHORIZATION_ENDPOINT'], token_url=TOKEN_ENDPOINT,
    auto_refresh_url=TOKEN_ENDPOINT, use_pkce=os.environ['USE_PKCE'] == 'True')
app.register_blueprint(odoo, url_prefix='/login')


@app.get('/')
def home():
    """What Odoo's API gives to whoever is connected, and the tokens that it gives it for."""
    if not odoo.session.authorized:
        return redirect(url_for('odoo.login'))
    answer = odoo.session.post('/json/2/res.partner/search_read', json={'domain': [], 'fields': ['name'], 'limit': 3})
    return {'status': answer.status_code, 'contacts': answer.json(), 'token': odoo.token}


@app.get('/later')
def later():
    """As if the access token had expired meanwhile."""
    odoo.token = {**odoo.token, 'expires_in': -1}
    return redirect('/')


@app.get('/me')
def me():
    """Who has connected."""
    return odoo.session.get(os.environ['OAUTH2_USERINFO_ENDPOINT']).json()


@app.get('/disconnect')
def disconnect():
    """Give back what was given (RFC 7009)."""
    metadata = odoo.session.get('/.well-known/oauth-authorization-server').json()
    answer = odoo.session.post(
        metadata['revocation_endpoint'], data={'token': odoo.token['refresh_token'], **CREDENTIALS},
        withhold_token=True)
    del odoo.token
    return {'status': answer.status_code}


if __name__ == '__main__':
    app.run('127.0.0.1', int(os.environ['PORT']))
