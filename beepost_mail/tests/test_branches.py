"""A branch without an account posts through the company above it."""

from datetime import date

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form

from .common import ScriptedGateway
from .sending import BatchCase


class TestBranches(BatchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._create_branch("Agence", cls.company, "3 place Bellecour")
        cls.twig = cls._create_branch("Guichet", cls.branch, "5 place Bellecour")
        cls.cr.precommit.run()  # their charts of accounts
        cls.env.user.company_ids += cls.branch + cls.twig
        cls.teller = cls._create_user(
            "teller", "account.group_account_invoice", cls.branch
        )
        cls.branch_admin = cls._create_user(
            "branch_admin", "beepost_mail.group_admin", cls.branch
        )

    @classmethod
    def _create_branch(cls, name, parent, street):
        branch = cls.env["res.company"].create({"name": name, "parent_id": parent.id})
        branch.partner_id.write(
            {
                "street": street,
                "zip": "69002",
                "city": "Lyon",
                "country_id": cls.env.ref("base.fr").id,
            }
        )
        return branch

    def _invoice_of(self, company):
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "company_id": company.id,
                    "invoice_date": "2019-01-01",
                    "invoice_line_ids": [
                        Command.create({"name": "x", "price_unit": 1.0})
                    ],
                }
            )
        )
        move.action_post()
        self._attach_legal_pdf(move)
        return move

    def test_a_restore_pauses_the_lots_of_the_account_alone(self):
        """An account that runs later must not pause what another one's company sent
        since: it noticed by itself."""
        self.env["beepost.account"].sudo().create(
            {"name": "Agence", "company_id": self.branch.id}
        )
        values = {"name": "Lot", "user_id": self.env.uid, "expected": 2}
        lots = self.env["beepost.lot"].sudo()
        for company in (self.company, self.branch, self.twig):
            lots += lots.create({**values, "company_id": company.id})
        self.account.sudo().incarnation = "another/life"
        self.account.sudo()._notice_restored_database()
        self.assertEqual(lots.mapped("state"), ["paused", "running", "running"])

    def test_account_of_the_company_above(self):
        move = self._invoice_of(self.branch)
        self.assertFalse(move._beepost_obstacles())
        letter = self._post(move, user=self.teller)
        self.assertEqual(letter.company_id, self.branch)
        self.assertEqual(letter.account_id, self.account)
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        [arrived] = gateway.arrived
        self.assertEqual(letter.state, "accepted")
        self.assertIn("Agence", arrived.sender, "the branch is the sender")
        self.assertIn("3 PLACE BELLECOUR", arrived.sender)

    def test_nearest_one(self):
        self.assertEqual(self.twig.beepost_house_id, self.company)
        nearer = self.env["beepost.account"].create(
            {"name": "Nearer", "company_id": self.branch.id}
        )
        self.env.invalidate_all()
        self.assertEqual(self.twig._beepost_account(), nearer)
        self.assertEqual(self.branch._beepost_account(), nearer)
        self.assertEqual(self.company._beepost_account(), self.account)
        nearer.active = False
        self.assertEqual(self.twig._beepost_account(), self.account)

    def test_never_downwards_nor_sideways(self):
        own = self.env["beepost.account"].create(
            {"name": "Own", "company_id": self.branch.id}
        )
        self.account.active = False
        other = self._create_branch("Autre agence", self.company, "7 place Bellecour")
        self.assertEqual(self.twig._beepost_account(), own)
        self.assertFalse(self.company._beepost_account())
        self.assertFalse(other._beepost_account())
        self.assertFalse(self.company._beepost_account(own.id))

    def test_defaults_and_services_of_the_company_above(self):
        own = self.env["beepost.service"].create(
            {"name": "Own", "code": "own", "company_id": self.company.id}
        )
        self.company.write(
            {
                "beepost_service_id": own.id,
                "beepost_color": True,
                "beepost_duplex": False,
                "beepost_address_sheet": "always",
            }
        )
        options = self.customer._beepost_options(self.branch)
        expected = {
            "account_id": self.account.id,
            "service_id": own.id,
            "color": True,
            "duplex": False,
            "address_sheet": "always",
        }
        self.assertEqual(options, expected)
        self.env["beepost.account"].create(
            {"name": "Own", "company_id": self.branch.id}
        )
        options = self.customer._beepost_options(self.branch)
        self.assertNotEqual(options["service_id"], own.id)
        self.assertEqual(
            (options["color"], options["duplex"], options["address_sheet"]),
            (False, True, "auto"),
        )

    def test_electronic_invoices_from_the_day_of_the_company_above(self):
        day = date(2026, 10, 1)
        self.company.beepost_einvoice_from = date(2026, 9, 1)
        self.branch.beepost_einvoice_from = date(2027, 9, 1)
        self.assertEqual(
            self.customer._beepost_einvoice_reason(self.branch, day), "b2b"
        )
        self.env["beepost.account"].create(
            {"name": "Own", "company_id": self.branch.id}
        )
        self.assertFalse(self.customer._beepost_einvoice_reason(self.branch, day))

    def test_teller_sends_by_post(self):
        """With nothing but the branch: the dialog, the letter, the account's name."""
        move = self._invoice_of(self.branch)
        form = Form(self._wizard(move, self.teller))
        self.assertEqual(form.account_id, self.account)
        form.save().action_send()
        letter = self._letters(move).with_user(self.teller)
        shown = letter.web_read({"account_id": {"fields": {"display_name": {}}}})
        self.assertEqual(shown[0]["account_id"]["display_name"], "Practice")
        self.assertTrue(letter.account_id.profile_id.window_left)

    def test_branch_reads_what_it_uses_and_changes_nothing(self):
        account = self.account.with_user(self.branch_admin)
        profile = self.account.profile_id.copy({"company_id": self.company.id})
        service = self.env["beepost.service"].create(
            {"name": "Own", "code": "own", "company_id": self.company.id}
        )
        self.account.profile_id = profile
        lines = profile.envelope_ids
        self.assertTrue(lines)
        for record in (account, profile, service, lines[0]):
            mine = record.with_user(self.branch_admin)
            self.assertTrue(mine.read(["display_name"]))
            for change in (lambda r: r.write({"sequence": 3}), lambda r: r.unlink()):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    change(mine)
        with self.assertRaises(AccessError):
            account.action_test_connection()

    def test_company_does_not_read_its_branchs(self):
        own = self.env["beepost.account"].create(
            {"name": "Own", "company_id": self.branch.id}
        )
        self.assertFalse(own.with_user(self.accountant).has_access("read"))
        self.assertTrue(own.with_user(self.branch_admin).has_access("write"))
        letter = self._post(self._invoice_of(self.branch))
        self.assertFalse(letter.with_user(self.accountant).has_access("read"))

    def test_settings_say_whose_account_it_is(self):
        settings = self.env["res.config.settings"].with_company(self.branch).create({})
        self.assertEqual(settings.beepost_house_id, self.company)
        settings = self.env["res.config.settings"].with_company(self.company).create({})
        self.assertEqual(settings.beepost_house_id, self.company)
