"""The kanban and the other screens of letters: what they show, what they refuse and
what they cost."""

from datetime import timedelta

from freezegun import freeze_time
from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tools.safe_eval import safe_eval

from .common import NOON
from .letters import MORNING, BoardCase

READ_LIMIT = 80  # what the web client reads of a column


class TestBoard(BoardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._create_user("administrator", "beepost_mail.group_admin")
        cls.letter = cls._accepted_letter()

    def _kanban(self, user):
        """Columns and cards, as the web client asks for them."""
        Mailing = self.env["beepost.mailing"].with_user(user)
        view = Mailing.get_views([(False, "kanban")])["views"]["kanban"]
        arch = etree.fromstring(view["arch"])
        names = {node.get("name") for node in arch.iter("field")}
        names.add(arch.get("highlight_color"))
        columns = Mailing.with_context(read_group_expand=True).web_read_group(
            [],
            [arch.get("default_group_by")],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification={
                name: {"fields": {"display_name": {}}}
                if Mailing._fields[name].relational
                else {}
                for name in names
            },
            unfold_read_default_limit=READ_LIMIT,
        )
        bar = arch.find("progressbar")
        Mailing.read_progress_bar(
            [],
            arch.get("default_group_by"),
            {"field": bar.get("field"), "colors": safe_eval(bar.get("colors"))},
        )
        return arch, columns["groups"]

    def _card(self, user, letter):
        _arch, columns = self._kanban(user)
        return next(
            card
            for column in columns
            for card in column.get("__records", ())
            if card["id"] == letter.id
        )

    def test_every_stage_is_a_column(self):
        _arch, columns = self._kanban(self.accountant)
        stages = self.env["beepost.stage"].search([("active", "=", True)])
        self.assertEqual([c["stage_id"][0] for c in columns], stages.ids)
        for stage, column in zip(stages, columns, strict=True):
            self.assertEqual("__records" not in column, stage.fold, stage.name)

    def test_nobody_drags(self):
        for user in (self.accountant, self.manager, self.admin):
            arch, _columns = self._kanban(user)
            self.assertEqual(arch.get("records_draggable"), "0")
            self.assertEqual(arch.get("groups_draggable"), "0")
            self.assertEqual(arch.get("group_create"), "0")
            may_edit = user == self.admin
            self.assertEqual(arch.get("group_edit", "True") == "True", may_edit)

    def test_nobody_writes_a_stage(self):
        other = self.env.ref("beepost_tracking.stage_delivered")
        for user in (self.accountant, self.manager, self.admin, self.env.user):
            for values in ({"stage_id": other.id}, {"status": "delivered"}):
                for method, arguments in (
                    ("write", [values]),
                    ("web_save", [values, {}]),
                ):
                    with self.assertRaisesRegex(AccessError, "Nobody moves a letter"):
                        call_kw(
                            self.env["beepost.mailing"].with_user(user),
                            method,
                            [self.letter.ids, *arguments],
                            {},
                        )
        self.assertEqual(self.letter.status, "received")

    def test_card(self):
        self.letter.service_id = self.env.ref("beepost_mail.service_registered")
        self._told(self.letter, "posted", tracking_number="1A 111 222 3333 4")
        card = self._card(self.accountant, self.letter)
        move = self.letter._documents_of("account.move")
        self.assertEqual(card["amount"], move.amount_total)
        self.assertEqual(card["amount_currency_id"]["id"], move.currency_id.id)
        self.assertEqual(card["tracking_number"], "1A 111 222 3333 4")
        self.assertTrue(card["is_practice"])

    def test_amount_is_for_those_who_read_the_invoice(self):
        card = self._card(self.manager, self.letter)
        self.assertFalse(card["amount"] or card["amount_currency_id"])

    def test_amounts_of_two_currencies_are_not_added(self):
        other = self._create_invoice()
        self.letter.document_ids = [
            Command.create(
                {"name": "Two", "res_model": "account.move", "res_id": other.id}
            )
        ]
        letter = self.letter.with_user(self.accountant)
        self.assertEqual(
            letter.amount,
            other.amount_total * 2,
        )
        francs = self.env.ref("base.CHF")
        francs.active = True
        other.button_draft()
        other.currency_id = francs
        letter.invalidate_recordset()
        self.assertFalse(letter.amount or letter.amount_currency_id)

    def test_days_in_stage(self):
        with freeze_time(MORNING + timedelta(days=3, hours=1)):
            self.assertEqual(self.letter.days_in_stage, 3)

    def test_late_until_it_is_posted(self):
        with freeze_time(MORNING + timedelta(days=2)):
            self.env["beepost.mailing"].sudo()._cron_promise()
            self.assertTrue(self.letter.is_late)
            self.assertEqual(self.letter.card_color, 1)
            self._told(self.letter, "posted", start=NOON + timedelta(days=2))
            self.assertEqual(self.letter.promise, "missed")
            self.assertFalse(self.letter.is_late)

    def test_queries_do_not_grow_with_the_letters(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            _arch, columns = self._kanban(self.accountant)
            spent = self.cr.sql_log_count - before
            return spent, sum(len(c.get("__records", ())) for c in columns)

        self._many(self.letter, 10)
        queries()  # what is cached for good
        few, cards = queries()
        self.assertEqual(cards, 11)
        self._many(self.letter, 200)
        many, cards = queries()
        self.assertEqual(cards, READ_LIMIT)
        self.assertEqual(many, few)
        self.assertLess(many, 60)

    # ------------------------------------------------------------------
    # The promise
    # ------------------------------------------------------------------

    def _rate(self, letters):
        [(rate,)] = self.env["beepost.mailing"]._read_group(
            [("id", "in", letters.ids)], [], ["promise_rate:avg"]
        )
        return rate

    def test_only_letters_that_count_make_the_rate(self):
        kept, missed, pending = (self._accepted_letter() for _letter in range(3))
        with freeze_time(MORNING + timedelta(hours=1)):
            self._told(kept, "posted")
            self._told(missed, "posted", start=NOON + timedelta(days=5))
            self.assertEqual(pending.promise, "pending")
            stopped = self._accepted_letter(state="cancelled")
            self.assertFalse(stopped.promise)
            self.assertEqual(self._rate(kept + pending + stopped), 100.0)
            self.assertEqual(self._rate(kept + missed + pending + stopped), 50.0)
            self.assertIs(self._rate(pending + stopped), False, "none, and not 0 %")

    def test_handed_over_nobody_knows_when(self):
        with freeze_time(MORNING + timedelta(days=8)):
            self._told(self.letter, "delivered", start=NOON + timedelta(days=6))
            self.assertFalse(self.letter.deposit_date)
            self.assertFalse(self.letter.promise, "neither kept nor missed")
            self.assertFalse(self.letter.is_late)


class TestScreens(BoardCase):
    """Each view, filter and grouping works for each role that has it in a menu."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._create_user("administrator", "beepost_mail.group_admin")
        cls.letter = cls._accepted_letter()

    def _actions(self, user):
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(debug=False)
        data = self.env["ir.model.data"].sudo()
        ours = data.search(
            [("module", "=", "beepost_tracking"), ("model", "=", "ir.ui.menu")]
        ).mapped("res_id")
        ours.append(self.env.ref("beepost_mail.menu_mailing").id)
        ids = [menus[menu]["action_id"] for menu in ours if menu in menus]
        return self.env["ir.actions.act_window"].sudo().browse(filter(None, ids))

    def test_menus(self):
        models = {
            user: set(self._actions(user).mapped("res_model"))
            for user in (self.accountant, self.manager, self.admin)
        }
        daily = {"beepost.account", "beepost.mailing", "beepost.proof"}
        self.assertEqual(models[self.accountant], daily)
        self.assertEqual(models[self.manager], daily | {"beepost.event"})
        self.assertEqual(
            models[self.admin],
            daily
            | {"beepost.event", "beepost.stage", "beepost.wording"}
            | {"beepost.suivi", "beepost.export.wizard"},
        )
        menus = self.env["ir.ui.menu"].with_user(self.accountant)
        first = menus.browse(self.env.ref("beepost_mail.menu_root").id).child_id[:1]
        self.assertEqual(first, self.env.ref("beepost_tracking.menu_overview"))

    def test_every_view_opens(self):
        self._told(self.letter, "posted", "zz_9")
        for user in (self.accountant, self.manager, self.admin):
            for action in self._actions(user):
                model = self.env[action.res_model].with_user(user)
                loaded = model.get_views(
                    [*action.views, (False, "search")], {"action_id": action.id}
                )
                shown = loaded["models"][model._name]["fields"]
                for kind, view in loaded["views"].items():
                    with self.subTest(user=user.login, model=model._name, kind=kind):
                        self.assertTrue(view["arch"])
                        model.web_search_read(
                            [], {name: {} for name in shown if name in model}
                        )

    def test_kinds_of_view(self):
        action = self.env.ref("beepost_mail.action_mailing")
        self.assertEqual(
            [kind for _view, kind in action.views],
            ["kanban", "list", "calendar", "pivot", "graph", "form"],
        )

    def test_every_filter_and_grouping(self):
        for name in ("beepost.mailing", "beepost.event", "beepost.wording"):
            model = self.env[name].with_user(self.admin)
            arch = model.get_views([(False, "search")])["views"]["search"]["arch"]
            for node in etree.fromstring(arch).iter("filter"):
                with self.subTest(model=name, filter=node.get("name")):
                    if node.get("domain"):
                        model.search(safe_eval(node.get("domain"), {"uid": 1}))
                    if node.get("context"):
                        group = safe_eval(node.get("context"))["group_by"]
                        model.formatted_read_group([], [group], ["__count"])

    def test_invoice(self):
        self.letter.is_practice = False
        self._told(self.letter, "posted", "undeliverable", reason="npai")
        move = self.letter._documents_of("account.move")
        Move = self.env["account.move"].with_user(self.accountant)
        arch = Move.get_views([(False, "search")])["views"]["search"]["arch"]
        found = {}
        for node in etree.fromstring(arch).iter("filter"):
            if (node.get("name") or "").startswith("beepost") and node.get("domain"):
                domain = safe_eval(node.get("domain"))
                found[node.get("name")] = Move.search([*domain, ("id", "in", move.ids)])
        self.assertEqual(found["beepost_came_back"], move)
        self.assertFalse(found["beepost_delivered"] or found["beepost_posted"])
        groups = Move.formatted_read_group(
            [("id", "in", move.ids)], ["beepost_stage_id"], ["__count"]
        )
        self.assertEqual(groups[0]["beepost_stage_id"][0], self.letter.stage_id.id)
        self.assertEqual(move.beepost_stage_color, self.letter.stage_id.color)


class TestTimeline(BoardCase):
    def test_an_event_in_words(self):
        letter = self._accepted_letter()
        self._told(letter, "posted", label="Déposé à la poste", place="Lyon PIC")
        event = letter.event_ids.with_context(lang="fr_FR")
        self.assertEqual(event.words, "Déposé à la poste")
        self.assertEqual(event.day_words, "24 novembre 2026")
        # 11:00 UTC, told in French winter time to a reader in any zone.
        for zone in ("Pacific/Auckland", "America/Lima"):
            event = event.with_context(tz=zone)
            self.assertEqual(event.time_words, "12:00")

    def test_night_belongs_to_the_day_in_paris(self):
        letter = self._accepted_letter()
        self._told(letter, "posted", start=NOON.replace(hour=23, minute=30))
        event = letter.event_ids.with_context(lang="fr_FR", tz="America/Lima")
        self.assertEqual(event.day_words, "25 novembre 2026")
        self.assertEqual(event.time_words, "00:30")

    def test_the_first_of_a_month_in_french(self):
        self.env["res.lang"]._activate_lang("en_US")
        letter = self._accepted_letter()
        self._told(letter, "posted", start=NOON.replace(day=1))
        event = letter.event_ids.with_context(lang="fr_FR")
        self.assertEqual(event.day_words, "1er novembre 2026")
        self.assertEqual(event.with_context(lang="en_US").day_words, "November 1, 2026")

    def test_reasons(self):
        letter = self._accepted_letter()
        self._told(letter, "undeliverable", reason="npai")
        self.assertIn("unknown at this address", letter.event_ids.reason_words)
        other = self._accepted_letter()
        self._told(other, "undeliverable", reason="Chien méchant")
        self.assertEqual(other.event_ids.reason_words, "Chien méchant")
        self.assertEqual(other.return_reason, "other")
