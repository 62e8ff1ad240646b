"""What becomes of a letter, told from its events alone. Pure Python, no Odoo."""
