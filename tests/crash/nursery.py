"""A process that has Odoo loaded and bears workers, each to be killed for real.

Loading Odoo takes seconds, forking none. Reads one JSON object a line from stdin:

* ``{"build": N}`` fills the database with an account and N letters,
* ``{"run": HOURS, "kill_at": STEP}`` forks a worker whose clock is HOURS ahead and
  which kills itself (SIGKILL) at its STEP-th statement, commit or request; 0: never.

Writes the worker's pid, then, once it has ended, its exit status (-9: killed).
"""

import json
import os
import signal
import sys
from datetime import datetime, timedelta, timezone

from freezegun import freeze_time


def main(database, url, identifier, password):
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(["-d", database, "--no-http"], setup_logging=True)
    Registry(database)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        # A connection must not be shared by two processes.
        odoo.sql_db.close_all()
        pid = os.fork()
        if not pid:
            code = 1
            try:
                if "build" in order:
                    build(database, order["build"], url, identifier, password)
                else:
                    work(database, order["run"], order["kill_at"])
                code = 0
            finally:
                os._exit(code)
        print(json.dumps({"pid": pid}), flush=True)
        _pid, status = os.waitpid(pid, 0)
        print(json.dumps({"status": os.waitstatus_to_exitcode(status)}), flush=True)


def build(database, count, url, identifier, password):
    with environment(database) as env:
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
        letters = env["beepost.mailing"].create(
            [letter_values(env, account, partner, number) for number in range(count)]
        )
        letters._snapshot_addresses()


def letter_values(env, account, partner, number):
    from odoo import Command

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
    import io

    from reportlab.pdfgen import canvas

    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=(595.28, 841.89), invariant=1)
    page.drawString(72, 400, text)
    page.save()
    return buffer.getvalue()


def work(database, hours, kill_at):
    """One run of every account's scheduled action."""
    if kill_at:
        arm(kill_at)
    now = datetime.now(timezone.utc) + timedelta(hours=hours)
    with freeze_time(now.replace(tzinfo=None), tick=True):
        with environment(database) as env:
            env["beepost.account"].search([])._cron_send()


def arm(kill_at):
    """Counts what touches the world outside, and dies at the given count."""
    import requests

    from odoo.sql_db import Cursor

    left = [kill_at]

    def counted(function):
        def call(*args, **kwargs):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*args, **kwargs)

        return call

    Cursor.execute = counted(Cursor.execute)
    Cursor.commit = counted(Cursor.commit)
    requests.Session.send = counted(requests.Session.send)


class environment:
    """``with environment(db) as env``: as superuser, committed at the end."""

    def __init__(self, database):
        from odoo.modules.registry import Registry

        self.cr = Registry(database).cursor()

    def __enter__(self):
        from odoo.api import SUPERUSER_ID, Environment

        self.cr.__enter__()
        return Environment(self.cr, SUPERUSER_ID, {})

    def __exit__(self, *exception):
        return self.cr.__exit__(*exception)


if __name__ == "__main__":
    main(*sys.argv[1:])
