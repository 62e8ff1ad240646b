"""Whether a call really comes from the provider. Pure Python, no Odoo, no clock."""
