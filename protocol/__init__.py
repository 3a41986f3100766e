"""The protocol in plain Python: no Odoo, no HTTP server, no database.

Everything here follows from the specifications alone, and is tested without a server. Models and controllers import
from here; nothing here imports from them.
"""
