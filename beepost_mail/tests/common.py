"""A French company with a practice account, and invoices that have a legal PDF."""

import io
import logging
from contextlib import contextmanager
from unittest.mock import patch

from reportlab.pdfgen import canvas

from odoo import Command
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..gateway import port

GOOD_ADDRESS = {
    "street": "12 rue de la République",
    "zip": "69002",
    "city": "Lyon",
}


def a4_pdf(text="Facture", pages=1):
    """A small A4 PDF that shows no address: an address sheet goes in front."""
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=(595.28, 841.89), invariant=1)
    for number in range(1, pages + 1):
        page.drawString(72, 400, f"{text} {number}")
        page.showPage()
    page.save()
    return buffer.getvalue()


class ToLoopback:
    """A test that talks to a real service on this machine."""

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        # Odoo's guard compares the timeout with a number; ours has two, to connect
        # and to read.
        if isinstance(options.get("timeout"), tuple):
            options["timeout"] = max(options["timeout"])
        return super()._request_handler(session, request, **options)


@tagged("post_install", "-at_install")
class BeepostCommon(ToLoopback, AccountTestInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.company.partner_id.write(
            {**GOOD_ADDRESS, "country_id": cls.env.ref("base.fr").id}
        )
        cls.company.beepost_einvoice_from = "2099-01-01"
        cls.env.user.group_ids += cls.env.ref("beepost_mail.group_admin")
        if "tariff_id" in cls.env["beepost.account"]:
            # Where prices are installed they would hold letters back on days without a
            # grid: these tests are about posting, whatever the day.
            cls.env["ir.default"].set("beepost.account", "tariff_id", None)
        cls.account = cls.env["beepost.account"].create(
            {"name": "Practice", "company_id": cls.company.id}
        )
        cls.customer = cls._create_customer("Société Générale d'Essai")
        cls.accountant = cls._create_user("accountant", "account.group_account_invoice")
        cls.manager = cls._create_user("manager", "beepost_mail.group_manager")

    @classmethod
    def setup_independent_company(cls, **kwargs):
        """One that the database has already, where it was made for tests: accounts and
        journals take longer to make than most tests."""
        if not cls.country_code:
            name = [("name", "=", "Company of tests")]
            if company := cls.env["res.company"].sudo().search(name, limit=1):
                cls.env.user.company_ids = [Command.link(company.id)]
                return company.sudo(False)
        return super().setup_independent_company(**kwargs)

    @classmethod
    def _create_customer(cls, name, **values):
        france = cls.env.ref("base.fr")
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "country_id": france.id,
                **GOOD_ADDRESS,
                **values,
            }
        )

    @classmethod
    def _create_user(cls, login, group, company=None):
        company = company or cls.company
        return cls.env["res.users"].create(
            {
                "name": login,
                "login": f"beepost_{login}",
                "email": f"{login}@example.com",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [
                    Command.set(
                        [cls.env.ref(group).id, cls.env.ref("base.group_user").id]
                    )
                ],
            }
        )

    @classmethod
    def _create_real_account(cls):
        """A second account of the company; the usual one is for practice."""
        return cls.env["beepost.account"].create(
            {
                "name": "Real",
                "company_id": cls.company.id,
                "gateway": "http",
                "url": "https://bee.example.com",
            }
        )

    @classmethod
    def _create_invoice(cls, partner=None, pdf=None, move_type="out_invoice"):
        """A posted invoice; ``pdf=False`` leaves it without a legal PDF.

        Not through core's form for tests, which takes longer than most tests.
        """
        move = (
            cls.env["account.move"]
            .with_company(cls.company)
            .create(
                {
                    "move_type": move_type,
                    "partner_id": (partner or cls.customer).id,
                    "invoice_date": "2019-01-01",
                    "date": "2019-01-01",
                    "invoice_line_ids": [
                        Command.create({"name": "test line", "price_unit": 100.0})
                    ],
                }
            )
        )
        move.action_post()
        if pdf is not False:
            cls._attach_legal_pdf(move, pdf)
        return move

    @classmethod
    def _attach_legal_pdf(cls, move, pdf=None):
        cls.env["ir.attachment"].create(
            {
                "name": f"{move.name}.pdf",
                "raw": pdf or a4_pdf(move.name),
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
                "mimetype": "application/pdf",
            }
        )
        move.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])

    @classmethod
    def _post(cls, *moves, user=None, **options):
        """Letters of these invoices, as the send flow makes them."""
        moves = cls.env["account.move"].union(*moves)
        return moves._beepost_post(
            {
                move: {**move.partner_id._beepost_options(move.company_id), **options}
                for move in moves
            },
            user or cls.env.user,
        )

    def _run_outbox(self, account=None):
        self._run_cron((account or self.account).sudo().cron_id)

    def _run_cron(self, cron):
        """Odoo tells of a failure only where its log is heard, and pytest-odoo turns
        the log off."""
        log = logging.getLogger("odoo.addons.base.models.ir_cron")
        level = log.level
        log.setLevel(logging.ERROR)
        try:
            with self.enter_registry_test_mode():
                failure = cron.method_direct_trigger()
        finally:
            log.setLevel(level)
        self.assertIs(failure, True, failure)
        self.env.invalidate_all()

    @classmethod
    @contextmanager
    def _gateway(cls, gateway):
        """The outbox talks to ``gateway`` instead of the account's own."""

        @contextmanager
        def opened(account):
            yield gateway

        with patch.object(type(cls.env["beepost.account"]), "_open_gateway", opened):
            yield gateway


