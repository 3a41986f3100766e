"""The protocol in plain Python: no Odoo, no HTTP server, no database.

What stands here is decided by the specifications alone, and is tested without a server.
Models and controllers import from here; nothing here imports from them.
"""
