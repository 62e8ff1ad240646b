"""A French company with a practice account, and invoices that have a legal PDF."""

import io
import logging
from contextlib import contextmanager
from datetime import datetime, timezone
from unittest.mock import patch

import freezegun.api
from reportlab.pdfgen import canvas

from odoo import Command
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.uom.tests.common import UomCommon

from ..gateway import port
from . import people

GOOD_ADDRESS = {
    "street": "12 rue de la République",
    "zip": "69002",
    "city": "Lyon",
}


def _frozen_now():
    """:return: naive, in UTC; None where the clock runs"""
    if freezegun.api.freeze_factories:
        return datetime.now(timezone.utc).replace(tzinfo=None)
    return None


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
        # Units, products, taxes, rates and partners of core's common classes are not
        # used here, and take longer to make than most tests: user and company remain.
        super(UomCommon, cls).setUpClass()
        # What is stored by a test with a frozen clock was made by that clock, and not
        # by PostgreSQL's.
        began = cls.env.cr.now
        cls.classPatch(cls.env.cr, "now", lambda: _frozen_now() or began())
        cls.company_data = cls.collect_company_accounting_data(cls.company)
        cls.company.partner_id.write(
            {**GOOD_ADDRESS, "country_id": cls.env.ref("base.fr").id}
        )
        cls.company.beepost_einvoice_from = "2099-01-01"
        admins = cls.env.ref("beepost_mail.group_admin")
        if admins not in cls.env.user.group_ids:
            cls.env.user.group_ids += admins
        # Nothing is priced: these tests are about posting.
        is_priced = "tariff_id" in cls.env["beepost.account"]
        if is_priced and cls.env["beepost.account"].default_get(["tariff_id"]):
            cls.env["ir.default"].set("beepost.account", "tariff_id", None)
        cls.account = cls.company.beepost_account_ids or people.make_account(
            cls.env, cls.company
        )
        # It was made in the database that this one is a copy of.
        account = cls.account.sudo()
        account.incarnation = account._current_incarnation()
        cls.customer = cls._create_customer("Société Générale d'Essai")
        cls.accountant = cls._create_user("accountant", "account.group_account_invoice")
        cls.manager = cls._create_user("manager", "beepost_mail.group_manager")

    # What the database has already, where ``people`` filled it.

    @classmethod
    def setup_independent_user(cls):
        users = cls.env["res.users"]
        known = users.search([("login", "=", people.TESTER)])
        return known or super().setup_independent_user()

    @classmethod
    def setup_independent_company(cls, **kwargs):
        if not cls.country_code and cls.env.company.name == people.MAIN:
            return None
        return super().setup_independent_company(**kwargs)

    @classmethod
    def setup_main_company(cls, currency_code="USD"):
        """It is the tester's own, and stays as it is."""

    @classmethod
    def setup_other_company(cls, **kwargs):
        """French if a country is named. Whoever renames one has taken it; then a new
        one is made."""
        name = people.FRENCH if "country_id" in kwargs else people.OTHER
        companies = cls.env["res.company"].sudo()
        company = companies.search([("name", "=", name)], limit=1).sudo(False)
        if company:
            cls.env.user.company_ids = [Command.link(company.id)]
            company.write(kwargs)
        else:
            company = cls._create_company(**{"name": "company_2", **kwargs})
        return {"company": company}

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
        known = cls.env["res.users"].search([("login", "=", f"beepost_{login}")])
        if known.company_ids == company and known.group_ids == people.groups_of(
            cls.env, group
        ):
            return known
        if known:  # somebody else's
            login = f"{login}_{company.id}"
        return people.make_user(cls.env, login, group, company)

    @classmethod
    def _in_english(cls, users):
        """Those who do not read it yet: whoever writes a user's language empties Odoo's
        caches."""
        users.filtered(lambda user: user.lang != "en_US").lang = "en_US"

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
        """A posted invoice; ``pdf=False`` leaves it without a legal PDF."""
        return cls._create_invoices(partner or cls.customer, pdf=pdf, type=move_type)

    @classmethod
    def _create_invoices(cls, *partners, pdf=None, type="out_invoice"):
        """As ``_create_invoice``, one for each of these partners, in order.

        Not through core's form for tests, which takes longer than most tests.
        """
        moves = (
            cls.env["account.move"]
            .with_company(cls.company)
            .create(
                [
                    {
                        "move_type": type,
                        "partner_id": partner.id,
                        "invoice_date": "2019-01-01",
                        "date": "2019-01-01",
                        "invoice_line_ids": [
                            Command.create({"name": "test line", "price_unit": 100.0})
                        ],
                    }
                    for partner in partners
                ]
            )
        )
        moves.action_post()
        if pdf is not False:
            for move in moves:
                cls._attach_legal_pdf(move, pdf)
        return moves

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
