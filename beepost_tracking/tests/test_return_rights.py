"""Returns for each role, in two companies, and over remote calls."""

from odoo.exceptions import AccessError
from odoo.service.model import get_public_method

from odoo.addons.beepost_mail.tests.roles import SecurityCase

from .common import NOON, event
from .returns import ReturnsCase

BUTTONS = (
    "action_correct_and_post_again",
    "action_give_up_return",
    "action_open_replacing_letters",
    "action_post_again",
    "action_treat_returns",
)
INTERNAL = (
    "_news_steps",
    "_close_came_back",
    "_give_up",
    "_hold_for_posting_again",
    "_hold_returns",
    "_make_successors",
    "_post_again",
    "_schedule",
)


class TestReturnRights(SecurityCase, ReturnsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls._sent(cls._create_invoice())
        move = cls.init_invoice(
            "out_invoice",
            partner=cls.customer,
            amounts=[10.0],
            company=cls.company_b,
            post=True,
        )
        cls._attach_legal_pdf(move)
        cls.theirs = cls._sent(move, user=cls.accountant_b)

    def setUp(self):
        super().setUp()
        for letter in (self.mine, self.theirs):
            self._store_return(letter)

    def _store_return(self, letter):
        """As the pull does, for whichever account."""
        letter = letter.sudo()
        self.env["beepost.pull"].sudo()._store(
            letter.account_id,
            "beepost",
            [
                self._event(letter, "posted"),
                self._event(letter, "undeliverable", reason="npai"),
            ],
        )
        self.assertEqual(letter.return_state, "open")

    def _event(self, letter, code, **more):
        return event(letter, code, NOON, **more)

    def _call(self, user, name, letter):
        return self._rpc(user, "beepost.mailing", name, letter.ids)

    def test_outsiders(self):
        for letter, users in (
            (self.mine, (self.accountant_b, self.manager_b, self.admin_b)),
            (self.theirs, (self.accountant, self.manager, self.admin)),
        ):
            for user in (*users, self.employee, self.portal):
                for name in BUTTONS:
                    with self.subTest(user=user.login, name=name), self._forbidden():
                        self._call(user, name, letter)
            self.assertEqual(letter.sudo().return_state, "open")
            self.assertFalse(letter.sudo().replaced_by_ids)

    def test_insiders(self):
        for user in (self.accountant, self.manager, self.admin):
            letter = self._sent(self._create_invoice())
            self._store_return(letter)
            with self.subTest(user=user.login):
                self._call(user, "action_correct_and_post_again", letter)
                self._call(user, "action_treat_returns", letter)
                self._call(user, "action_give_up_return", letter)
                self._call(user, "action_post_again", letter)
                self.assertEqual(letter.replaced_by_ids.user_id, user)
                self._call(user, "action_open_replacing_letters", letter)
        self._call(self.accountant_b, "action_post_again", self.theirs)
        new = self.theirs.sudo().replaced_by_ids
        self.assertEqual(new.company_id, self.company_b)
        self.assertEqual(new.account_id, self.account_b)

    def test_a_manager_reads_no_content_of_the_new_letter(self):
        self._call(self.manager, "action_post_again", self.mine)
        new = self.mine.sudo().replaced_by_ids
        self.assertNotIn(
            "LYON", new.with_user(self.manager).read(["address"])[0]["address"]
        )
        with self._forbidden():
            new.sudo().document_ids.with_user(self.manager).read(["name"])
        self.assertIn(
            "LYON", new.with_user(self.accountant).read(["address"])[0]["address"]
        )

    def test_internal_methods_stay_internal(self):
        Mailing = self.env["beepost.mailing"]
        for name in INTERNAL:
            self.assertTrue(hasattr(Mailing, name), name)
            with self.subTest(name=name), self.assertRaises(AccessError):
                get_public_method(Mailing, name)
        for model, names in (
            ("res.partner", ("_beepost_note_returns", "_beepost_note_deliveries")),
            ("beepost.returns", ("_open", "_tell_done")),
            ("beepost.returns.line", ("_do", "_attempt", "_post_again")),
        ):
            for name in names:
                self.assertTrue(hasattr(self.env[model], name), name)
                with self.subTest(name=name), self.assertRaises(AccessError):
                    get_public_method(self.env[model], name)

    def test_facts_cannot_be_written(self):
        for user in (self.accountant, self.manager, self.admin):
            for values in ({"return_given_up": True}, {"return_state": "given_up"}):
                with self.subTest(user=user.login), self._forbidden():
                    self._rpc(user, "beepost.mailing", "write", self.mine.ids, values)
        self.assertEqual(self.mine.return_state, "open")

    def _line_of(self, user, letter, what):
        line = (0, 0, {"mailing_id": letter.id, "what": what, **OTHER})
        return self._rpc(user, "beepost.returns", "create", {"line_ids": [line]})

    def test_no_line_of_a_letter_that_one_may_not_see(self):
        for user, letter in (
            (self.accountant, self.theirs),
            (self.accountant_b, self.mine),
        ):
            for what in ("repost", "give_up", "correct"):
                with self.subTest(user=user.login, what=what), self._forbidden():
                    self._line_of(user, letter, what)

    def test_a_line_lends_no_rights(self):
        """To a letter that its maker may not see any more."""
        letter = self.mine
        for what in ("repost", "give_up", "correct"):
            letter.sudo().company_id = self.company
            wizard_id = self._line_of(self.accountant, letter, what)
            letter.sudo().company_id = self.company_b
            with self.subTest(what=what):
                answer = self._attempt(
                    self.accountant, "beepost.returns", "action_apply", [wizard_id]
                )
                self.assertEqual(letter.sudo().return_state, "open")
                self.assertNotIn(letter.sudo().name, answer)
                self.env.flush_all()
                self.env.invalidate_all()
                read = self._attempt(
                    self.accountant,
                    "beepost.returns",
                    "web_read",
                    [wizard_id],
                    {"line_ids": {"fields": {"return_reason": {}, "result": {}}}},
                )
                self.assertNotIn("npai", read)
        self.assertNotEqual(self.customer.street, OTHER["street"])

    def test_wizard_of_another(self):
        action = self._call(self.accountant, "action_treat_returns", self.mine)
        wizard = self.env["beepost.returns"].browse(action["res_id"])
        wizard.sudo().line_ids.what = "repost"
        line = wizard.sudo().line_ids
        for user in (self.manager, self.accountant_b, self.employee):
            with self.subTest(user=user.login), self._forbidden():
                self._rpc(user, "beepost.returns", "action_apply", wizard.ids)
            with self.subTest(user=user.login), self._forbidden():
                self._rpc(user, "beepost.returns.line", "read", line.ids, ["street"])
        self.assertEqual(self.mine.return_state, "open")

    def test_lists(self):
        for user, expected in (
            (self.accountant, self.mine),
            (self.manager, self.mine),
            (self.admin, self.mine),
            (self.accountant_b, self.theirs),
            (self.manager_b, self.theirs),
        ):
            found = self._rpc(
                user, "beepost.mailing", "search", [("return_state", "=", "open")]
            )
            with self.subTest(user=user.login):
                self.assertEqual(found, expected.ids)

    def test_the_mark_is_shared_and_the_letter_is_not(self):
        """A contact of both companies: the fact is seen, the letter by its own."""
        marked = self.customer.sudo().beepost_returned_mailing_id
        self.assertIn(marked, self.mine + self.theirs)
        mine, others = (
            (self.accountant, self.accountant_b)
            if marked == self.mine
            else (self.accountant_b, self.accountant)
        )
        for user in (mine, others):
            self.assertTrue(
                self._rpc(
                    user,
                    "res.partner",
                    "read",
                    self.customer.ids,
                    ["beepost_returned_on", "beepost_return_notice"],
                )[0]["beepost_return_notice"]
            )
        self._rpc(mine, "res.partner", "action_open_beepost_return", self.customer.ids)
        for user in (others, self.employee, self.portal):
            with self.subTest(user=user.login), self._forbidden():
                self._rpc(
                    user, "res.partner", "action_open_beepost_return", self.customer.ids
                )
        with self._forbidden():
            self._rpc(
                self.portal,
                "res.partner",
                "read",
                self.customer.ids,
                ["beepost_returned_on"],
            )
        for user in (self.employee, self.portal):
            with self.subTest(user=user.login), self._forbidden():
                self._rpc(
                    user,
                    "res.partner",
                    "action_beepost_address_is_right",
                    self.customer.ids,
                )
        self.assertTrue(self.customer.beepost_returned_on)


OTHER = {
    "name": "Autre",
    "street": "15 rue Neuve",
    "zip": "69002",
    "city": "Lyon",
}
