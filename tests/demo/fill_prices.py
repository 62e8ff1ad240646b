"""What letters cost in the demo: a contract of each company, and an invented 2027.

Every figure of 2027 is fiction, and says so: nobody knows them yet.
"""

from cases import house

from odoo import Command, fields

NEW_YEAR = fields.Date.to_date("2027-01-01")


def fill_prices(env, companies):
    """
    :param companies: {key in ``house.COMPANIES``: ``res.company`` with its account}
    """
    _publish_2027(env)
    for company in companies.values():
        _make_contract(env, company)


def _publish_2027(env):
    """The public steps of 2026, each ten cents dearer."""
    former = env.ref("beepost_postage.grid_public_2026")
    coming = former.copy(
        {
            "valid_from": NEW_YEAR,
            "valid_to": False,
            "version": 2,
            "origin": house.FICTION,
        }
    )
    for line in coming.line_ids:
        line.price = round(line.price + house.PUBLIC_MORE_IN_2027, 4)
    coming.action_announce()


def _make_contract(env, company):
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
    this_year = {"valid_from": estimated.valid_from, "valid_to": NEW_YEAR, "version": 1}
    next_year = {"valid_from": NEW_YEAR, "valid_to": False, "version": 2}
    for version in (this_year, next_year):
        grid = estimated.copy(
            {"tariff_id": tariff.id, "origin": house.FICTION, **version}
        )
        grid.action_announce()
    company.beepost_account_id.tariff_id = tariff


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
