"""A table to write to."""
from odoo import fields, models


class BenchRow(models.Model):
    _name = 'bench.row'
    _description = 'A Row of the Benchmark'
    _log_access = False

    at = fields.Datetime()
