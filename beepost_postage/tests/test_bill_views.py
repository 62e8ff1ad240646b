from lxml import etree

from odoo.tests import Form
from odoo.tools.safe_eval import safe_eval

from .statements import StatementCase, right

ACTIONS = {
    "action_statement": "manager",
    "action_statement_letter": "manager",
    "action_reinvoice": "manager",
    "action_label": "administrator",
    "action_cost": "accountant",
}


class TestBillViews(StatementCase):
    """The screens of the bill check work for those who have them in their menus."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = cls._create_user(
            "administrator", "beepost_mail.group_admin"
        )

    def setUp(self):
        super().setUp()
        self.letter = self._sent()
        self.statement = self._fetched(*right(self.letter), *right(self.letter))

    def _views(self, action, user):
        own = {view.view_mode: view.view_id.id for view in action.view_ids}
        kinds = [(own.get(kind), kind) for kind in action.view_mode.split(",")]
        search = (action.search_view_id.id, "search")
        return self.env[action.res_model].with_user(user).get_views(
            [*kinds, search], {"action_id": action.id}
        )  # fmt: skip

    def test_every_view_opens(self):
        for name, login in ACTIONS.items():
            action = self.env.ref(f"beepost_postage.{name}").sudo()
            for user in {getattr(self, login), self.manager, self.administrator}:
                if name == "action_label" and user == self.manager:
                    continue
                # Each comes with a request of his own: lists that one may not see in
                # whole would stay in the memory of the next.
                self.env.invalidate_all()
                Model = self.env[action.res_model].with_user(user)
                loaded = self._views(action, user)
                fields = loaded["models"][action.res_model]["fields"]
                self.assertIn("smiling_face", action.help)
                with self.subTest(action=name, user=user.login):
                    Model.web_search_read([], {one: {} for one in fields})
                    self._try_filters(Model, loaded["views"]["search"]["arch"], user)

    def _try_filters(self, Model, arch, user):
        for node in etree.fromstring(arch).iter("filter"):
            if node.get("domain"):
                Model.search(safe_eval(node.get("domain"), {"uid": user.id}))
            if node.get("context"):
                group = safe_eval(node.get("context"))["group_by"]
                Model.formatted_read_group([], [group], ["__count"])

    def test_who_has_which_menu(self):
        def menus(user):
            loaded = self.env["ir.ui.menu"].with_user(user).load_menus(debug=False)
            names = ("statement", "statement_letter", "reinvoice", "label", "cost")
            return {
                name
                for name in names
                if self.env.ref(f"beepost_postage.menu_{name}").id in loaded
            }

        managers = {"statement", "statement_letter", "reinvoice", "cost"}
        self.assertEqual(menus(self.accountant), {"cost"})
        self.assertEqual(menus(self.manager), managers)
        self.assertEqual(menus(self.administrator), managers | {"label"})

    def test_a_manager_makes_a_statement_by_its_form(self):
        with Form(
            self.env["beepost.postage.statement"].with_user(self.manager)
        ) as form:
            form.account_id = self.account
            form.date_from = "2026-12-01"
            form.date_to = "2026-12-31"
        self.assertEqual(form.record.state, "draft")

    def test_the_letter_shows_its_bill_to_managers_only(self):
        for user, shown in ((self.accountant, False), (self.manager, True)):
            arch = self.env["beepost.mailing"].with_user(user).get_view(
                self.env.ref("beepost_mail.view_mailing_form").id
            )["arch"]  # fmt: skip
            for name in ("billed_untaxed", "billed_difference", "reinvoice_margin"):
                self.assertEqual(f'"{name}"' in arch, shown, (user.login, name))
        action = self.letter.with_user(self.manager).action_open_statements()
        self.assertEqual(action["res_id"], self.statement.id)

    def test_from_the_statement_to_its_letters_and_differences(self):
        action = self.statement.action_open_letters()
        found = self.env["beepost.mailing"].search(action["domain"])
        self.assertEqual(found, self.letter)
        action = self.statement.action_open_differences()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(rows.reason, "twice")
        self.assertEqual(rows.action_open_letter()["res_id"], self.letter.id)

    def test_the_import_dialog(self):
        wizard = self._wizard(self.statement)
        form = Form(wizard)
        self.assertTrue(form.faults)
        self.assertEqual(
            self.statement.action_import()["context"]["default_statement_id"],
            self.statement.id,
        )

    def test_settings_are_shown_to_whoever_administers(self):
        view = self.env.ref("base.res_config_settings_view_form")
        user = self._create_user("settings", "base.group_system")
        Settings = self.env["res.config.settings"].with_user(user)
        self.assertNotIn("beepost_reinvoice", Settings.get_view(view.id)["arch"])
        user.group_ids += self.env.ref("beepost_mail.group_admin")
        Settings.env.registry.clear_cache()
        self.assertIn("beepost_reinvoice", Settings.get_view(view.id)["arch"])
