"""Evidence as a file that outlives Odoo. Pure Python, no Odoo import."""
