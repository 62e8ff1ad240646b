"""From an invoice with its PDF to a letter in a queue, ours or snailmail's."""

from __future__ import annotations

from contextlib import contextmanager

# What core's own scheduled action takes at a time, with one commit.
BATCH = 10


def make_letters(env, method: str, invoices, batch: int = BATCH) -> None:
    """As core's send flow does once the invoices have their PDF: one hook, then a
    commit, for each batch."""
    ids = invoices.ids
    for start in range(0, len(ids), batch):
        send = env["account.move.send"]
        moves = env["account.move"].browse(ids[start : start + batch])
        settings = {
            "sending_methods": {method},
            "author_user_id": env.ref("base.user_admin").id,
            "author_partner_id": env.ref("base.partner_admin").id,
        }
        data = {
            move.sudo(): send._get_default_sending_settings(move, **settings)
            for move in moves
        }
        with _ready_pdf(send):
            send._hook_if_success(data)
        env.cr.commit()


@contextmanager
def _ready_pdf(send):
    """Snailmail gets the legal PDF as its letter's attachment. It then sends that one
    (``_fetch_attachment``) instead of rendering the invoice again: the same bytes as
    ours, and the costliest thing that it does left out."""
    model = type(send)
    original = model._prepare_snailmail_letter_values

    def with_attachment(self, move):
        return {
            **original(self, move),
            "attachment_id": move.invoice_pdf_report_id.id,
        }

    model._prepare_snailmail_letter_values = with_attachment
    try:
        yield
    finally:
        del model._prepare_snailmail_letter_values


def prepare_ours(env, account) -> None:
    """Our letters' PDFs are checked: all that comes before the submission."""
    from odoo.addons.beepost_mail.letter.workshop import Workshop

    with Workshop() as workshop:
        while env["beepost.outbox"]._prepare(account, workshop):
            env.cr.commit()
