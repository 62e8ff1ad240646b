"""A letter that came back: somebody is told, and posts it again or gives it up."""

from odoo.exceptions import UserError

from odoo.addons.beepost_mail.tests.common import ScriptedGateway

from .common import NOON
from .returns import ReturnsCase


class TestActivity(ReturnsCase):
    def test_for_the_author_once(self):
        self._came_back(self.letter)
        activity = self._activities(self.letter)
        self.assertEqual(activity.user_id, self.accountant)
        self.assertIn("NPAI", activity.summary)
        self.assertIn("Correct and post again", activity.note)
        self._told(self.letter, "returning", "returned", start=NOON.replace(day=27))
        self.assertEqual(self._activities(self.letter), activity)

    def test_in_the_authors_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.accountant.lang = "fr_FR"
        asked = []

        def words(letter, env):
            asked.append(env.lang)
            return original(letter, env)

        original = type(self.letter)._came_back_words
        self.patch(type(self.letter), "_came_back_words", words)
        self._came_back(self.letter)
        self.assertEqual(asked, ["fr_FR"])

    def test_for_a_manager_where_the_author_has_left(self):
        self.accountant.active = False
        self._came_back(self.letter)
        user = self._activities(self.letter).user_id
        self.assertTrue(user.has_group("beepost_mail.group_manager"))
        self.assertIn(self.company, user.company_ids)

    def test_managers_of_another_company_are_left_alone(self):
        other = self.env["res.company"].create({"name": "Autre"})
        (self.manager + self.env.user).company_ids |= other
        theirs = self._create_user("theirs", "beepost_mail.group_manager", other)
        self.assertNotIn(theirs, self.letter._managers()[self.company])
        self.assertIn(self.manager, self.letter._managers()[self.company])
        self.assertFalse(
            self.letter._managers()[self.company][:1].has_group(
                "beepost_mail.group_admin"
            ),
            "those who only manage come first",
        )

    def test_what_to_do_depends_on_the_reason(self):
        for reason, words in (
            ("npai", "Find the right address"),
            ("unclaimed", "The address may be right"),
            ("refused", "The address may be right"),
            ("deceased", "estate"),
            ("other", "Check the address"),
        ):
            letter = self._sent(self._create_invoice())
            self._came_back(letter, reason=reason)
            with self.subTest(reason=reason):
                self.assertIn(words, self._activities(letter).note)

    def test_contradiction_is_a_managers(self):
        self._told(self.letter, "posted", "delivered", "undeliverable", reason="npai")
        self.assertTrue(self.letter.contradicted)
        activity = self._activities(self.letter, "activity_contradicted")
        self.assertEqual(len(activity), 1)
        self.assertTrue(activity.user_id.has_group("beepost_mail.group_manager"))
        self._told(self.letter, "returning", start=NOON.replace(day=27))
        self.assertEqual(len(self._activities(self.letter, "activity_contradicted")), 1)

    def test_cancelled_and_yet_it_came_back(self):
        self.letter.state = "cancelled"
        self._came_back(self.letter)
        self.assertTrue(self._activities(self.letter, "activity_contradicted"))
        self.assertFalse(self.letter.return_state, "nobody wanted it to arrive")
        self.assertFalse(self._activities(self.letter))

    def test_the_kinds_of_activities_stay(self):
        for name in ("activity_came_back", "activity_contradicted"):
            with self.assertRaises(UserError):
                self.env.ref(f"beepost_tracking.{name}").unlink()

    def test_a_mail_bag_costs_as_much_as_a_letter(self):
        """Queries for ten and for a hundred letters that come back at once."""

        def cost(count):
            letters = self._sent(*self._invoices(count))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._came_back(letters)
            cost = self.cr.sql_log_count - before
            self.assertEqual(len(self._activities(letters)), count)
            self.assertTrue(all(letters.partner_id.mapped("beepost_returned_on")))
            return cost

        cost(2)
        few, many = cost(10), cost(100)
        self.assertLess(many, few + 30, "ten times as many letters")


