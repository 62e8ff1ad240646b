"""Fills a database with the demo company, from the table in ``cases``.

``fill(env)`` runs in an Odoo shell, once, on a database without data of its own.
Everything is fixed (names, numbers), so that two demos are the same; dates count from
the day on which it runs. Nothing is rendered here: the PDFs are made when the invoices
are sent.
"""

from datetime import timedelta

from cases import CASES, MAIN, OTHER, Accepted, Held, house
from fill_papers import fill_papers
from fill_prices import fill_prices, make_services
from markupsafe import Markup

from odoo import Command, fields

FIRST_DAY = fields.Date.today() - timedelta(days=28)
NOTE_LINES = 12
# Replaced at each start by the address that the service really has.
SERVICE_URL = "http://127.0.0.1:8070/v1"


def fill(env):
    env = env(context={**env.context, "lang": "fr_FR", "tracking_disable": True})
    env["res.lang"]._activate_lang("en_US")
    env["ir.default"].set("res.partner", "lang", "fr_FR")
    # It would call home.
    env.ref("mail.ir_cron_module_update_notification").active = False
    companies = {
        MAIN: env.ref("base.main_company"),
        OTHER: env["res.company"].create({"name": house.COMPANIES[OTHER].name}),
    }
    _make_users(env, companies)
    make_services(env)
    for key, company in companies.items():
        _set_up_company(company, house.COMPANIES[key])
    fill_prices(env, companies)
    products = _make_products(env, companies.values())
    for key, company in companies.items():
        _make_invoices(
            company, products, [case for case in CASES if case.company == key]
        )
    known = {}
    main = companies[MAIN]
    fill_papers(env, main, products, lambda to: _partner(main, to, known))


# ----------------------------------------------------------------------
# The house
# ----------------------------------------------------------------------


def _make_users(env, companies):
    all_companies = sum(companies.values(), env["res.company"])
    for user in house.USERS:
        values = {
            "name": user.name,
            "login": user.login,
            "password": user.login,
            "email": f"{user.login}@papeterie-lumiere.example",
            "lang": "fr_FR",
            "tz": "Europe/Paris",
            "notification_type": "inbox",  # nothing tries to send e-mail
            "company_id": companies[MAIN].id,
            "company_ids": [Command.set(all_companies.ids)],
            "group_ids": [Command.link(env.ref(group).id) for group in user.groups],
        }
        known = env["res.users"].search([("login", "=", user.login)])
        if known:
            known.write(values)
        else:
            values["group_ids"].append(Command.link(env.ref("base.group_user").id))
            env["res.users"].with_context(no_reset_password=True).create(values)


def _set_up_company(company, wanted):
    env = company.env
    company.write(
        {
            "name": wanted.name,
            "street": wanted.street,
            "zip": wanted.zip,
            "city": wanted.city,
            "country_id": env.ref("base.fr").id,
            "vat": wanted.vat,
            "company_registry": wanted.siret,
            "email": wanted.email,
            "logo": False,  # the name is printed instead
            "report_footer": Markup("<p>%s</p>") % wanted.footer,
            "beepost_einvoice_from": FIRST_DAY
            + timedelta(days=28 + wanted.einvoice_in),
            "beepost_address_sheet": wanted.address_sheet,
            "beepost_without_price": wanted.without_price,
        }
    )
    company.partner_id.lang = "fr_FR"
    env["account.chart.template"].try_loading("fr", company, install_demo=False)
    sales = [("type", "=", "sale"), ("company_id", "=", company.id)]
    env["account.journal"].search(sales, limit=1).code = wanted.journal
    account = env["beepost.account"].create(
        {
            "name": f"BeePOST {wanted.name}",
            "company_id": company.id,
            "gateway": "http",
            "url": SERVICE_URL,
            "identifier": wanted.identifier,
            "password": wanted.password,
        }
    )
    company.beepost_account_id = account
    _tick_layout(company)


