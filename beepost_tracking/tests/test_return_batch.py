"""A hundred letters that came back, treated in one dialog."""

from odoo.exceptions import UserError
from odoo.tests import Form

from .returns import ReturnsCase


class TestBatch(ReturnsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant.group_ids += cls.env.ref("base.group_partner_manager")

    def _returned(self, count, **more):
        return self._came_back(self._sent(*self._invoices(count)), **more)

    def _open(self, letters, user=None):
        action = letters.with_user(user or self.accountant).action_treat_returns()
        self.assertEqual(action["res_model"], "beepost.returns")
        return (
            self.env["beepost.returns"]
            .with_user(user or self.accountant)
            .browse(action["res_id"])
        )

    def test_one_line_for_each_and_nothing_is_posted_unasked(self):
        letters = self._returned(3)
        wizard = self._open(letters)
        lines = wizard.line_ids
        self.assertEqual(lines.mailing_id, letters)
        self.assertEqual(set(lines.mapped("what")), {"leave"})
        self.assertEqual(lines.mapped("street"), letters.partner_id.mapped("street"))
        self.assertIn("75002 PARIS", lines[0].preview)
        self.assertEqual(set(lines.mapped("return_reason")), {"npai"})
        with self.assertRaises(UserError):
            wizard.action_apply()

    def test_corrected_meanwhile_is_ready_to_post(self):
        letters = self._returned(2)
        letters[0].partner_id.street = "15 rue Neuve"
        self.assertEqual(
            self._open(letters).line_ids.mapped("what"), ["correct", "leave"]
        )

    def test_each_line_as_it_says(self):
        letters = self._returned(4)
        wizard = self._open(letters)
        corrected, unchanged, given_up, left = wizard.line_ids
        corrected.write({"street": "15 rue Neuve", "what": "correct"})
        unchanged.what = "repost"
        given_up.what = "give_up"
        wizard.action_apply()
        self.assertEqual(
            letters.mapped("return_state"),
            ["posted_again", "posted_again", "given_up", "open"],
        )
        new = letters.sudo().replaced_by_ids
        self.assertEqual(len(new), 2)
        self.assertEqual(new.origin_id, letters[:2])
        self.assertIn("15 RUE NEUVE", letters[0].sudo().replaced_by_ids.recipient)
        self.assertEqual(
            letters[1].sudo().replaced_by_ids.recipient, letters[1].sudo().recipient
        )
        self.assertEqual(self._activities(letters).mapped("res_id"), letters[3].ids)
        self.assertEqual(new.user_id, self.accountant)

    def test_a_bad_line_stops_no_other_and_says_why(self):
        letters = self._returned(6)
        wizard = self._open(letters)
        bad, same, withdrawn, gone, fine, also = wizard.line_ids
        wizard.line_ids.what = "correct"
        for number, line in enumerate(wizard.line_ids):
            line.street = f"{number + 50} rue Neuve"
        bad.zip = "7500"
        same.street = same.partner_id.street
        withdrawn.mailing_id._documents_of("account.move").sudo().button_draft()
        gone.mailing_id.action_post_again()
        self.assertIs(wizard.action_apply(), True, "it stays open")
        self.assertEqual(wizard.line_ids, bad + same + withdrawn + gone)
        for line, words in (
            (bad, "postcode"),
            (same, "still the one"),
            (withdrawn, "changed or cancelled"),
            (gone, "already"),
        ):
            self.assertIn(words, line.result)
            self.assertNotIn("rue Neuve", line.partner_id.street)
        self.assertEqual(
            letters.mapped("return_state"),
            ["open", "open", "open", "posted_again", "posted_again", "posted_again"],
        )
        self.assertEqual((wizard.done_count, wizard.failed_count), (2, 4))
        # Mended, it goes; and nothing is done twice.
        bad.zip = "75001"
        (same + withdrawn + gone).what = "leave"
        wizard.action_apply()
        self.assertEqual(letters[0].return_state, "posted_again")
        self.assertEqual(len(letters.sudo().replaced_by_ids), 4)

    def test_an_addressee_on_two_lines(self):
        partner = self._customers(1)
        letters = self._came_back(
            self._sent(*self._invoices(3, [partner, partner, partner]))
        )
        wizard = self._open(letters)
        first, alike, other = wizard.line_ids
        (first + alike).write({"street": "15 rue Neuve", "what": "correct"})
        other.write({"street": "16 rue Neuve", "what": "correct"})
        wizard.action_apply()
        self.assertEqual(wizard.line_ids, other)
        self.assertIn("another address", other.result)
        self.assertEqual(partner.street, "15 rue Neuve")
        self.assertEqual(len(letters[:2].sudo().replaced_by_ids), 2)

    def test_no_right_to_change_the_contact(self):
        letters = self._returned(2)
        same = self._sent(*self._invoices(1, letters[0].partner_id))
        letters = letters[0] + self._came_back(same) + letters[1]
        self.accountant.group_ids -= self.env.ref("base.group_partner_manager")
        self.assertFalse(
            letters.partner_id.with_user(self.accountant).has_access("write")
        )
        wizard = self._open(letters)
        wizard.line_ids[:2].write({"street": "15 rue Neuve", "what": "correct"})
        wizard.line_ids[2].what = "repost"
        wizard.action_apply()
        self.assertEqual(
            letters.mapped("return_state"), ["open", "open", "posted_again"]
        )
        self.assertTrue(all(wizard.line_ids.mapped("result")))
        self.assertNotEqual(letters[0].partner_id.street, "15 rue Neuve")

    def test_one_choice_for_all(self):
        wizard = self._open(self._returned(2))
        with Form(wizard) as form:
            form.do_all = "give_up"
        self.assertEqual(wizard.line_ids.mapped("what"), ["give_up", "give_up"])

    def test_live_check(self):
        wizard = self._open(self._returned(2))
        with Form(wizard) as form:
            with form.line_ids.edit(0) as line:
                line.zip = "7500"
                self.assertIn("7500", line.check)
                line.zip = "75003"
                self.assertIn("75003 PARIS", line.check)
                self.assertEqual(line.what, "correct", "whoever corrects will post")
        self.assertEqual(wizard.line_ids.mapped("what"), ["correct", "leave"])

    def test_letters_already_treated_have_no_line(self):
        letters = self._returned(2)
        letters[0].action_post_again()
        self.assertEqual(self._open(letters).line_ids.mailing_id, letters[1])
        letters[1].action_give_up_return()
        self.assertEqual(self._open(letters).line_ids.mailing_id, letters[1])
        letters[1].action_post_again()
        with self.assertRaises(UserError):
            self._open(letters)

    def test_a_hundred_cost_not_ten_times_ten(self):
        def cost(count):
            letters = self._returned(count)
            self.env.flush_all()
            self.env.invalidate_all()
            counts = [self.cr.sql_log_count]
            wizard = self._open(letters)
            self.env.flush_all()
            wizard.web_read({"line_ids": {"fields": {"preview": {}, "problem": {}}}})
            counts.append(self.cr.sql_log_count)
            for number, line in enumerate(wizard.line_ids):
                line.write({"street": f"{number + 1} rue Neuve", "what": "correct"})
            self.env.flush_all()
            self.env.invalidate_all()
            counts.append(self.cr.sql_log_count)
            wizard.action_apply()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count)
            self.assertEqual(set(letters.mapped("return_state")), {"posted_again"})
            return counts[1] - counts[0], counts[3] - counts[2]

        cost(2)
        few, many = cost(10), cost(100)
        self.assertLess(many[0], few[0] * 2, "opening")
        # Odoo itself writes a contact with some queries of its own.
        self.assertLess((many[1] - few[1]) / 90, 10, "queries for each letter")
