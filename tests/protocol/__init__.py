"""The tests of `protocol/`: plain Python, no Odoo. They are run from the addon's folder.

PYTHONPATH=.:tests python -m unittest discover -s tests/protocol -t tests/protocol
"""
