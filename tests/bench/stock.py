"""``python -m bench.stock DATABASE COUNT``: posted French invoices with a legal PDF.

Every fourth has two pages. Each has a PDF of its own, of which page 1 shows the address
in the window.
"""

from __future__ import annotations

import sys
from datetime import date

from bench import house, paper

CUSTOMERS = 200  # an addressee gets several invoices, as in life
SLICE = 100
STREETS = ("rue de la République", "avenue Victor Hugo", "rue des Lilas", "quai Est")
TOWNS = (
    ("69002", "Lyon"),
    ("75011", "Paris"),
    ("44000", "Nantes"),
    ("13006", "Marseille"),
)


def main(database: str, count: int) -> None:
    with house.environment(database) as env:
        company = _company(env)
        env = env(context={**env.context, "allowed_company_ids": company.ids})
        customers = _customers(env, min(CUSTOMERS, count))
        tax = env["account.tax"].search(
            [("company_id", "=", company.id), ("type_tax_use", "=", "sale")], limit=1
        )
        for start in range(0, count, SLICE):
            numbers = range(start, min(count, start + SLICE))
            moves = _invoices(
                env, [customers[n % len(customers)] for n in numbers], tax
            )
            _attach(env, moves, first=start)
            env.cr.commit()


def _company(env):
    france = env.ref("base.fr")
    # install_mode: no further module installs itself for France
    company = env(context={**env.context, "install_mode": True})["res.company"].create(
        {
            "name": house.COMPANY,
            "country_id": france.id,
            "street": "1 rue du Port",
            "zip": "44000",
            "city": "Nantes",
            "iap_enrich_auto_done": True,  # no question to Odoo about this company
        }
    )
    company = company.with_env(env)
    env["account.chart.template"].try_loading("fr", company, install_demo=False)
    env.user.company_ids += company
    env["beepost.account"].create(
        {
            "name": "Bench",
            "company_id": company.id,
            "gateway": "http",
            "url": "http://127.0.0.1:1",  # each run connects it to its own service
        }
    )
    return company


def _customers(env, count):
    return env["res.partner"].create(
        [
            {
                "name": f"Société d'essai {number}",
                "is_company": True,
                "street": f"{1 + number} {STREETS[number % len(STREETS)]}",
                "zip": TOWNS[number % len(TOWNS)][0],
                "city": TOWNS[number % len(TOWNS)][1],
                "country_id": env.ref("base.fr").id,
            }
            for number in range(count)
        ]
    )


def _invoices(env, customers, tax):
    line = {"name": "Prestation", "price_unit": 100.0, "tax_ids": tax.ids}
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_date": date.today(),
                "invoice_line_ids": [(0, 0, {**line, "quantity": n}) for n in (1, 2)],
            }
            for customer in customers
        ]
    )
    moves.action_post()
    return moves


def _attach(env, moves, first: int) -> None:
    """The legal PDF, as the send wizard leaves it."""
    sender, _findings = moves.company_id._beepost_sender()
    window = house.account(env).profile_id._as_room_profile().window
    corner = (window.left, window.top)
    files = []
    for position, move in enumerate(moves, first):
        address, _findings = move.partner_id._beepost_address()
        rows = 30 if position % 4 == 3 else 8 + position % 12
        files.append(
            {
                "name": f"{move.name}.pdf".replace("/", "_"),
                "raw": paper.invoice(
                    move.name, sender.lines, address.lines, corner, rows
                ),
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
                "mimetype": "application/pdf",
            }
        )
    env["ir.attachment"].create(files)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
