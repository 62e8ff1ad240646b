from datetime import date, timedelta
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from odoo.addons.beepost_mail.gateway import port
from odoo.addons.beepost_mail.gateway.port import Cost
from odoo.addons.beepost_mail.tests.common import ScriptedGateway

from .statements import (
    POSTAGE,
    PRODUCTION,
    BillingGateway,
    StatementCase,
    cost,
    right,
)


class TestStatement(StatementCase):
    """Expected against billed, letter by letter."""

    def test_billed_as_expected(self):
        letter = self._sent()
        statement = self._fetched(*right(letter))
        self.assertEqual(statement.state, "compared")
        row = self._row(statement, letter)
        self.assertEqual(
            row.figures,
            {
                "billed": "1.23",
                "before": "0.00",
                "expected": "1.23",
                "difference": "0.00",
                "taxes": "0.00",
            },
        )
        self.assertFalse(row.reason)
        self.assertFalse(row.is_different)
        self.assertEqual(statement.difference_count, 0)
        self.assertEqual(statement.billed_untaxed, 1.23)
        self.assertEqual(statement.expected_untaxed, 1.23)
        self.assertEqual(statement.line_ids.mapped("group"), ["postage", "production"])
        self.assertEqual(letter.billed_untaxed, 1.23)
        self.assertTrue(letter.is_billed)
        self.assertFalse(letter.bill_reason)

    def test_the_period_is_asked_for_both_days_included(self):
        gateway = BillingGateway()
        with self._gateway(gateway):
            self._create_statement().action_fetch()
        self.assertEqual(gateway.periods, [(date(2026, 11, 1), date(2026, 11, 30))])

    def test_the_default_period_is_the_month_before(self):
        statement = self.env["beepost.postage.statement"].create(
            {"account_id": self.account.id}
        )
        self.assertEqual(statement.date_from, date(2026, 10, 1))
        self.assertEqual(statement.date_to, date(2026, 10, 31))
        self.assertIn("2026-10-01 … 2026-10-31", statement.name)

    def test_a_heavier_step(self):
        letter = self._sent()
        # The next step of the estimated contract: up to 100 g.
        line = letter.postage_grid_id.line_ids.filtered(
            lambda step: (
                step.product_id.code == "lettre_verte"
                and step.max_grams == 100
                and step.zone_id == letter.postage_line_id.zone_id
            )
        )
        public = letter.postage_public_grid_id.line_ids.filtered(
            lambda step: (
                step.product_id.code == "lettre_verte"
                and step.max_grams == line.public_grams
                and step.zone_id == line.zone_id
            )
        )
        amount = f"{public.price * (100 - line.discount) / 100:.2f}"
        statement = self._fetched(cost(letter, POSTAGE, amount), *right(letter)[1:])
        row = self._row(statement, letter)
        self.assertEqual(row.reason, "step")
        self.assertIn("up to 100 g; we weighed 15.380 g", row.explanation)
        self.assertTrue(row.is_different)
        self.assertGreater(row.difference, 0)
        self.assertEqual(letter.bill_reason, "step")
        self.assertEqual(letter.billed_difference, row.difference)
        self.assertEqual(
            letter.with_user(self.manager).bill_explanation, row.explanation
        )

    def test_in_colour_and_another_service(self):
        color, tracked = self._sent(), self._sent()
        price = self._priced_as(service_id=self._service("tracked").id)
        in_color = self._priced_as(color=True)
        statement = self._fetched(
            cost(color, POSTAGE, "1.14"),
            cost(color, PRODUCTION, in_color["production"], "20"),
            cost(tracked, POSTAGE, price["postage"]),
            cost(tracked, PRODUCTION, "0.09", "20"),
        )
        self.assertEqual(self._row(statement, color).reason, "color")
        row = self._row(statement, tracked)
        self.assertEqual(row.reason, "service")
        self.assertIn(self._service("tracked").name, row.explanation)

    def _priced_as(self, **options):
        """{group: exact amount as text} of the same letter with other options."""
        other = self._sent(**options)
        sums = {}
        for charge in other.quote["charges"]:
            sums.setdefault(charge["group"], []).append(charge["amount"])
        other.sudo().state = "cancelled"  # not to be billed
        return {
            group: str(sum(map(Decimal, amounts))) for group, amounts in sums.items()
        }

    def test_by_the_coming_grid(self):
        grid = self.env.ref("beepost_postage.grid_public_2026")
        coming = grid.copy({"valid_from": "2027-01-01", "valid_to": False})
        step = coming.line_ids.filtered(
            lambda line: (
                line.product_id.code == "lettre_verte"
                and line.max_grams == 20
                and line.zone_id.code == self._sent().postage_line_id.zone_id.code
            )
        )
        step.price = 2.0
        coming.action_confirm()
        letter = self._sent()
        statement = self._fetched(cost(letter, POSTAGE, "1.50"), *right(letter)[1:])
        row = self._row(statement, letter)
        self.assertEqual(row.reason, "grid")
        self.assertIn("2027", row.explanation)

    def test_twice_unknown_and_not_billed(self):
        twice, missing = self._sent(), self._sent()
        stranger = cost(
            twice, POSTAGE, "1.14", client_reference="x", provider_reference="y"
        )
        statement = self._fetched(*right(twice), *right(twice), stranger)
        self.assertEqual(self._row(statement, twice).reason, "twice")
        self.assertEqual(self._row(statement, twice).difference, 1.23)
        row = self._row(statement, missing)
        self.assertEqual(row.reason, "not_billed")
        self.assertEqual(row.figures["difference"], "-1.23")
        self.assertEqual(missing.bill_reason, "not_billed")
        self.assertFalse(missing.is_billed)
        unknown = statement.letter_ids.filtered(lambda row: not row.mailing_id)
        self.assertEqual((unknown.reason, unknown.reference), ("unknown", "x"))
        self.assertEqual(unknown.difference, 1.14)
        # What is to be looked at comes first.
        self.assertEqual(statement.difference_count, 3)
        self.assertEqual(statement.difference, 1.14)

    def test_a_letter_of_another_day_is_not_missed(self):
        letter = self._sent()
        statement = self._create_statement(date_from="2026-12-01", date_to="2026-12-31")
        self._fetched(statement=statement)
        self.assertFalse(self._row(statement, letter))

    def test_billed_but_never_produced(self):
        letter, refused = self._sent(), self._sent()
        letter.sudo().state = "cancelled"
        refused.sudo().state = "rejected"
        statement = self._fetched(*right(letter), *right(refused))
        for one, state in ((letter, "Cancelled"), (refused, "Refused")):
            row = self._row(statement, one)
            self.assertEqual((row.reason, row.difference), ("stopped", 1.23))
            self.assertIn(f"“{state}”", row.explanation)

    def test_a_letter_of_another_account(self):
        other = self.env["beepost.account"].create(
            {"name": "Second", "company_id": self.company.id, "gateway": "http",
             "url": "https://bee.example.com"}
        )  # fmt: skip
        letter = self._sent()
        statement = self._fetched(
            *right(letter), statement=self._create_statement(account_id=other.id)
        )
        self.assertEqual(self._row(statement, letter).reason, "practice")
        letter.sudo().is_practice = False
        statement.action_compare()
        row = self._row(statement, letter)
        self.assertEqual(row.reason, "other_account")
        self.assertIn("Practice", row.explanation)

    def test_matched_by_our_reference_else_by_theirs(self):
        letter, other = self._sent(), self._sent()
        ours, theirs = right(letter)
        statement = self._fetched(
            cost(letter, POSTAGE, "1.14", provider_reference=other.provider_reference),
            cost(letter, PRODUCTION, "0.09", "20", client_reference=""),
            cost(other, POSTAGE, "1.14", client_reference="", provider_reference="?"),
        )
        self.assertEqual(len(self._row(statement, letter).line_ids), 2)
        self.assertFalse(self._row(statement, letter).reason)
        self.assertEqual(self._row(statement, other).reason, "not_billed")

    def test_a_letter_of_another_company_is_not_ours(self):
        letter = self._sent()
        company = self.setup_other_company(name="Other")["company"]
        account = self.env["beepost.account"].create(
            {"name": "Theirs", "company_id": company.id}
        )
        statement = self.env["beepost.postage.statement"].create(
            {
                "account_id": account.id,
                "date_from": "2026-11-01",
                "date_to": "2026-11-30",
            }
        )
        self._fetched(*right(letter), statement=statement)
        self.assertEqual(statement.letter_ids.reason, "unknown")
        self.assertFalse(statement.letter_ids.mailing_id)
        self.assertFalse(letter.is_billed)

    def test_in_two_statements(self):
        """Postage in November, production in December: the second one is complete."""
        letter = self._sent()
        postage, production = right(letter)
        first = self._fetched(postage)
        self.assertEqual(self._row(first, letter).reason, "part_not_billed")
        december = self._create_statement(date_from="2026-12-01", date_to="2026-12-31")
        late = cost(letter, PRODUCTION, "0.09", "20", on=date(2026, 12, 2))
        second = self._fetched(late, statement=december)
        row = self._row(second, letter)
        self.assertFalse(row.reason)
        self.assertEqual(
            (row.figures["billed"], row.figures["before"]), ("0.09", "1.14")
        )
        self.assertFalse(letter.bill_reason)
        self.assertEqual(letter.billed_untaxed, 1.23)

    def test_billed_again_the_month_after(self):
        letter = self._sent()
        self._fetched(*right(letter))
        december = self._create_statement(date_from="2026-12-01", date_to="2026-12-31")
        again = [
            cost(letter, c.label, c.amount, c.tax_rate, on=date(2026, 12, 2))
            for c in right(letter)
        ]
        self._fetched(*again, statement=december)
        row = self._row(december, letter)
        self.assertEqual(row.reason, "twice")
        self.assertIn("2026-11-01 … 2026-11-30", row.explanation)

    def test_rounding_is_nothing_to_look_at(self):
        """Of one letter, that is: of many it is said what it comes to."""
        letters = [self._sent(pages=3) for _n in range(3)]
        statement = self._fetched(
            *(cost(letter, POSTAGE, "1.14") for letter in letters),
            # 3 sheets of 0.045
            *(cost(letter, PRODUCTION, "0.14", "20") for letter in letters[:2]),
            cost(letters[2], PRODUCTION, "0.135", "20"),
        )
        for letter in letters[:2]:
            row = self._row(statement, letter)
            self.assertEqual((row.reason, row.is_different), ("rounding", False))
        self.assertFalse(self._row(statement, letters[2]).reason)
        self.assertEqual(statement.rounding, 0.01)

    def test_a_cent_too_much_is_no_rounding(self):
        letter = self._sent(pages=3)
        statement = self._fetched(
            cost(letter, POSTAGE, "1.15"), cost(letter, PRODUCTION, "0.145", "20")
        )
        row = self._row(statement, letter)
        self.assertEqual((row.reason, row.is_different), ("other", True))
        self.assertEqual(row.difference, 0.02)
        self.assertEqual(statement.rounding, 0)

    def test_a_letter_without_a_price(self):
        self.account.tariff_id = False
        letter = self._sent()
        statement = self._fetched(*right(letter))
        row = self._row(statement, letter)
        self.assertEqual(row.reason, "unpriced")
        self.assertIsNone(row.figures["expected"])
        self.assertEqual(row.difference, 0)

    def test_labels_are_data(self):
        letter = self._sent()
        odd = [cost(letter, "Zut", "1.14"), cost(letter, "Chose", "0.09", "20")]
        statement = self._fetched(*odd)
        self.assertFalse(any(statement.line_ids.mapped("group")))
        self.assertFalse(self._row(statement, letter).reason, "as a whole it is right")
        self.env["beepost.postage.label"].create({"name": "zut", "group": "postage"})
        statement.action_compare()
        self.assertEqual(statement.line_ids.mapped("group"), ["postage", False])

    def test_fetched_twice_nothing_doubles(self):
        letter = self._sent()
        statement = self._fetched(*right(letter))
        self._fetched(*right(letter), statement=statement)
        self.assertEqual(len(statement.line_ids), 2)
        overlapping = self._create_statement(date_from="2026-11-20")
        self._fetched(*right(letter), statement=overlapping)
        self.assertFalse(overlapping.line_ids)
        self.assertEqual(letter.billed_untaxed, 1.23)
        # A line that is really there twice comes in twice, once.
        both = [*right(letter), right(letter)[0]]
        self._fetched(*both, statement=statement)
        self._fetched(*both, statement=statement)
        self.assertEqual(len(statement.line_ids), 3)

    def _lost(self, ours, theirs, label=POSTAGE, amount="1.14", on=date(2026, 11, 27)):
        """A line of a letter that is in nobody's books."""
        return Cost(ours, theirs, label, Decimal(amount), Decimal(0), on)

    def test_a_line_is_known_by_either_reference(self):
        statement = self._fetched(self._lost("x", "p"))
        for ours, theirs in (("x", ""), ("", "p"), ("X", "p"), ("x", "p")):
            self._fetched(self._lost(ours, theirs), statement=statement)
            self.assertEqual(len(statement.line_ids), 1, (ours, theirs))
        # It is there three times, then.
        self._fetched(*[self._lost("", "p")] * 3, statement=statement)
        self.assertEqual(len(statement.line_ids), 3)
        self._fetched(*[self._lost("x", "p")] * 3, statement=statement)
        self.assertEqual(len(statement.line_ids), 3)

    def test_another_line_is_another(self):
        line = self._lost("x", "p")
        statement = self._fetched(line)
        others = (
            self._lost("y", "p"),  # our own reference counts more
            self._lost("", "q"),
            self._lost("x", "p", label="Zut"),
            self._lost("x", "p", amount="1.15"),
            self._lost("x", "p", on=date(2026, 11, 28)),
        )
        for count, other in enumerate(others, 2):
            self._fetched(other, statement=statement)
            self.assertEqual(len(statement.line_ids), count, other)
        self._fetched(line, *others, statement=statement)
        self.assertEqual(len(statement.line_ids), 6)

    def test_a_letter_found_later_is_billed_once(self):
        """Its reference with the provider was not in our books yet."""
        letter = self._sent()
        reference = letter.provider_reference
        letter.sudo().provider_reference = False
        theirs = cost(letter, POSTAGE, "1.14", provider_reference=reference)
        unnamed = cost(
            letter, POSTAGE, "1.14", provider_reference=reference, client_reference=""
        )
        statement = self._fetched(unnamed)
        self.assertFalse(statement.line_ids.mailing_id)
        letter.sudo().provider_reference = reference
        overlapping = self._create_statement(date_from="2026-11-20")
        ours = cost(letter, POSTAGE, "1.14", provider_reference="")
        for line in (theirs, ours, unnamed):
            self._fetched(line, statement=overlapping)
            self.assertFalse(overlapping.line_ids)
        self._fetched(theirs, theirs, statement=overlapping)
        self.assertEqual(len(overlapping.line_ids), 1)
        # The number that is free again is not taken twice.
        statement.action_remove_lines()
        self._fetched(theirs, theirs, statement=statement)
        self.assertEqual(len(statement.line_ids), 1)

    def test_what_the_provider_answers_instead(self):
        statement = self._create_statement()
        for error, words in (
            (port.Credentials("no"), "refused the identifier"),
            (port.Unavailable("down"), "cannot be reached"),
            (port.Refused("no such period"), "no such period"),
        ):
            with (
                self._gateway(BillingGateway(error=error)),
                self.assertRaisesRegex(UserError, words),
            ):
                statement.action_fetch()
        letter = self._sent()
        stray = cost(letter, POSTAGE, "1.14", on=date(2026, 12, 1))
        with self.assertRaisesRegex(UserError, "not within the period"):
            self._fetched(*right(letter), stray, statement=statement)
        self.assertFalse(statement.line_ids)

    def test_the_practice_provider_bills_what_it_posted(self):
        letter = self._priced()
        self.account.sandbox_shift = 72
        statement = self._create_statement()
        with self.enter_registry_test_mode():
            statement.action_fetch()
        self.assertEqual(len(self._row(statement, letter).line_ids), 2)
        self.assertFalse(self._row(statement, letter).reason)

    def test_from_draft_to_done_and_back(self):
        letter = self._sent()
        statement = self._create_statement()
        with self.assertRaisesRegex(UserError, "not possible"):
            statement.action_done()
        self._fetched(*right(letter), statement=statement)
        statement.action_done()
        for action in ("fetch", "compare", "remove_lines"):
            with self.assertRaisesRegex(UserError, "not possible"):
                getattr(statement, f"action_{action}")()
        with self.assertRaisesRegex(UserError, "kept"):
            statement.unlink()
        statement.action_reopen()
        with self.assertRaisesRegex(UserError, "account and period stay"):
            statement.date_to = "2026-11-29"
        statement.action_remove_lines()
        self.assertEqual((statement.state, letter.is_billed), ("draft", False))
        self.assertFalse(letter.bill_reason)
        statement.date_to = "2026-11-29"
        statement.unlink()

    def test_a_deleted_statement_bills_nothing(self):
        letter = self._sent()
        statement = self._fetched(cost(letter, POSTAGE, "2.33"))
        other = self._create_statement(date_from="2026-12-01", date_to="2026-12-31")
        self.env.flush_all()
        (statement + other).unlink()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(letter.is_billed or letter.billed_untaxed)
        self.assertFalse(letter.bill_reason or letter.billed_difference)

    def test_nobody_else_deletes_a_statement(self):
        statement = self._fetched(*right(self._sent()))
        with self.assertRaises(AccessError):
            statement.with_user(self.accountant).unlink()
        self.assertEqual(len(statement.line_ids), 2)

    def test_state_and_lines_do_not_change_by_hand(self):
        statement = self._create_statement()
        with self.assertRaises(AccessError):
            statement.state = "done"
        with self.assertRaises(AccessError):
            self._create_statement(state="done")
        with self.assertRaises(AccessError):
            self.env["beepost.postage.statement.line"].with_user(self.manager).create(
                {"statement_id": statement.id, "label": "x", "exact_amount": "1",
                 "exact_rate": "0", "billed_on": "2026-11-02", "fingerprint": "x"}
            )  # fmt: skip

    def test_a_letter_that_is_erased_leaves_its_amounts(self):
        letter = self._sent()
        statement = self._fetched(*right(letter))
        letter.sudo()._erase_personal_data()
        self.assertEqual(letter.quote["total"], "1.248")
        self.assertFalse(letter.quote["country"] or letter.quote["zip"])
        statement.action_compare()
        self.assertFalse(self._row(statement, letter).reason)
        dearer = self._fetched(cost(letter, POSTAGE, "2.00"), statement=statement)
        self.assertEqual(self._row(dearer, letter).reason, "other")

    def test_letters_that_go_leave_the_statement(self):
        """As ``beepost_mail`` deletes them when it is uninstalled."""
        letter = self._sent()
        statement = self._fetched(*right(letter))
        reference = letter.client_reference
        self.env.flush_all()
        self.cr.execute("UPDATE beepost_mailing SET pdf_id = NULL")
        self.cr.execute("DELETE FROM beepost_mailing WHERE id = %s", [letter.id])
        self.env.invalidate_all()
        self.assertEqual(statement.letter_ids.reference, reference)
        self.assertEqual(statement.billed_untaxed, 1.23)
        self.cr.execute("DELETE FROM beepost_mailing")
        self.cr.execute("DELETE FROM beepost_account")
        self.env.invalidate_all()
        self.assertFalse(statement.exists())

    @mute_logger("odoo.sql_db")
    def test_queries_do_not_grow_with_the_letters(self):
        def queries(count):
            letters = [self._letter() for _n in range(count)]
            with self._gateway(ScriptedGateway()):
                self._run_outbox()
            costs = [one for letter in letters for one in right(letter)]
            costs += [cost(letters[0], POSTAGE, "1.14", on=date(2026, 11, 28))]
            statement = self._create_statement()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            with self._gateway(BillingGateway(costs)):
                statement.action_fetch()
                self.env.flush_all()
                self.env.invalidate_all()
                statement.action_fetch()
            self.env.flush_all()
            count = self.cr.sql_log_count - before
            statement.action_remove_lines()
            letters_of_it = self.env["beepost.mailing"].union(*letters)
            letters_of_it.sudo().state = "cancelled"
            return count

        queries(2)
        few, many = queries(2), queries(12)
        self.assertLessEqual(many, few + 5)


class TestStatementDates(StatementCase):
    def test_the_first_and_the_last_day_count(self):
        letter = self._sent()
        for day in (date(2026, 11, 1), date(2026, 11, 30)):
            statement = self._create_statement()
            self._fetched(cost(letter, POSTAGE, "1.14", on=day), statement=statement)
            self.assertEqual(statement.line_ids.billed_on, day)
            statement.action_remove_lines()
        deposited = letter.priced_for
        for shift, expected in ((0, True), (1, False)):
            statement = self._create_statement(date_from=deposited + timedelta(shift))
            self._fetched(statement=statement)
            self.assertEqual(bool(self._row(statement, letter)), expected)
