"""Runs in the virtual environment: starts Odoo, as its own program would.

Odoo's program is in another place in Debian's package than in a checkout, so both are started through this file. (It is
not `python -m odoo`, because Odoo starts some of its processes by the path of its program.)
"""

from odoo.cli import main

if __name__ == '__main__':
    main()
