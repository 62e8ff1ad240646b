"""Uninstalls for real, in a process of its own: ``stages.py DATABASE``.

Reads one JSON object a line from stdin, ``{"do": NAME, …}``, runs the function NAME in
a transaction of its own, and writes ``{"answer": …}`` or ``{"refused": WORDS}``.
"""

import hashlib
import json
import sys
import tempfile
from contextlib import contextmanager

LINE = "One line of evidence 4716"
PRICE_LINE = "One line of prices"


def main(database):
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(["-d", database, "--no-http"], setup_logging=True)
    Registry(database)
    print(json.dumps({"answer": "ready"}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(obey(database, globals()[order.pop("do")], order)), flush=True)


def obey(database, task, values):
    from odoo.exceptions import UserError

    try:
        with environment(database) as env:
            return {"answer": task(env, **values)}
    except UserError as error:
        return {"refused": str(error)}


@contextmanager
def environment(database):
    import odoo
    from odoo.modules.registry import Registry

    with Registry(database).cursor() as cr:
        yield odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})


def use(env):
    """A letter that was really posted, and a practice letter; and things around them
    that know of the addons."""
    env["ir.config_parameter"].set_param("ir_attachment.location", "db")
    # Nobody else may hold a scheduled action while modules change.
    env["res.users"].browse(env.uid).lang = "en_US"
    france = env.ref("base.fr")
    address = {"street": "1 rue du Port", "zip": "69002", "city": "Lyon"}
    env.company.partner_id.write({**address, "country_id": france.id})
    accounts = env["beepost.account"].create(
        [
            {"name": "Practice"},
            {"name": "Real", "gateway": "http", "url": "https://bee.example.com"},
        ]
    )
    partner = env["res.partner"].create(
        {"name": "Jeanne Essai", **address, "country_id": france.id}
    )
    for account in accounts:
        letter = env["beepost.mailing"].create(letter_values(env, account, partner))
        letter._snapshot_addresses()
        letter.write({"state": "accepted", "accepted_at": "2026-11-24 08:00:00"})
        letter.sha256 = hashlib.sha256(letter.pdf_id.raw).hexdigest()
    account = accounts[1]
    price(env)
    tell(env)
    env["beepost.wording"].create({"code": "odd", "canonical": "none"})
    suivi = env["beepost.suivi"].create({"company_id": env.company.id})
    suivi.message_post(body=LINE)
    suivi.activity_schedule("mail.mail_activity_data_todo")
    env["ir.attachment"].create(
        {"name": LINE, "res_model": "beepost.suivi", "res_id": suivi.id, "raw": b"x"}
    )
    env["ir.filters"].create(
        [
            {"name": "gone", "model_id": "beepost.event", "domain": "[]"},
            {
                "name": "broken",
                "model_id": "beepost.mailing",
                "domain": "[('status', '=', 'delivered')]",
            },
            {
                "name": "broken too",
                "model_id": "account.move",
                "domain": "[]",
                "context": "{'group_by': ['beepost_stage_id']}",
            },
            {
                "name": "kept",
                "model_id": "beepost.mailing",
                "domain": "[('state', '=', 'accepted')]",
            },
        ]
    )
    env["ir.actions.server"].create(
        {
            "name": LINE,
            "model_id": env["ir.model"]._get_id("beepost.suivi"),
            "state": "code",
            "code": "pass",
        }
    )
    env["ir.config_parameter"].set_param("beepost_tracking.something", "1")
    return account.id


def price(env):
    """Every letter has a price, and grids have things around them."""
    grid = env.ref("beepost_postage.grid_beepost")
    env["beepost.mailing"].search([("id", "!=", 0)]).write(
        {
            "postage_grid_id": grid.id,
            "postage_public_grid_id": env.ref("beepost_postage.grid_public_2026").id,
            "postage_line_id": grid.line_ids[0].id,
            "priced_for": "2026-11-25",
            "price_total": 1.194,
            "quote": {"total": "1.194"},
        }
    )
    grid.message_post(body=PRICE_LINE)
    env["ir.attachment"].create(
        {"name": PRICE_LINE, "res_model": grid._name, "res_id": grid.id, "raw": b"x"}
    )
    env["ir.filters"].create(
        [
            {"name": "of prices", "model_id": "beepost.postage.grid", "domain": "[]"},
            {
                "name": "of prices too",
                "model_id": "beepost.mailing",
                "domain": "[('price_total', '>', 1)]",
            },
        ]
    )


