"""The reference routes: what Odoo itself needs for nothing, for reading a row, and for writing a row."""
from datetime import datetime, timedelta
from json import dumps

from odoo.http import Controller, request, route


class BenchController(Controller):

    @route('/bench/nothing', type='http', auth='none', csrf=False, save_session=False)
    def nothing(self):
        """What Odoo does for every request."""
        return 'ok'

    @route('/bench/read', type='http', auth='none', csrf=False, save_session=False)
    def read(self):
        """One row by its primary key."""
        request.env.cr.execute('SELECT login FROM res_users WHERE id = 1')
        return request.env.cr.fetchone()[0]

    @route('/bench/insert', type='http', auth='none', csrf=False, save_session=False, readonly=False)
    def insert(self):
        """Insert one row into a small table, and commit."""
        request.env.cr.execute('INSERT INTO bench_row (at) VALUES (now())')
        return 'ok'

    @route('/bench/bearer', type='http', auth='bearer', csrf=False)
    def bearer(self):
        """Nothing, for an authenticated user."""
        return str(request.env.uid)

    @route('/bench/api_key', type='http', auth='none', csrf=False, save_session=False, readonly=False)
    def api_key(self):
        """An API key of the user of the tokens. This addon is for databases of the benchmark only."""
        keys = request.env['res.users.apikeys'].with_user(request.env.ref('base.user_demo'))
        return keys.sudo()._generate(None, 'bench', datetime.now() + timedelta(days=1))

    @route('/bench/allow', type='http', auth='none', csrf=False, save_session=False, readonly=False)
    def allow(self):
        """Let the administrator allow the demonstration application for signing in, and return its credentials."""
        environment = request.env(su=True)
        client = environment.ref('restapi_oauth2.client_demo_sign_in')
        environment['oauth2.consent']._record(
            client, environment.ref('base.user_admin').id, 'openid profile',
            environment['oauth2.configuration']._issuer(), client.redirect_uri_ids.uri)
        return dumps([client.client_id, 'DemonstrationSignsPeopleInSecret'])
