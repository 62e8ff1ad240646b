"""What the nursery's workers do: letters wait, and the outbox posts them."""

import io

from reportlab.pdfgen import canvas

from odoo import Command


def build(env, count, *service):
    account, partner = start(env, *service)
    letters = env["beepost.mailing"].create(
        [letter_values(env, account, partner, number) for number in range(count)]
    )
    letters._snapshot_addresses()


def start(env, url, identifier, password):
    """:return: an account, and somebody to write to"""
    # With the database goes all of it: a restored one has its files.
    env["ir.config_parameter"].set_param("ir_attachment.location", "db")
    france = env.ref("base.fr")
    address = {"street": "1 rue du Port", "zip": "69002", "city": "Lyon"}
    env.company.partner_id.write({**address, "country_id": france.id})
    account = env["beepost.account"].create(
        {
            "name": "Crash",
            "gateway": "http",
            "url": url,
            "identifier": identifier,
            "password": password,
            "connect_timeout": 5,
            "read_timeout": 5,
        }
    )
    partner = env["res.partner"].create(
        {"name": "Jeanne Essai", **address, "country_id": france.id}
    )
    return account, partner


def letter_values(env, account, partner, number):
    pdf = env["ir.attachment"].create(
        {"name": f"{number}.pdf", "raw": a_pdf(f"Document {number}")}
    )
    return {
        "name": f"Document {number}",
        "company_id": env.company.id,
        "account_id": account.id,
        "partner_id": partner.id,
        "user_id": env.user.id,
        "service_id": env.ref("beepost_mail.service_letter").id,
        "document_ids": [
            Command.create(
                {
                    "name": f"Document {number}",
                    "res_model": "res.partner",
                    "res_id": partner.id,
                    "attachment_id": pdf.id,
                }
            )
        ],
    }


def a_pdf(text):
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=(595.28, 841.89), invariant=1)
    page.drawString(72, 400, text)
    page.save()
    return buffer.getvalue()


def work(env):
    """One run of every account's scheduled action."""
    env["beepost.account"].search([])._cron_send()
