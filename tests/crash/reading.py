"""What the nursery's workers do: accepted letters, whose events are read."""

from datetime import datetime, timedelta, timezone

from odoo import Command

DAYS_AGO = 90


def build(env, count, url, identifier, password):
    """Letters that BeePOST accepted some time ago, each to an addressee of its own, in
    whose chatter it is told what became of it."""
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
    pdf = env["ir.attachment"].create({"name": "Document.pdf", "raw": b"%PDF"})
    partners = env["res.partner"].create(
        [{"name": f"Jeanne Essai {number}"} for number in range(count)]
    )
    accepted_at = datetime.now(timezone.utc) - timedelta(days=DAYS_AGO)
    env["beepost.mailing"].create(
        [
            {
                "name": partner.name,
                "company_id": env.company.id,
                "account_id": account.id,
                "partner_id": partner.id,
                "user_id": env.user.id,
                "service_id": env.ref("beepost_mail.service_letter").id,
                "state": "accepted",
                "accepted_at": accepted_at.replace(tzinfo=None),
                "document_ids": [
                    Command.create(
                        {
                            "name": "Document.pdf",
                            "res_model": "res.partner",
                            "res_id": partner.id,
                            "attachment_id": pdf.id,
                        }
                    )
                ],
            }
            for partner in partners
        ]
    )


def work(env):
    """One run of the scheduled action, for every account."""
    env["beepost.account"]._cron_pull()
