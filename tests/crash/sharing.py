"""As ``posting``; each document comes with the company's terms, and every few of them
lie in one envelope."""

from posting import a_pdf, letter_values, start, work

from odoo import Command

__all__ = ["build", "work"]
DOCUMENTS = 5  # of one addressee


def build(env, count, *service):
    account, partner = start(env, *service)
    addressees = [
        partner.copy({"name": f"Jeanne Essai {number // DOCUMENTS}"})
        for number in range(0, count, DOCUMENTS)
    ]
    letters = env["beepost.mailing"].create(
        [
            enclosing(
                letter_values(env, account, addressees[number // DOCUMENTS], number),
                env["ir.attachment"].create(
                    {"name": "Terms.pdf", "raw": a_pdf("Terms")}
                ),
            )
            for number in range(count)
        ]
    )
    letters._snapshot_addresses()
    letters._count_if_needed()
    letters._put_together(letters._find_groups())


def enclosing(values, file):
    (document,) = values["document_ids"]
    enclosure = Command.create(
        {
            **document[2],
            "name": file.name,
            "attachment_id": file.id,
            "kind": "enclosure",
        }
    )
    return {**values, "document_ids": [document, enclosure]}
