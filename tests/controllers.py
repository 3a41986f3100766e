"""Routes like those of another addon."""
from odoo.http import Controller, request, route

PATH = '/restapi_oauth2_test'


class RoutesOfAnotherAddon(Controller):

    @route(f'{PATH}/orders', type='http', auth='oauth2', oauth2_scopes=['shop.read'], readonly=True)
    def orders(self):
        """Tell what a controller is told."""
        token = request.oauth2
        return request.make_json_response({
            'uid': request.env.uid, 'client': token.client.name, 'scopes': sorted(token.scopes),
            'authorization': token.authorization.id, 'user': token.authorization.user_id.id,
        })

    @route(f'{PATH}/orders/rpc', type='jsonrpc', auth='oauth2', oauth2_scopes=['shop.read', 'shop.write'])
    def orders_rpc(self, number=0):
        """Answer a JSON-RPC request."""
        return {'client': request.oauth2.client.name, 'number': number}

    @route(f'{PATH}/anybody', type='http', auth='oauth2')
    def anybody(self):
        """Need a token, whatever it is for."""
        return str(request.env.uid)

    @route(f'{PATH}/contacts', type='http', auth='oauth2', oauth2_scopes=['shop.read'])
    def contacts(self):
        """Read contacts for the application, as the user, and as the server."""
        partners = request.env['res.partner']
        ways = {
            'application': lambda: request.oauth2.call('res.partner', 'search_count', domain=[]),
            'user': lambda: partners.search_count([]), 'server': lambda: partners.sudo().search_count([])}
        return str(ways[request.httprequest.args['as']]())

    @route(f'{PATH}/write/contacts', type='http', auth='oauth2', oauth2_scopes=['contacts.read'])
    def write_by_contacts(self):
        """Write with all rights, for a scope that only reads."""
        return self.write_anyway()

    @route(f'{PATH}/write/orders', type='http', auth='oauth2', oauth2_scopes=['shop.read'])
    def write_by_orders(self):
        """Write with all rights, for a scope of which only this route knows what it means."""
        return self.write_anyway()

    @route(f'{PATH}/write/anything', type='http', auth='oauth2')
    def write_by_anything(self):
        """Write with all rights, for any scope."""
        return self.write_anyway()

    @route(f'{PATH}/contact/<model("res.partner"):partner>', type='http', auth='bearer')
    def contact(self, partner):
        """Tell of a record that the address names, on a bearer route that knows nothing of scopes."""
        return partner.phone or ''

    @route(f'{PATH}/report/<int:number>', type='http', auth='bearer')
    def report(self, number):
        """Render a template lazily, as reports and pages do."""
        return request.render('restapi_oauth2.test_report', {'partner': request.env['res.partner'].browse(number)})

    @route(f'{PATH}/write', type='http', auth='bearer', methods=['POST'], csrf=False)
    def write_anyway(self):
        """Write with all rights, whoever asks."""
        request.env['res.partner'].sudo().search([], limit=1).ref = 'written'
        return 'written'

    @route(f'{PATH}/session', type='http', auth='bearer')
    def session(self):
        """Tell whether there is a token."""
        return 'token' if request.oauth2 else 'none'
