"""Companies, their people and a practice account, made once in the database of tests.

A chart of accounts takes longer to make than most tests, and whoever makes a user, an
account or a default empties Odoo's caches, which then fill for seconds. So each class
finds here what it would make, and makes it only where it is missing: in a database that
``setup/test`` has not prepared.
"""

TESTER = "beepost_tester"
MAIN, OTHER, FRENCH = (
    "Company of tests",
    "Other company of tests",
    "French company of tests",
)
# As core's common classes for tests have them, and one of ours.
TESTER_GROUPS = (
    "base.group_user",
    "base.group_system",
    "product.group_product_manager",
    "account.group_account_manager",
    "account.group_account_user",
    "beepost_mail.group_admin",
)
ACCOUNTANT, MANAGER, ADMINISTRATOR = (
    "account.group_account_invoice",
    "beepost_mail.group_manager",
    "beepost_mail.group_admin",
)
PEOPLE = {
    MAIN: (("accountant", ACCOUNTANT), ("manager", MANAGER)),
    FRENCH: (
        ("accountant_b", ACCOUNTANT),
        ("manager_b", MANAGER),
        ("administrator_b", ADMINISTRATOR),
    ),
}


def make(env):
    if "tariff_id" in env["beepost.account"]:
        env["ir.default"].set("beepost.account", "tariff_id", None)
    companies = {name: make_company(env, name) for name in (MAIN, OTHER, FRENCH)}
    tester = env["res.users"].create(
        {
            "name": "Because I am accountman!",
            "login": TESTER,
            "password": TESTER,
            "email": "accountman@test.com",
            "lang": "en_US",
            "company_id": companies[MAIN].id,
            "company_ids": companies[MAIN].ids,
            "group_ids": [env.ref(group).id for group in TESTER_GROUPS],
        }
    )
    env.user.company_ids -= env["res.company"].union(*companies.values())
    for name, people in PEOPLE.items():
        for login, group in people:
            make_user(env, login, group, companies[name])
    make_account(env(user=tester), companies[MAIN])


def make_company(env, name):
    company = env["res.company"].create({"name": name})
    if name == FRENCH:
        # On the company itself Odoo would install more for its country.
        company.partner_id.country_id = env.ref("base.fr")
    charts = env["account.chart.template"]
    chart = charts._guess_chart_template(company.country_id)
    charts.try_loading(chart, company=company, install_demo=False)
    if not company.account_fiscal_country_id:
        company.account_fiscal_country_id = env.ref("base.us")
    return company


def make_user(env, login, group, company):
    return env["res.users"].create(
        {
            "name": login,
            "login": f"beepost_{login}",
            "email": f"{login}@example.com",
            "lang": "en_US",
            "company_id": company.id,
            "company_ids": company.ids,
            "group_ids": groups_of(env, group).ids,
        }
    )


def groups_of(env, group):
    return env.ref(group) + env.ref("base.group_user")


def make_account(env, company):
    """It practises, and has no tariff: most tests are about posting."""
    return env["beepost.account"].create({"name": "Practice", "company_id": company.id})