class ScriptedGateway:
    """A provider that answers as the test says, and counts what reached it.

    >>> gateway = ScriptedGateway(submit=[port.Unavailable("down"), ACCEPT])

    Each call of ``submit`` takes the next entry: an exception is raised *before*
    anything is kept; ``Lost`` keeps the letters and then loses the answer; ``ACCEPT``
    and callables (letters → receipts) answer. The last entry serves for ever.
    """

    def __init__(self, submit=None, lookup=True, idempotency=True, **limits):
        self.script = list(submit or [ACCEPT])
        self.arrived = []  # every letter that reached printing, repeats included
        self.requests = []  # references of each submission
        self.asked = []
        self._limits = port.ServiceLimits(
            **{
                "max_pages": 90,
                "max_sheets": 45,
                "max_letter_bytes": 20_000_000,
                "max_request_letters": 50,
                "max_request_bytes": 60_000_000,
                "idempotency": idempotency,
                "idempotency_days": 30,
                "lookup": lookup,
                "processing_seconds": 0,
                **limits,
            }
        )

    def limits(self):
        return self._limits

    def ping(self):
        return "Scripted"

    def close(self):
        pass

    def submit(self, letters):
        self.requests.append([letter.client_reference for letter in letters])
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(step, Exception):
            raise step
        if step is LOST:
            self.arrived += letters
            raise port.OutcomeUnknown("the connection was lost")
        if callable(step):
            return step(letters)
        self.arrived += letters
        return tuple(receipt(letter) for letter in letters)

    def lookup(self, references):
        self.asked.append(list(references))
        arrived = {letter.client_reference: letter for letter in self.arrived}
        return tuple(
            port.Lookup(
                reference,
                receipt(arrived[reference]) if reference in arrived else None,
            )
            for reference in references
        )

    def cancel(self, reference):
        return port.Cancellation(False, "too late")

    def counts(self):
        """{client reference: times printed}"""
        counts = {}
        for letter in self.arrived:
            counts[letter.client_reference] = counts.get(letter.client_reference, 0) + 1
        return counts


def receipt(letter, *reasons):
    return port.Receipt(
        client_reference=letter.client_reference,
        status=port.REJECTED if reasons else port.ACCEPTED,
        provider_reference="" if reasons else f"PR-{letter.client_reference[:8]}",
        reasons=reasons,
    )


ACCEPT = "accept"
LOST = "lost"
