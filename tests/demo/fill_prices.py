"""What letters cost in the demo: a contract of each company, and invented public prices
for all days but those of 2026, whose prices are La Poste's own.

All that is invented says so: nobody knows those prices.
"""

from cases import OTHER, house

from odoo import Command, fields

SHIPPED = "beepost_postage.grid_public_2026"
NEW_YEAR = fields.Date.to_date("2027-01-01")


def fill_prices(env, companies):
    """
    :param companies: {key in ``house.COMPANIES``: ``res.company`` with its account}
    """
    new_year = fields.Date.today().replace(month=1, day=1)
    since = min(env.ref(SHIPPED).valid_from, new_year)
    _publish_invented(env, since)
    for company in companies.values():
        _make_contract(env, company, since)
    _forget(companies[OTHER].beepost_account_id.tariff_id)


def _publish_invented(env, since):
    """Before 2026 the public steps of 2026, after it each ten cents dearer.

    :param since: the first day that needs a price
    """
    known = env.ref(SHIPPED)
    coming = _copy(known, valid_from=NEW_YEAR, valid_to=False, version=2)
    for line in coming.line_ids:
        line.price = round(line.price + house.PUBLIC_MORE_IN_2027, 4)
    coming.action_announce()
    if since < known.valid_from:
        former = _copy(known, valid_from=since, valid_to=known.valid_from, version=3)
        former.action_announce()


def _copy(grid, **values):
    return grid.copy({"origin": house.FICTION, **values})


def _make_contract(env, company, since):
    """A contract of the company's own, one version for each year."""
    tariff = env["beepost.postage.tariff"].create(
        {
            "name": house.CONTRACT.format(company=company.name),
            "kind": "contract",
            "provider": "BeePOST",
            "company_id": company.id,
            "public_id": env.ref("beepost_postage.tariff_public").id,
        }
    )
    estimated = env.ref("beepost_postage.grid_beepost")
    before = {"valid_from": since, "valid_to": NEW_YEAR, "version": 1}
    after = {"valid_from": NEW_YEAR, "valid_to": False, "version": 2}
    for version in (before, after):
        _copy(estimated, tariff_id=tariff.id, **version).action_announce()
    company.beepost_account_id.tariff_id = tariff


def _forget(tariff):
    """Takes a product out of a contract: its letters leave unpriced."""
    for grid in tariff.grid_ids:
        grid.action_draft()
        grid.line_ids.filtered(
            lambda line: line.product_id.code in house.FORGOTTEN
        ).unlink()
        grid.action_announce()


def make_services(env):
    """One that BeePOST does not know, and one that no contract prices."""
    posted_as = {
        house.UNKNOWN_SERVICE: "product_lettre_verte",
        house.SERVICES_PLUS: "product_lettre_services_plus",
    }
    for sequence, ((code, name), product) in enumerate(posted_as.items(), 90):
        products = env.ref(f"beepost_postage.{product}")
        env["beepost.service"].create(
            {
                "code": code,
                "name": name,
                "sequence": sequence,
                "postage_product_ids": [Command.set(products.ids)],
            }
        )
