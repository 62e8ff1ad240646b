"""The letter: pure Python, no Odoo import, no socket, no clock of its own."""