def leave(env):
    """What a letter that leaves is told on its way: why it is held, if it is."""
    letters = env["beepost.mailing"].search([("id", "!=", 0)])
    held = {**letters._before_queue(), **letters._before_hand_over()}
    return sorted(held.values())


def install(env, name):
    env["ir.module.module"].search([("name", "=", name)]).button_immediate_install()


def prices(env):
    """:return: (tariff of each account, total and quote of each letter)"""
    accounts = env["beepost.account"].search([("id", "!=", 0)])
    found = env["beepost.mailing"].search([("id", "!=", 0)])
    [form] = found.get_views([(False, "form")])["views"].values()
    assert "price_untaxed" in form["arch"]
    found.web_read({"price_total": {}, "quote": {}, "name": {}})
    return (
        accounts.mapped("tariff_id.name"),
        [[letter.price_total, letter.quote] for letter in found],
    )


def letter_values(env, account, partner):
    from odoo import Command

    pdf = env["ir.attachment"].create(
        {
            "name": "a.pdf",
            "raw": b"%PDF",
            "res_model": "res.partner",
            "res_id": partner.id,
        }
    )
    document = {
        "name": "a",
        "res_model": "res.partner",
        "res_id": partner.id,
        "attachment_id": pdf.id,
    }
    return {
        "name": f"Letter of {account.name}",
        "company_id": env.company.id,
        "account_id": account.id,
        "partner_id": partner.id,
        "user_id": env.uid,
        "service_id": env["beepost.service"].search([], limit=1).id,
        "pdf_id": pdf.id,
        "document_ids": [Command.create(document)],
    }


def tell(env):
    """News of every letter."""
    for letter in env["beepost.mailing"].search([("id", "!=", 0)]):
        env["beepost.pull"]._store(letter.account_id, "beepost", [news(env, letter)])


def news(env, letter):
    from datetime import datetime, timezone

    from odoo.addons.beepost_mail.gateway import port

    count = env["beepost.event"].search_count([])
    return port.Event(
        event_id=f"{letter.client_reference}-{count}",
        client_reference=letter.client_reference,
        provider_reference="PR-1",
        code="posted",
        label="posted",
        happened_at=datetime(2026, 11, 24, 11, tzinfo=timezone.utc),
        raw={"line": LINE},
    )


def export(env):
    asked = env["beepost.export"].create(
        {"company_id": env.company.id, "user_id": env.ref("base.user_admin").id}
    )
    env.cr.commit()  # as the wizard's own request does
    with tempfile.TemporaryFile() as target:
        handed_over = env["beepost.export.file"]._write(asked, target)
    env.cr.commit()
    handed_over()  # as the answer does with its last byte
    env.cr.commit()  # what is written down is seen from the next transaction on
    env.invalidate_all()
    return asked.letters


def uninstall(env, name, method="button_immediate_uninstall"):
    module = env["ir.module.module"].search([("name", "=", name)])
    if method == "wizard":
        wizard = env["base.module.uninstall"].create({"module_ids": module.ids})
        wizard.action_uninstall()
    elif method == "behind":
        from odoo.modules.registry import Registry

        # As a program that writes the state and restarts the server would.
        module.state = "to remove"
        env.cr.commit()
        Registry.new(env.cr.dbname, update_module=True)
    else:
        getattr(module, method)()


def states(env):
    modules = env["ir.module.module"].search([("name", "=like", "beepost_%")])
    return {module.name: module.state for module in modules}


def letters(env):
    return env["beepost.mailing"].search([("id", "!=", 0)]).mapped("state")


if __name__ == "__main__":
    main(sys.argv[1])
