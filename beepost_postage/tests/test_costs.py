from .statements import POSTAGE, StatementCase, cost, right


class TestCosts(StatementCase):
    """What letters cost, by customer, service, month and analytic account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.env["account.analytic.plan"].create({"name": "Départements"})
        cls.sales, cls.support, cls.usual = cls.env["account.analytic.account"].create(
            [
                {"name": name, "plan_id": cls.plan.id, "company_id": cls.company.id}
                for name in ("Sales", "Support", "Usual")
            ]
        )

    def _distributed(self, *distributions):
        """An invoice with a line of 100 for each of these distributions."""
        move = self.init_invoice(
            "out_invoice",
            partner=self.customer,
            amounts=[100.0] * len(distributions),
            company=self.company,
        )
        lines = move.invoice_line_ids.sorted("id")
        for line, distribution in zip(lines, distributions, strict=True):
            line.analytic_distribution = distribution
        move.action_post()
        self._attach_legal_pdf(move)
        return move

    def _posted(self, *distributions):
        letter = self._post(self._distributed(*distributions))
        self._run_outbox()
        return letter

    def test_the_greatest_part_of_the_invoice(self):
        sales, support = str(self.sales.id), str(self.support.id)
        letter = self._posted({sales: 100}, {support: 60, sales: 40})
        self.assertEqual(letter.analytic_account_id, self.sales)
        letter = self._posted({support: 60, sales: 40})
        self.assertEqual(letter.analytic_account_id, self.support)
        # Of two plans the first one speaks.
        letter = self._posted({f"{support},{sales}": 100})
        self.assertEqual(letter.analytic_account_id, self.support)

    def test_without_a_distribution_the_account_s_own(self):
        self.assertFalse(self._posted({}).analytic_account_id)
        self.account.analytic_account_id = self.usual
        self.assertEqual(self._posted({}).analytic_account_id, self.usual)
        letter = self._posted({str(self.sales.id): 100})
        self.assertEqual(letter.analytic_account_id, self.sales)

    def test_it_goes_without_taking_the_letter_along(self):
        letter = self._posted({str(self.sales.id): 100})
        self.env["account.analytic.line"].search(
            [(self.plan._column_name(), "=", self.sales.id)]
        ).unlink()
        self.sales.unlink()
        self.assertTrue(letter.exists())
        self.assertFalse(letter.analytic_account_id)

    def test_queries_do_not_grow_with_the_letters(self):
        def queries(count):
            moves = [
                self._distributed({str(self.sales.id): 100}) for _n in range(count)
            ]
            letters = self._post(*moves)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            letters._set_analytic_account()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(1)
        self.assertLessEqual(queries(6), queries(2))

    def test_the_customer_is_the_company_of_the_addressee(self):
        child = self.env["res.partner"].create(
            {"name": "Comptabilité", "parent_id": self.customer.id, "type": "invoice"}
        )
        letter = self._letter()
        letter.sudo().partner_id = child
        self.assertEqual(letter.cost_partner_id, self.customer)

    def test_expected_and_billed_by_service_and_month(self):
        plain, tracked = (
            self._sent(),
            self._sent(service_id=self._service("tracked").id),
        )
        self._fetched(*right(plain), cost(tracked, POSTAGE, "9.00"))
        rows = self.env["beepost.mailing"].with_user(self.manager).formatted_read_group(
            [("id", "in", (plain + tracked).ids)],
            ["service_id", "priced_for:month"],
            ["price_untaxed:sum", "billed_untaxed:sum", "billed_difference:sum"],
        )  # fmt: skip
        self.assertEqual(len(rows), 2)
        by_service = {row["service_id"][0]: row for row in rows}
        row = by_service[plain.service_id.id]
        self.assertEqual(row["priced_for:month"][0], "2026-11-01")
        self.assertAlmostEqual(row["price_untaxed:sum"], 1.23)
        self.assertAlmostEqual(row["billed_untaxed:sum"], 1.23)
        row = by_service[tracked.service_id.id]
        self.assertAlmostEqual(
            row["billed_difference:sum"], 9.0 - tracked.price_untaxed
        )

    def test_an_accountant_sees_the_costs_of_his_letters_and_not_the_bill(self):
        letter = self._sent()
        self._fetched(*right(letter))
        Mailing = self.env["beepost.mailing"].with_user(self.accountant)
        rows = Mailing.formatted_read_group(
            [("id", "=", letter.id)], ["cost_partner_id"], ["price_untaxed:sum"]
        )
        self.assertAlmostEqual(rows[0]["price_untaxed:sum"], 1.23)
        employee = self._create_user("employee", "beepost_mail.group_user")
        rows = self.env["beepost.mailing"].with_user(employee).formatted_read_group(
            [("id", "=", letter.id)], ["cost_partner_id"], ["price_untaxed:sum"]
        )  # fmt: skip
        self.assertEqual(rows, [], "the letters of others are not his to see")

    def test_the_screen_of_costs(self):
        action = self.env.ref("beepost_postage.action_cost")
        self.assertEqual(action.view_mode.split(",")[0], "pivot")
        for view in ("pivot", "graph", "list"):
            ref = self.env.ref(f"beepost_postage.view_cost_{view}")
            for user, shown in ((self.accountant, False), (self.manager, True)):
                arch = self.env["beepost.mailing"].with_user(user).get_view(ref.id)
                if view != "graph":
                    self.assertEqual("billed_untaxed" in arch["arch"], shown, view)
