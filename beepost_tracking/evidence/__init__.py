"""One PDF of all that is known of a letter. Pure Python, no Odoo.

The modules import each other relatively and nothing of other rooms: the workshop's
child loads this folder by its path. ``workshop`` alone stays with the parent.
"""
