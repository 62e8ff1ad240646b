"""``python -m bench.following DATABASE PORT SIZE...``: reading events and the kanban.

For each SIZE, so many open letters lie in the database when 500 of them have news. The
letters with news each carry an invoice, whose chatter is written; the others are copies
of one of them, made by SQL. PORT is the reference service's. Prints a JSON list.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timezone
from pathlib import Path

from lxml import etree

from bench import house
from bench.meter import Meter
from service.client import IDENTIFIER, PASSWORD, ServiceProcess

EVENTS = 500
COLUMN = 40  # cards of a column that the web client asks for


def main(database: str, port: int, sizes: list[int]) -> None:
    service = ServiceProcess(data=Path(), port=port)  # runs already
    figures = []
    with house.environment(database) as env:
        account = _account(env, port)
        for size in sizes:
            letters = _letters(env, account, EVENTS)
            open_letters = env["beepost.mailing"].search_count(
                [("account_id", "=", account.id)]
            )
            _copies(env, letters[0], size - open_letters)
            figures.append({"open": size, **_pull(env, account, service, letters)})
            figures.append({"letters": size, **_kanban(env)})
    sys.stdout.write(json.dumps(figures) + "\n")


def _account(env, port: int):
    return env["beepost.account"].create(
        {
            "name": "Bench",
            "company_id": env.company.id,
            "gateway": "http",
            "url": f"http://127.0.0.1:{port}/v1",
            "identifier": IDENTIFIER,
            "password": PASSWORD,
        }
    )


def _letters(env, account, count: int):
    from odoo import Command

    partner = env["res.partner"].create({"name": "Société d'essai"})
    moves = env["account.move"].create(
        [{"move_type": "out_invoice", "partner_id": partner.id}] * count
    )
    pdf = env["ir.attachment"].create({"name": "Facture.pdf", "raw": b"%PDF"})
    return env["beepost.mailing"].create(
        [
            {
                "name": "Facture",
                "company_id": env.company.id,
                "account_id": account.id,
                "partner_id": partner.id,
                "user_id": env.ref("base.user_admin").id,
                "service_id": env.ref("beepost_mail.service_letter").id,
                "state": "accepted",
                "accepted_at": datetime.now(timezone.utc).replace(tzinfo=None),
                "document_ids": [
                    Command.create(
                        {
                            "name": "Facture",
                            "res_model": "account.move",
                            "res_id": move.id,
                            "attachment_id": pdf.id,
                        }
                    )
                ],
            }
            for move in moves
        ]
    )


def _copies(env, letter, count: int) -> None:
    """Open letters in several stages, as many as wanted."""
    env.flush_all()
    env.cr.execute(
        """SELECT string_agg(quote_ident(column_name), ', ')
             FROM information_schema.columns
            WHERE table_name = 'beepost_mailing' AND table_schema = current_schema
              AND column_name NOT IN ('id', 'client_reference', 'status', 'stage_id')"""
    )
    columns = env.cr.fetchone()[0]
    env.cr.execute(
        f"""INSERT INTO beepost_mailing (client_reference, status, stage_id, {columns})
            SELECT gen_random_uuid()::text, stage_code, stage_number, {columns}
              FROM beepost_mailing, generate_series(1, %s) copy
              JOIN (SELECT id AS stage_number, code AS stage_code,
                           row_number() OVER (ORDER BY sequence) - 1 AS place
                      FROM beepost_stage
                     WHERE code IN ('received', 'producing', 'posted', 'in_transit')
                   ) stage ON place = copy %% 4
             WHERE beepost_mailing.id = %s""",
        [count, letter.id],
    )
    env.cr.commit()
    env.invalidate_all()
    _analyze(env)


def _analyze(env) -> None:
    for table in ("beepost_mailing", "beepost_event", "mail_message", "account_move"):
        env.cr.execute(f"ANALYZE {table}")
    env.cr.commit()


def _pull(env, account, service, letters) -> dict:
    """One event each: handed to La Poste, which moves, dates and tells."""
    service.put(dict.fromkeys(letters.mapped("client_reference"), "lettre"))
    service.advance(hours=1)
    _read(env)  # received and being printed, not measured
    service.advance(days=6)  # J+1, whatever days are holidays
    with account._open_gateway() as gateway:
        gateway.ping()  # the token that has ended meanwhile is not what is measured
    known, asked = _known(env, account), _asked(service)
    meter = Meter()
    _read(env)
    meter.end()
    told = _known(env, account) - known
    if told != EVENTS:
        raise SystemExit(f"{told} events instead of {EVENTS}")
    return {"events": told, "requests": _asked(service) - asked, **_cost(meter)}


def _read(env) -> None:
    env.cr.commit()
    env["beepost.account"]._cron_pull()
    env.cr.commit()


def _known(env, account) -> int:
    return env["beepost.event"].search_count([("account_id", "=", account.id)])


def _asked(service) -> int:
    counts = service.stats()["counts"]
    return sum(n for name, n in counts.items() if name != "connections")


def _cost(meter: Meter) -> dict:
    figures = meter.per_letter(1)
    return {"queries": figures["queries"], "ms": figures["ms"]}


def _kanban(env) -> dict:
    """What the web client asks for when the kanban opens, twice; the second counts."""
    for _time in range(2):
        env.invalidate_all()
        meter = Meter()
        mailings = env["beepost.mailing"]
        view = mailings.get_views([(False, "kanban"), (False, "search")])
        arch = etree.fromstring(view["views"]["kanban"]["arch"])
        names = dict.fromkeys(node.get("name") for node in arch.iter("field"))
        wanted = {name: _wanted(mailings, name) for name in [*names, "stage_id"]}
        mailings.web_read_group(
            [],
            ["stage_id"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=wanted,
            unfold_read_default_limit=COLUMN,
        )
        for bar in arch.iter("progressbar"):
            colors = json.loads(bar.get("colors"))
            told = {"field": bar.get("field"), "colors": colors}
            mailings.read_progress_bar([], "stage_id", told)
        meter.end()
    return _cost(meter)


def _wanted(mailings, name: str) -> dict:
    is_one = mailings._fields[name].type == "many2one"
    return {"fields": {"display_name": {}}} if is_one else {}


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), [int(size) for size in sys.argv[3:]])
