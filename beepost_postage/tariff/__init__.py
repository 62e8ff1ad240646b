"""What a letter costs: pure Python, exact, no Odoo.

Amounts are ``Decimal`` EUR without tax, weights ``int`` milligrams, steps ``int``
grams, days Europe/Paris dates. No float is ever taken, see ``money.exact``.
"""
