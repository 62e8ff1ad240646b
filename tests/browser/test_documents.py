"""Any document and a letter of one's own by post, in a real Chromium, in French."""

from odoo import Command
from odoo.tests import HttpCase, tagged

LYON = {"street": "12 rue de la République", "zip": "69002", "city": "Lyon"}
PARIS = {"street": "12 rue de la Paix", "zip": "75002", "city": "Paris"}


@tagged("standard", "post_install", "-at_install")
class TestDocuments(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(["beepost_mail"], ["fr_FR"])
        cls.env["ir.config_parameter"].set_param("report.url", False)
        cls.france = cls.env.ref("base.fr")
        cls.company = cls.env["res.company"].create(
            {"name": "Cabinet Lefèvre", "country_id": cls.france.id}
        )
        cls.env["account.chart.template"].try_loading(
            "fr", cls.company, install_demo=False
        )
        cls.company.partner_id.write(LYON)
        account = {"name": "Compte d'essai", "company_id": cls.company.id}
        if "tariff_id" in cls.env["beepost.account"]:
            account["tariff_id"] = False  # prices have a journey of their own
        cls.account = cls.env["beepost.account"].create(account)
        cls.user = cls.env["res.users"].create(
            {
                "name": "Camille Comptable",
                "login": "camille",
                "password": "camille-camille",
                "email": "camille@example.com",
                "lang": "fr_FR",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [
                    Command.set([cls.env.ref("account.group_account_invoice").id])
                ],
            }
        )

    def setUp(self):
        super().setUp()
        # In tests Odoo renders nothing unless it is told to.
        Report = type(self.env["ir.actions.report"])
        render = Report._pre_render_qweb_pdf

        def rendering(reports, *args, **kwargs):
            reports = reports.with_context(force_report_rendering=True)
            return render(reports, *args, **kwargs)

        self.patch(Report, "_pre_render_qweb_pdf", rendering)

    @classmethod
    def _partner(cls, name, address=LYON, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "lang": "fr_FR",
                "country_id": cls.france.id,
                **address,
                **values,
            }
        )

    def _walk(self, path, tour):
        self.start_tour(f"/odoo/{path}", tour, login="camille")
        self.env.invalidate_all()

    def _run(self, cron):
        failure = cron.sudo().method_direct_trigger()
        self.assertIs(failure, True, failure)
        self.env.invalidate_all()

    def _let_letters_leave(self):
        self._run(self.account.sudo().cron_id)
        self.assertEqual(self.account.state, "running", self.account.stop_reason)

    def test_payment_receipt(self):
        payment = (
            self.env["account.payment"]
            .with_company(self.company)
            .create(
                {
                    "partner_id": self._partner("Jeanne Martin", PARIS).id,
                    "payment_type": "inbound",
                    "amount": 120.0,
                }
            )
        )
        payment.action_post()
        path = f"action-account.action_account_payments/{payment.id}"
        self._walk(path, "beepost_post_receipt")
        line = self.env["beepost.mailing.document"].search(
            [("res_model", "=", payment._name), ("res_id", "=", payment.id)]
        )
        letter = line.mailing_id
        self.assertEqual(line.mapped("kind"), ["document", "enclosure"])
        self.assertEqual(line[1].name, "plan.png")
        self._let_letters_leave()
        self.assertEqual(letter.state, "accepted", letter.findings)
        self._walk(path, "beepost_see_receipt")

    def test_free_letter(self):
        for number in range(1, 4):
            self._partner(f"Client {number}", ref="lyon", company_id=self.company.id)
        self._partner("Une autre", PARIS, company_id=self.company.id)
        self.env["beepost.letter.template"].create(
            {
                "name": "Déménagement",
                "company_id": self.company.id,
                "subject": "Nous déménageons",
                "body": "<p>Bonjour {{ object.name }}, nous déménageons.</p>",
            }
        )
        self.env["ir.filters"].create(
            {
                "name": "Clients de Lyon",
                "model_id": "res.partner",
                "user_ids": [Command.set(self.user.ids)],
                "domain": "[('ref', '=', 'lyon')]",
            }
        )
        self._walk("action-beepost_mail.action_free_letter", "beepost_write_letter")
        letter = self.env["beepost.free.letter"].search([], limit=1)
        lot = letter.lot_id
        self.assertEqual((letter.state, lot.expected), ("making", 3))
        path = f"action-beepost_mail.action_lot/{lot.id}"
        self._walk(path, "beepost_pause_lot")
        making = self.env.ref("beepost_mail.cron_free_letter")
        self._run(making)
        self._let_letters_leave()
        self.assertFalse(lot.mailing_ids)
        self._walk(path, "beepost_resume_lot")
        self._run(making)
        self._let_letters_leave()
        self.assertEqual(lot.mailing_ids.mapped("state"), ["accepted"] * 3)
        self.assertEqual(lot.state, "done")
        self._walk(
            f"action-beepost_mail.action_free_letter/{letter.id}", "beepost_see_letters"
        )
