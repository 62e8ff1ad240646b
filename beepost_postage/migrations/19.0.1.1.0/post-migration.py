"""Letters without a price leave, unless their company wants them to wait.

Until this version each of them waited. A company whose prices somebody has confirmed
goes on holding them; where only the shipped estimate stands, nobody chose that, and
what waits leaves now, marked unpriced.
"""

from odoo import SUPERUSER_ID, api

HOLD = """
    UPDATE res_company company
       SET beepost_without_price = 'hold'
     WHERE EXISTS (
         SELECT 1
           FROM beepost_account account
           JOIN beepost_postage_grid grid ON grid.tariff_id = account.tariff_id
          WHERE account.company_id = company.id AND grid.state = 'confirmed'
     )
"""
# No price is no 0.00.
PRICES = ("untaxed", "taxes", "total", "postage", "production")
NO_PRICE = "UPDATE beepost_mailing SET {} WHERE quote IS NULL".format(
    ", ".join(f"price_{name} = NULL" for name in PRICES)
)


def migrate(cr, version):
    if not version:
        return
    cr.execute(HOLD)
    cr.execute(NO_PRICE)
    env = api.Environment(cr, SUPERUSER_ID, {})
    env.invalidate_all()
    accounts = env["beepost.account"].with_context(active_test=False).search([])
    accounts.filtered(lambda one: not one._holds_unpriced())._release_unpriced()
