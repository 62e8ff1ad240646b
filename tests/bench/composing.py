"""``python -m bench.composing DATABASE PAGES DOCUMENTS``: documents of any kind.

*Send by post* opens on one receipt whose report has so many pages, as the web client
opens it; nothing may be rendered for that. Then so many receipts are sent in one batch,
and the scheduled action makes their letters; the engine's own work is left out, and
each report gives the same PDF. Prints a JSON list.
"""

from __future__ import annotations

import io
import json
import sys
from contextlib import contextmanager

from pypdf import PdfWriter

from bench import house
from bench.meter import Meter

REPORT = "account.action_report_payment_receipt"
ADDRESS = {"street": "12 rue de la Paix", "zip": "75002", "city": "Paris"}


def main(database: str, pages: int, documents: int) -> None:
    with house.environment(database) as env:
        env["beepost.account"].create({"name": "Bench", "company_id": env.company.id})
        env.company.partner_id.write({**ADDRESS, "country_id": env.ref("base.fr").id})
        receipts = _receipts(env, documents + 2)
        with _printing(env, pages) as rendered:
            _open(env, receipts[0])  # views are read once for all
            figures = [
                {"pages": pages, **_open(env, receipts[1]), "rendered": len(rendered)}
            ]
        with _printing(env, 1) as rendered:
            figures.append(_mass(env, receipts[2:]))
        if len(rendered) != documents:
            raise SystemExit(f"{len(rendered)} of {documents} reports were rendered")
    sys.stdout.write(json.dumps(figures) + "\n")


def _receipts(env, count: int):
    partners = env["res.partner"].create(
        [
            {"name": f"Client {n}", "country_id": env.ref("base.fr").id, **ADDRESS}
            for n in range(count)
        ]
    )
    journal = env["account.journal"].create(
        {"name": "Banque", "type": "bank", "code": "BNCH"}
    )
    receipts = env["account.payment"].create(
        [
            {
                "partner_id": partner.id,
                "payment_type": "inbound",
                "amount": 10,
                "journal_id": journal.id,
            }
            for partner in partners
        ]
    )
    env.cr.commit()
    return receipts


@contextmanager
def _printing(env, pages: int):
    """The engine gives ``pages`` empty pages. :return: the records it was asked for"""
    writer, buffer = PdfWriter(), io.BytesIO()
    for _page in range(pages):
        writer.add_blank_page(595, 842)
    writer.write(buffer)
    asked = []

    def render(reports, report_ref, res_ids=None, data=None):
        asked.extend(res_ids)
        return buffer.getvalue(), "pdf"

    Report = type(env["ir.actions.report"])
    original = Report._render_qweb_pdf
    Report._render_qweb_pdf = render
    try:
        yield asked
    finally:
        Report._render_qweb_pdf = original


def _open(env, receipt) -> dict:
    """What the web client asks for when the dialog opens."""
    env.flush_all()
    env.invalidate_all()
    meter = Meter()
    dialogs = env["beepost.compose"].with_context(
        active_model=receipt._name, active_ids=receipt.ids
    )
    view = dialogs.get_views([(False, "form")])
    fields = view["models"][dialogs._name]["fields"]
    dialogs.onchange({}, [], {name: _wanted(field) for name, field in fields.items()})
    meter.end()
    cost = meter.per_letter(1)
    return {"open_queries": cost["queries"], "open_ms": cost["ms"]}


def _wanted(field: dict) -> dict:
    kinds = {"many2one": ["display_name"], "one2many": ["report_id", "attachment_id"]}
    names = kinds.get(field["type"], [])
    return {"fields": {name: {} for name in names}} if names else {}


def _mass(env, receipts) -> dict:
    env.flush_all()
    env.invalidate_all()
    meter = Meter()
    dialog = (
        env["beepost.compose"]
        .with_context(active_model=receipts._name, active_ids=receipts.ids)
        .create({})
    )
    dialog.action_send()
    env.cr.commit()
    env.ref("beepost_mail.cron_make").method_direct_trigger()
    meter.end()
    env.cr.commit()  # looks at what the scheduled action has written
    env.invalidate_all()
    made = env["beepost.mailing.document"].search_count(
        [("res_model", "=", receipts._name), ("res_id", "in", receipts.ids)]
    )
    if made != len(receipts):
        reasons = set(env["beepost.lot.line"].search([("id", ">", 0)]).mapped("reason"))
        raise SystemExit(f"{made} of {len(receipts)} letters were made: {reasons}")
    cost = meter.per_letter(made)
    return {
        "documents": made,
        "queries_per_letter": cost["queries"],
        "ms_per_letter": cost["ms"],
    }


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