class TestPostAgain(ReturnsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant.group_ids += cls.env.ref("base.group_partner_manager")

    def _wizard(self, letter=None, user=None, **values):
        letter = (letter or self.letter).with_user(user or self.accountant)
        action = letter.action_correct_and_post_again()
        return (
            self.env[action["res_model"]]
            .with_user(user or self.accountant)
            .with_context(**action["context"])
            .create(values)
        )

    def _new(self, letter=None):
        return (letter or self.letter).sudo().replaced_by_ids

    def test_correct_and_post_again(self):
        self._came_back(self.letter)
        wizard = self._wizard(street="15 rue Neuve")
        self.assertIn("15 RUE NEUVE", wizard.preview)
        self.assertIn("NPAI", wizard.return_notice)
        action = wizard.action_correct()
        new = self._new()
        self.assertEqual(action["res_id"], new.id)
        self.assertEqual(self.customer.street, "15 rue Neuve")
        self.assertEqual((new.origin_id, new.state), (self.letter, "draft"))
        self.assertEqual(new.user_id, self.accountant)
        self.assertIn("15 RUE NEUVE", new.recipient)
        self.assertEqual(self.letter.state, "accepted")
        self.assertEqual(self.letter.status, "undeliverable")
        self.assertNotIn("15 RUE", self.letter.sudo().recipient)
        self.assertEqual(self.letter.return_state, "posted_again")
        self.assertFalse(self._activities(self.letter))
        self.assertFalse(self.customer.beepost_returned_on)
        self.assertIn(new.client_reference, self._bodies(self.letter))
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        self.assertEqual(list(gateway.counts()), [new.client_reference])
        self.assertTrue(new.has_address_sheet, "the legal PDF shows another address")
        new.is_practice = False
        self.assertEqual(self.move.beepost_stage_id.code, "received")

    def test_the_same_address_is_not_corrected(self):
        self._came_back(self.letter)
        wizard = self._wizard(city="LYON")
        with self.assertRaisesRegex(UserError, "still the one"):
            wizard.action_correct()
        self.assertFalse(self._new())

    def test_unchanged(self):
        self._came_back(self.letter, reason="unclaimed")
        action = self.letter.with_user(self.accountant).action_post_again()
        self.assertEqual(action["res_id"], self._new().id)
        self.assertEqual(self._new().recipient, self.letter.sudo().recipient)
        self.assertEqual(self.letter.return_state, "posted_again")
        self.assertTrue(self.customer.beepost_returned_on, "nobody corrected it")

    def test_twice(self):
        self._came_back(self.letter)
        letter = self.letter.with_user(self.accountant)
        wizard = self._wizard(street="15 rue Neuve")
        letter.action_post_again()
        for step in (
            letter.action_post_again,
            letter.action_correct_and_post_again,
            letter.action_give_up_return,
            wizard.action_correct,
        ):
            with self.subTest(step=step), self.assertRaisesRegex(UserError, "already"):
                step()
        self.assertEqual(len(self._new()), 1)
        self.assertNotEqual(self.customer.street, "15 rue Neuve")

    def test_the_new_letter_is_cancelled(self):
        """It never left: the one that came back is to treat again."""
        self._came_back(self.letter)
        self.letter.action_post_again()
        self._new().action_cancel()
        self.assertEqual(self.letter.return_state, "open")
        self.letter.action_post_again()
        self.assertEqual(self.letter.return_state, "posted_again")

    def test_withdrawn_document(self):
        self._came_back(self.letter)
        self.move.button_draft()
        for name in ("action_post_again", "action_correct_and_post_again"):
            with self.assertRaisesRegex(UserError, "changed or cancelled"):
                getattr(self.letter, name)()
        self.assertFalse(self._new())
        self.letter.action_give_up_return()
        self.assertEqual(self.letter.return_state, "given_up")

    def test_a_letter_that_did_not_come_back(self):
        for codes in ((), ("posted",), ("posted", "delivered"), ("cancelled",)):
            letter = self._sent(self._create_invoice())
            self._told(letter, *codes)
            for name in (
                "action_post_again",
                "action_correct_and_post_again",
                "action_give_up_return",
                "action_treat_returns",
            ):
                with self.subTest(codes=codes, name=name):
                    with self.assertRaises(UserError):
                        getattr(letter.with_user(self.manager), name)()
            self.assertFalse(self._new(letter))

    def test_give_up(self):
        self._came_back(self.letter)
        self.letter.with_user(self.accountant).action_give_up_return()
        self.assertEqual(self.letter.return_state, "given_up")
        self.assertFalse(self._activities(self.letter))
        for record in (self.letter, self.move):
            self.assertIn(f"{self.accountant.name} gave up", self._bodies(record))
        self.letter.with_user(self.accountant).action_post_again()
        self.assertEqual(self.letter.return_state, "posted_again", "second thoughts")

    def test_several_at_once_or_none(self):
        other = self._sent(self._create_invoice())
        self._came_back(self.letter)
        with self.assertRaisesRegex(UserError, other.name):
            (self.letter + other).action_post_again()
        self.assertFalse(self._new())

    def test_sent_again_from_the_invoice(self):
        """Whoever presses *Send* on the invoice has posted it again as well."""
        self._came_back(self.letter)
        new = self._post(self.move, user=self.accountant)
        self.assertEqual(new.origin_id, self.letter)
        self.assertEqual(self.letter.return_state, "posted_again")
        self.assertFalse(self._activities(self.letter))

    def test_another_invoice_replaces_nothing(self):
        self._came_back(self.letter)
        self.assertFalse(self._post(self._create_invoice()).origin_id)
        self.assertEqual(self.letter.return_state, "open")

    def test_comes_back_once_more(self):
        self._came_back(self.letter)
        self._wizard(street="15 rue Neuve").action_correct()
        new = self._new()
        new.write({"state": "accepted", "accepted_at": NOON.replace(tzinfo=None)})
        self._came_back(new, start=NOON.replace(day=29))
        self.assertEqual(new.return_state, "open")
        self.assertEqual(self.letter.return_state, "posted_again")
        self.assertEqual(self.customer.sudo().beepost_returned_mailing_id, new)


class TestRefusedIsNotReturned(ReturnsCase):
    """Not printed and sent again in place, or printed and replaced: never both."""

    RETURNED = (
        "action_post_again",
        "action_correct_and_post_again",
        "action_give_up_return",
        "action_treat_returns",
    )
    REFUSED = ("action_retry", "action_correct_address")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.refused = cls._sent(cls._create_invoice())

    def setUp(self):
        super().setUp()
        self._told(self.refused, "received", "rejected", label="Papier épuisé")
        self._came_back(self.letter)

    def test_each_has_its_own_actions(self):
        for letter, closed in (
            (self.refused, self.RETURNED),
            (self.letter, self.REFUSED),
        ):
            for name in closed:
                with self.subTest(name=name), self.assertRaises(UserError):
                    getattr(letter.with_user(self.manager), name)()
        with self.assertRaisesRegex(UserError, "refused before printing"):
            self.refused.action_post_again()

    def test_the_dialog_goes_by_the_facts(self):
        Wizard = self.env["beepost.correct.address"]
        refused = Wizard.create({"mailing_id": self.refused.id})
        self.assertFalse(refused.return_state)
        refused.write({**refused._prepare_draft_vals(self.customer), "zip": "69003"})
        refused.action_correct()
        self.assertFalse(self.refused.replaced_by_ids, "the same letter")
        self.assertEqual(self.refused.state, "draft")
        returned = Wizard.create({"mailing_id": self.letter.id})
        returned.write({**returned._prepare_draft_vals(self.customer), "zip": "69004"})
        returned.action_correct()
        self.assertEqual(self.letter.state, "accepted")
        self.assertTrue(self.letter.replaced_by_ids, "a new letter")

    def test_filters(self):
        returns = self.env.ref("beepost_tracking.action_returns")
        Mailing = self.env["beepost.mailing"]
        found = Mailing.search([("return_state", "!=", False)])
        self.assertIn("return_state", returns.domain)
        self.assertIn(self.letter, found)
        self.assertNotIn(self.refused, found)
        found = Mailing.search([("state", "in", ("rejected", "unknown", "ready"))])
        self.assertIn(self.refused, found)
        self.assertNotIn(self.letter, found)

    def test_words(self):
        said = " ".join(self._activities(self.letter).mapped("summary"))
        self.assertIn("came back", said)
        self.assertNotIn("not sent", self._bodies(self.move) + said)
        self.assertFalse(self._activities(self.refused))
        self.assertIn("not sent", " ".join(self.refused.activity_ids.mapped("summary")))
        self.assertNotIn("came back", self._bodies(self.refused))

    def test_sent_again_after_a_refusal_it_may_come_back(self):
        self.refused.action_retry()
        self.assertFalse(self.refused.return_state)
        self.refused.write(
            {"state": "accepted", "accepted_at": NOON.replace(tzinfo=None)}
        )
        self._came_back(self.refused, start=NOON.replace(day=27))
        self.assertEqual(self.refused.return_state, "open")
