"""A tool server in front of Odoo: for its user, an assistant finds and adds contacts, and finds orders."""
import os
from typing import Annotated
from urllib.parse import urlsplit

import uvicorn
from gate import Gate, Verifier
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from odoo_api import Odoo, Refused
from pydantic import Field
from starlette.middleware import Middleware

# What Odoo's dialog shows for the application of this API, as a .env file.
ISSUER = os.environ['OAUTH2_ISSUER']
API = os.environ['OAUTH2_AUDIENCE']
PORT = int(os.environ.get('PORT', '8000'))
# The scope of this API itself; each tool needs it, and one of Odoo's.
RUN = 'tools.run'
AT_MOST = 20

odoo = Odoo(ISSUER, os.environ['OAUTH2_CLIENT_ID'], os.environ['OAUTH2_CLIENT_SECRET'])
tools = MCPServer(
    'Odoo tools', token_verifier=Verifier(odoo), auth=AuthSettings(
        issuer_url=ISSUER, resource_server_url=API, required_scopes=[RUN], validate_token_resource=True))
scopes_of_tools = {}


def tool(scope):
    """Offer a function as a tool that needs a scope of Odoo's."""
    def offer(function):
        scopes_of_tools[function.__name__] = [RUN, scope]
        return tools.tool()(function)
    return offer


async def ask(scope, model, method, **arguments):
    """Ask Odoo in the name of the tool's caller."""
    try:
        return await odoo.call(get_access_token().token, scope, model, method, **arguments)
    except Refused as error:
        raise ToolError(str(error)) from None


CONTACT = ['name', 'email', 'phone', 'city']
Number = Annotated[int, Field(description='The number of the record in Odoo')]


@tool('contacts.read')
async def find_contacts(name: str) -> list[dict]:
    """Find contacts by a part of their name."""
    return await ask('contacts.read', 'res.partner', 'search_read', domain=[['name', 'ilike', name]], fields=CONTACT,
                     limit=AT_MOST)


@tool('contacts.read')
async def read_contact(number: Number) -> list[dict]:
    """Read one contact."""
    return await ask('contacts.read', 'res.partner', 'search_read', domain=[['id', '=', number]],
                     fields=[*CONTACT, 'street', 'zip', 'website'])


@tool('contacts.write')
async def add_contact(name: str, email: str) -> int:
    """Add a contact. Gives its number."""
    [number] = await ask('contacts.write', 'res.partner', 'create', vals_list=[{'name': name, 'email': email}])
    return number


if 'orders.read' in odoo.metadata['scopes_supported']:  # if Odoo's app Sales is installed
    ORDER = ['name', 'date_order', 'state', 'amount_total']

    @tool('orders.read')
    async def find_orders(customer: str) -> list[dict]:
        """Find the latest sales orders of customers, by a part of the customer's name."""
        return await ask('orders.read', 'sale.order', 'search_read', domain=[['partner_id.name', 'ilike', customer]],
                         fields=ORDER, limit=AT_MOST, order='date_order desc')

    @tool('orders.read')
    async def read_order(number: Number) -> list[dict]:
        """Read one sales order."""
        return await ask('orders.read', 'sale.order', 'search_read', domain=[['id', '=', number]], fields=ORDER)


def application():
    """The server, as uvicorn runs it."""
    address = urlsplit(API)
    app = tools.streamable_http_app(
        streamable_http_path=address.path or '/', stateless_http=True, json_response=True,
        # A proxy may be in front of it: it accepts only the host name by which clients know it.
        transport_security=TransportSecuritySettings(allowed_hosts=[address.netloc]))
    metadata = f'{address.scheme}://{address.netloc}/.well-known/oauth-protected-resource{address.path}'
    # After the middleware that reads the token, and before the tools.
    app.user_middleware.append(Middleware(
        Gate, path=address.path or '/', metadata=metadata, scopes=[RUN, 'contacts.read'], of_tools=scopes_of_tools))
    return app


if __name__ == '__main__':
    uvicorn.run(application(), host='127.0.0.1', port=PORT)
