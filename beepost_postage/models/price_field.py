from odoo import fields


class Price(fields.Float):
    """EUR to four decimals, or nothing: a letter without a price has no 0.00, neither
    over RPC nor in the sums of lists and pivots. Python reads 0.0 where there is none.
    """

    def convert_to_column(self, value, record, values=None, validate=True):
        column = super().convert_to_column(value, record, values, validate)
        return column if value else None

    def convert_to_read(self, value, record, use_display_name=True):
        return super().convert_to_read(value, record, use_display_name) or False
