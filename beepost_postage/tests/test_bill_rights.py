"""Who sees the bill, the differences and the margins, and who changes what."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.service.model import call_kw

from .statements import BillingGateway, StatementCase, right

MODELS = (
    "beepost.postage.label",
    "beepost.postage.reinvoice",
    "beepost.postage.statement",
    "beepost.postage.statement.letter",
    "beepost.postage.statement.line",
)
HIDDEN = (
    "bill_letter_ids",
    "bill_line_ids",
    "bill_reason",
    "bill_explanation",
    "billed_difference",
    "billed_untaxed",
    "is_billed",
    "reinvoice_ids",
    "reinvoice_margin",
    "reinvoiced_amount",
)


class TestBillRights(StatementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._create_user("administrator", "beepost_mail.group_admin")
        cls.employee = cls._create_user("employee", "base.group_user")
        cls.other = cls.setup_other_company(name="Autre")["company"]
        cls.stranger = cls._create_user(
            "stranger", "beepost_mail.group_admin", cls.other
        )

    def setUp(self):
        super().setUp()
        self.letter = self._sent()
        self.statement = self._fetched(*right(self.letter))

    def _rpc(self, user, model, method, *args, **kwargs):
        self.env.flush_all()
        self.env.invalidate_all()
        return call_kw(self.env[model].with_user(user), method, list(args), kwargs)

    def test_who_reads_the_check(self):
        for model in MODELS:
            for user in (self.accountant, self.employee):
                with self.assertRaises(AccessError, msg=(user.login, model)):
                    self._rpc(user, model, "search_read", [])
            for user in (self.manager, self.admin):
                self._rpc(user, model, "search_read", [])
        found = self._rpc(self.manager, "beepost.postage.statement", "search", [])
        self.assertEqual(found, self.statement.ids)
        rows = self._rpc(
            self.manager, "beepost.postage.statement.letter", "search_read", []
        )
        self.assertEqual(rows[0]["expected"], 1.23)

    def test_another_company_reads_nothing(self):
        for model in MODELS[1:]:
            self.assertFalse(self._rpc(self.stranger, model, "search", []), model)
        with self.assertRaises(AccessError):
            self._rpc(
                self.stranger, "beepost.postage.statement", "read", self.statement.ids
            )
        with self.assertRaises(AccessError):
            self._rpc(
                self.stranger,
                "beepost.postage.statement",
                "action_compare",
                self.statement.ids,
            )

    def test_an_accountant_sees_the_price_and_not_the_bill(self):
        values = self._rpc(
            self.accountant, "beepost.mailing", "read", self.letter.ids
        )[0]  # fmt: skip
        self.assertEqual(values["price_untaxed"], 1.23)
        self.assertFalse(set(HIDDEN) & set(values))
        for name in HIDDEN:
            with self.assertRaises(AccessError, msg=name):
                self._rpc(
                    self.accountant, "beepost.mailing", "read", self.letter.ids, [name]
                )
        for domain in ([("billed_untaxed", ">", 0)], [("bill_reason", "=", False)]):
            with self.assertRaises(AccessError):
                self._rpc(self.accountant, "beepost.mailing", "search", domain)
        with self.assertRaises(AccessError):
            self._rpc(
                self.accountant, "beepost.mailing", "formatted_read_group",
                [], [], ["billed_untaxed:sum"],
            )  # fmt: skip
        seen = self._rpc(self.manager, "beepost.mailing", "read", self.letter.ids)[0]
        self.assertEqual(seen["billed_untaxed"], 1.23)
        self.assertIn("reinvoice_margin", seen)

    def test_margins_are_for_managers(self):
        for name in ("margin", "price", "by"):
            field = f"beepost_reinvoice_{name}"
            with self.assertRaises(AccessError):
                self._rpc(
                    self.accountant, "res.company", "read", self.company.ids, [field]
                )
            self._rpc(self.manager, "res.company", "read", self.company.ids, [field])

    def test_who_changes_the_check(self):
        Statement = "beepost.postage.statement"
        for action in (
            *("fetch", "import", "compare", "done", "reopen", "remove_lines"),
            "make_bill",
        ):
            for user in (self.accountant, self.employee, self.stranger):
                with self.assertRaises(AccessError, msg=(user.login, action)):
                    self._rpc(user, Statement, f"action_{action}", self.statement.ids)
        values = {
            "account_id": self.account.id,
            "date_from": "2026-10-01",
            "date_to": "2026-10-31",
        }
        for user in (self.accountant, self.employee, self.stranger):
            with self.assertRaises(AccessError, msg=user.login):
                self._rpc(user, Statement, "create", [values])
        for user in (self.manager, self.admin):
            made = self._rpc(user, Statement, "create", [dict(values)])
            with self._gateway(BillingGateway()):
                self._rpc(user, Statement, "action_fetch", made)
            self._rpc(user, Statement, "action_done", made)
            self._rpc(user, Statement, "action_reopen", made)

    def test_nobody_writes_what_was_billed(self):
        line, row = self.statement.line_ids[0], self.statement.letter_ids[0]
        for user in (self.accountant, self.manager, self.admin):
            for record, values in (
                (line, {"exact_amount": "0"}),
                (row, {"reason": False}),
                (self.statement, {"state": "done"}),
                (
                    self.statement,
                    {"line_ids": [Command.update(line.id, {"exact_amount": "0"})]},
                ),
                (self.letter, {"billed_untaxed": 0}),
                (self.letter, {"marked_dunning": True}),
            ):
                with self.assertRaises(AccessError, msg=(user.login, values)):
                    self._rpc(user, record._name, "write", record.ids, values)
            for record in (line, row):
                with self.assertRaises(AccessError):
                    self._rpc(user, record._name, "unlink", record.ids)

    def test_labels_belong_to_the_administrator(self):
        Label = "beepost.postage.label"
        with self.assertRaises(AccessError):
            self._rpc(
                self.manager, Label, "create", [{"name": "x", "group": "postage"}]
            )
        self._rpc(self.admin, Label, "create", [{"name": "x", "group": "postage"}])

    def test_internal_methods_are_not_called_from_outside(self):
        for method in ("_compare", "_add_rows", "_manage", "_bill_differences"):
            with self.assertRaises(AccessError):
                self._rpc(
                    self.admin, "beepost.postage.statement", method, self.statement.ids
                )


class TestBillBranches(StatementCase):
    """A branch that posts through its company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Agence", "parent_id": cls.company.id}
        )
        cls.branch_manager = cls._create_user(
            "branch_manager", "beepost_mail.group_manager", cls.branch
        )
        cls.house_manager = cls._create_user(
            "house_manager", "beepost_mail.group_manager"
        )
        cls.house_manager.company_ids += cls.branch

    def test_the_house_s_statement_bills_the_branch_s_letters(self):
        letter = self._sent()
        letter.company_id = self.branch
        statement = self._fetched(*right(letter))
        row = self._row(statement, letter)
        self.assertFalse(row.reason)
        self.env.flush_all()
        self.env.invalidate_all()
        Statement = self.env["beepost.postage.statement"]
        self.assertFalse(Statement.with_user(self.branch_manager).search([]))
        own = letter.with_user(self.branch_manager)
        self.assertEqual(own.billed_untaxed, 1.23)
        self.assertEqual(len(own.bill_line_ids), 2)
        other = self._sent()
        self._fetched(*right(other), statement=statement)
        lines = self.env["beepost.postage.statement.line"]
        seen = lines.with_user(self.branch_manager).search([])
        self.assertEqual(seen.mailing_id, letter.with_user(self.branch_manager))
        with self.assertRaises(AccessError):
            other.with_user(self.branch_manager).read(["billed_untaxed"])
        self.assertEqual(Statement.with_user(self.house_manager).search([]), statement)

    def test_a_branch_makes_no_statement_of_the_house_s_account(self):
        with self.assertRaises(AccessError):
            self._create_statement(user=self.branch_manager)
