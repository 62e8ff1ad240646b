"""*Send by post* for documents of any kind: payments, and a model made in the test."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command

from .common import BeepostCommon, a4_pdf

CRON = "beepost_mail.cron_make"
CUSTOM = "x_beepost_paper"


class ComposeCase(BeepostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._in_english(cls.env.user + cls.accountant)
        cls.receipt = cls.env.ref("account.action_report_payment_receipt")

    def setUp(self):
        super().setUp()
        self.printed = []  # (report id, record id, user id, company), as rendered

    @classmethod
    def _payments(cls, count=1, partners=None, **values):
        partners = partners or [cls.customer]
        return cls.env["account.payment"].create(
            [
                {
                    "partner_id": partners[number % len(partners)].id,
                    "payment_type": "inbound",
                    "amount": 10.0 + number,
                    "journal_id": cls.company_data["default_journal_bank"].id,
                    **values,
                }
                for number in range(count)
            ]
        )

    @classmethod
    def _create_report(cls, model, **values):
        return cls.env["ir.actions.report"].create(
            {
                "name": "Paper as PDF",
                "model": model.model,
                "report_type": "qweb-pdf",
                "report_name": "beepost_mail.no_such_template",
                "binding_model_id": model.id,
                **values,
            }
        )

    def _compose(self, records, user=None, **values):
        action = self.env.ref("beepost_mail.action_compose").sudo()
        Wizard = self.env[action.res_model].with_user(user or self.env.user)
        return Wizard.with_context(
            active_model=records._name, active_ids=records.ids
        ).create(values)

    @contextmanager
    def _printing(self, broken=(), language=None):
        """Reports are made without wkhtmltopdf, and counted.

        :param broken: {record: exception} that its report raises
        """
        printed = self.printed

        def fake(papers, report, record, partner, company):
            for bad, error in dict(broken).items():
                if bad.id == record.id:
                    raise error
            printed.append((report.id, record.id, papers.env.uid, company))
            return a4_pdf(f"{record.display_name} {partner.lang}")

        Papers = type(self.env["beepost.papers"])
        with patch.object(Papers, "_print", fake):
            yield

    def _send(self, records, user=None, broken=(), **values):
        wizard = self._compose(records, user, **values)
        with self._printing(broken):
            wizard.action_send()
            self._run_cron(self.env.ref(CRON))
        return self._letters(records)

    def _lines(self, records):
        return (
            self.env["beepost.mailing.document"]
            .sudo()
            .search(
                [("res_model", "=", records._name), ("res_id", "in", records.ids)],
                order="id",
            )
        )

    def _letters(self, records):
        return self._lines(records).mailing_id

    def _lot(self):
        return self.env["beepost.lot"].sudo().search([], limit=1)

    def _file(self, name, content, record=None, user=None):
        return (
            self.env["ir.attachment"]
            .with_user(user or self.env.user)
            .create(
                {
                    "name": name,
                    "raw": content,
                    "res_model": record and record._name,
                    "res_id": record and record.id,
                }
            )
        )

    def _bodies(self, record):
        return "\n".join(record.sudo().message_ids.mapped("body"))

    def _queries(self, function, *args):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function(*args)
        self.env.flush_all()
        return self.cr.sql_log_count - before


class CustomCase(ComposeCase):
    """With a model that was made in Odoo itself, and its report."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        model = cls.env["ir.model"].create(
            {
                "name": "Paper",
                "model": CUSTOM,
                "field_id": [
                    Command.create(
                        {
                            "name": "x_name",
                            "ttype": "char",
                            "field_description": "Name",
                        }
                    ),
                    Command.create(
                        {
                            "name": "x_to",
                            "ttype": "many2one",
                            "relation": "res.partner",
                            "field_description": "To",
                        }
                    ),
                ],
                "access_ids": [
                    Command.create(
                        {
                            "name": "all",
                            "group_id": cls.env.ref("base.group_user").id,
                            "perm_read": True,
                        }
                    )
                ],
            }
        )
        cls.custom_report = cls._create_report(model)

    @classmethod
    def _custom_records(cls, *partners):
        return (
            cls.env[CUSTOM]
            .sudo()
            .create(
                [
                    {"x_name": f"P{number}", "x_to": partner.id}
                    for number, partner in enumerate(partners)
                ]
            )
            .sudo(False)
        )