def _tick_layout(company):
    """The document layout with the address in the window, as the settings offer it."""
    settings = company.env["res.config.settings"].with_company(company)
    settings.create({"beepost_layout": True}).execute()


def _make_products(env, companies):
    taxes = [company.account_sale_tax_id.id for company in companies]
    return env["product.product"].create(
        [
            {
                "name": name,
                "list_price": price,
                "type": "consu",
                "taxes_id": [Command.set(taxes)],
            }
            for name, price, _quantity in house.PRODUCTS
        ]
    )


# ----------------------------------------------------------------------
# Customers and their invoices
# ----------------------------------------------------------------------


def _make_invoices(company, products, cases):
    env = company.env
    known = {}
    moves = env["account.move"]
    for number, case in enumerate(cases):
        partner = _partner(company, case.to, known)
        moves += moves.with_company(company).create(
            _move_values(case, partner, products, number)
        )
    moves.action_post()
    for move, case in zip(moves, cases, strict=True):
        move._message_log(body=_expected(case))


def _partner(company, addressee, known):
    if addressee not in known:
        env = company.env
        parent = addressee.parent and _partner(company, addressee.parent, known)
        values = _partner_values(env, addressee)
        if parent:
            values.update(parent_id=parent.id, type=addressee.kind)
        partner = env["res.partner"].with_company(company).create(values)
        known[addressee] = partner
    return known[addressee]


def _partner_values(env, addressee):
    country = env["res.country"].search([("code", "=", addressee.country)], limit=1)
    state = env["res.country.state"].search(
        [("country_id", "=", country.id), ("code", "=", addressee.state)], limit=1
    )
    service = env["beepost.service"].search([("code", "=", addressee.service)], limit=1)
    values = {
        "name": addressee.name or False,
        "is_company": addressee.is_company,
        "lang": addressee.lang,
        "street": addressee.street or False,
        "street2": addressee.street2 or False,
        "zip": addressee.zip or False,
        "city": addressee.city or False,
        "country_id": country.id,
        "state_id": state.id,
        "vat": addressee.vat or False,
        "company_registry": addressee.siret or False,
        "beepost_public_body": addressee.public_body,
        "beepost_service_id": service.id,
        "beepost_color": "yes" if addressee.color else False,
        "beepost_duplex": "no" if addressee.simplex else False,
    }
    return values if addressee.parent is None else _own(values)


def _own(values):
    """A child contact takes from its company whatever it does not say itself."""
    return {key: value for key, value in values.items() if value is not False}


def _move_values(case, partner, products, number):
    lines = [
        {
            "product_id": products[(number + position) % len(products)].id,
            "quantity": house.PRODUCTS[position % len(products)][2],
        }
        for position in range(case.products)
    ]
    lines += [
        {"display_type": "line_note", "name": _note(position)}
        for position in range(1, case.notes + 1)
    ]
    return {
        "move_type": "out_refund" if case.credit_note else "out_invoice",
        "partner_id": partner.id,
        "invoice_date": fields.Date.add(FIRST_DAY, days=number % 20),
        "ref": case.key,
        "invoice_payment_term_id": partner.env.ref(
            "account.account_payment_term_30days"
        ).id,
        "invoice_line_ids": [Command.create(line) for line in lines],
    }


def _note(number):
    first = 1000 + (number - 1) * NOTE_LINES
    return "\n".join(
        [house.NOTE_TITLE.format(number=number)]
        + [house.NOTE_LINE.format(number=first + n) for n in range(1, NOTE_LINES)]
    )


def _expected(case):
    verdict = case.verdict
    if isinstance(verdict, Accepted):
        return f"{case.why} Attendu : acceptée par BeePOST."
    if isinstance(verdict, Held):
        return f"{case.why} Attendu : prête, elle attend d'avoir un prix."
    who = "BeePOST" if verdict.by == "beepost" else "Odoo"
    codes = ", ".join(code for code, _words in verdict.reasons)
    return f"{case.why} Attendu : refusée par {who} ({codes})."
