"""Each screen, filter and grouping works for each role that has it in a menu."""

from lxml import etree
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common import BeepostCommon, ScriptedGateway


class TestScreens(BeepostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._create_user("administrator", "beepost_mail.group_admin")
        cls.moves = cls._create_invoice() + cls._create_invoice()
        Wizard = cls.env["beepost.send"].with_user(cls.accountant)
        Wizard.create({"move_ids": [Command.set(cls.moves.ids)]}).action_send()

    def _actions(self, user):
        """Those that the menus offer to ``user``."""
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(debug=False)
        ours = (
            self.env["ir.model.data"]
            .sudo()
            .search([("module", "=", "beepost_mail"), ("model", "=", "ir.ui.menu")])
        )
        return (
            self.env["ir.actions.act_window"]
            .sudo()
            .browse(
                menus[menu]["action_id"]
                for menu in ours.mapped("res_id")
                if menu in menus and menus[menu]["action_id"]
            )
        )

    def test_menus(self):
        names = {
            user: set(self._actions(user).mapped("res_model"))
            for user in (self.accountant, self.manager, self.admin)
        }
        daily = {"beepost.mailing", "beepost.lot", "beepost.free.letter"}
        settings = {
            "beepost.account",
            "beepost.letter.template",
            "beepost.left.out",
            "beepost.profile",
            "beepost.service",
            "beepost.terms",
            "beepost.confidentiality",
        }
        self.assertEqual(names[self.accountant], daily)
        self.assertEqual(names[self.manager], daily)
        self.assertEqual(names[self.admin], daily | settings)

    def test_every_view_opens(self):
        for user in (self.accountant, self.manager, self.admin):
            for action in self._actions(user):
                model = self.env[action.res_model].with_user(user)
                kinds = [(False, kind) for kind in action.view_mode.split(",")]
                loaded = model.get_views(
                    [*kinds, (False, "search")], {"action_id": action.id}
                )
                for kind, view in loaded["views"].items():
                    with self.subTest(user=user.login, model=model._name, kind=kind):
                        names = loaded["models"][model._name]["fields"]
                        self.assertTrue(view["arch"])
                        if kind != "search":
                            model.web_search_read(
                                [], {name: {} for name in names if name in model}
                            )

    def _search_view(self, model, user):
        loaded = self.env[model].with_user(user).get_views([(False, "search")])
        return etree.fromstring(loaded["views"]["search"]["arch"])

    def test_every_filter_and_grouping(self):
        for user in (self.accountant, self.manager):
            Mailing = self.env["beepost.mailing"].with_user(user)
            seen = 0
            for node in self._search_view("beepost.mailing", user).iter("filter"):
                seen += 1
                with self.subTest(user=user.login, filter=node.get("name")):
                    if node.get("domain"):
                        Mailing.search(safe_eval(node.get("domain"), {"uid": user.id}))
                    if node.get("context"):
                        group = safe_eval(node.get("context"))["group_by"]
                        groups = Mailing.formatted_read_group([], [group], ["__count"])
                        self.assertEqual(sum(g["__count"] for g in groups), 2)
            self.assertGreater(seen, 10)

    def test_headers_are_not_cut(self):
        """A list shows some 15 characters above a column of figures."""
        for model, kind, path in (
            ("beepost.lot", "list", "/list/field"),
            ("beepost.profile", "form", "//field[@name='envelope_ids']/list/field"),
        ):
            views = self.env[model].with_context(lang="en_US").get_views([(0, kind)])
            arch = etree.fromstring(views["views"][kind]["arch"])
            labels = {node.get("name"): node.get("string") for node in arch.xpath(path)}
            self.assertGreater(len(labels), 3)
            for name, label in labels.items():
                target = "beepost.profile.envelope" if kind == "form" else model
                label = label or self.env[target]._fields[name].string
                with self.subTest(name=name):
                    self.assertLessEqual(len(label), 15)

    def test_button_on_the_invoice_begins_with_post(self):
        views = (
            self.env["account.move"]
            .with_context(lang="en_US")
            .get_views([(self.env.ref("account.view_move_form").id, "form")])
        )
        arch = etree.fromstring(views["views"]["form"]["arch"])
        [button] = arch.xpath("//button[@name='action_open_beepost_mailings']")
        words = [text.strip() for text in button.itertext() if text.strip()]
        self.assertEqual(words, ["Post"])
        shown = [field.get("name") for field in button.iter("field")]
        # Another addon may add its own after them.
        self.assertEqual(shown[:2], ["beepost_count", "beepost_state"])

    def test_invoice_filters(self):
        Move = self.env["account.move"].with_user(self.accountant)
        found = {}
        for node in self._search_view("account.move", self.accountant).iter("filter"):
            name = node.get("name") or ""
            if name.startswith("beepost") and node.get("domain"):
                domain = safe_eval(node.get("domain"))
                found[name] = Move.search([*domain, ("id", "in", self.moves.ids)])
        self.assertEqual(found["beepost_waiting"], self.moves.sorted(Move._order))
        self.assertFalse(found["beepost_never"])
        self.assertFalse(found["beepost_problem"])

    def test_kanban_bars(self):
        with self._gateway(ScriptedGateway()):
            self._run_outbox()
        bars = (
            self.env["beepost.mailing"]
            .with_user(self.manager)
            .read_progress_bar(
                [],
                "state",
                {"field": "state", "colors": {"accepted": "success"}},
            )
        )
        self.assertEqual(bars["accepted"], {"accepted": 2})

    def test_search_by_reference(self):
        letter = self.moves[0].beepost_document_ids.mailing_id
        arch = self._search_view("beepost.mailing", self.accountant)
        field = arch.xpath("//field[@name='name']")[0]
        for words in (letter.client_reference, letter.name):
            domain = safe_eval(field.get("filter_domain"), {"self": words})
            found = (
                self.env["beepost.mailing"].with_user(self.accountant).search(domain)
            )
            self.assertIn(letter, found)


class TestProfiles(BeepostCommon):
    def _profile(self):
        return self.account.profile_id

    def test_senseless_zones(self):
        for values in (
            {"window_left": 200.0},
            {"window_top": 90.0},
            {"window_right": 211.0},
            {"window_bottom": 200.0},
            {"quiet_left": 120.0},
            {"quiet_left": -5.0},
            {"window_left": 195.0, "window_right": 118.0},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._profile().write(values)

    def test_senseless_envelopes(self):
        for values in (
            {"capacity": 0},
            {"weight_mg": 0},
            {"capacity": -1},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._write_row(self._profile().envelope_ids[0], values)

    def _write_row(self, record, values):
        try:
            with mute_logger("odoo.sql_db"), self.cr.savepoint():
                record.write(values)
                self.env.flush_all()
        except CheckViolation as error:
            raise ValidationError(str(error)) from error

    def test_no_envelope_is_a_clear_refusal(self):
        self._profile().envelope_ids.unlink()
        letter = self._post(self._create_invoice())
        self._run_outbox()
        self.assertEqual(letter.state, "rejected")
        self.assertNotIn("Something else", letter.error)
        self.assertNotIn("unexpected", str(letter.sudo().findings))

    def test_copy_has_its_envelopes(self):
        copied = self._profile().copy()
        self.assertEqual(
            copied.envelope_ids.mapped("code"),
            self._profile().envelope_ids.mapped("code"),
        )
        self.assertFalse(copied.envelope_ids & self._profile().envelope_ids)

    def test_one_sheet_envelopes_only(self):
        """A letter that fits no envelope is refused with its sheets and the limit."""
        self._profile().envelope_ids[1:].unlink()
        self._profile().envelope_ids.capacity = 1
        letter = self._post(self._create_invoice())
        self._run_outbox()
        self.assertEqual(letter.state, "rejected")
        self.assertRegex(letter.error, r"sheets, at most \d")

    def test_changes_hold_for_the_next_letter(self):
        first = self._post(self._create_invoice())
        self._run_outbox()
        grams = first.weight_mg
        self._profile().paper_gsm = 160
        second = self._post(self._create_invoice())
        self._run_outbox()
        self.assertGreater(second.weight_mg, grams)
        self.assertEqual(first.weight_mg, grams, "what has left stays as it was")
