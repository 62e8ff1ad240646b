"""A contact shows how its last letters fare, to those who may see them."""

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tools.safe_eval import safe_eval

from .common import TrackingCase


class TestPartnerLetters(TrackingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls._create_customer("Service comptable")
        cls.contact.parent_id = cls.customer
        cls.seen = cls.customer.with_user(cls.accountant)

    @classmethod
    def _many_accepted(cls, count):
        letters = super()._many_accepted(count)
        letters.sudo().is_practice = False
        return letters

    def _standing(self, partner):
        partner.invalidate_recordset()
        return partner.beepost_stage_id.code, partner.beepost_return_count

    def test_the_last_one_speaks_and_what_came_back_counts(self):
        self.assertEqual(self._standing(self.seen), (False, 0))
        first, second, third = self._many_accepted(3)
        self._told(first, "posted", "undeliverable")
        self._told(second, "posted", "undeliverable")
        self._told(third, "posted")
        self.assertEqual(self._standing(self.seen), ("posted", 2))
        first.sudo().return_given_up = True
        self.assertEqual(self._standing(self.seen), ("posted", 1))
        (practice,) = self._many_accepted(1)
        practice.sudo().is_practice = True
        self.assertEqual(self._standing(self.seen), ("posted", 1), "no practice")
        third.sudo().state = "cancelled"
        self.assertEqual(self._standing(self.seen), ("undeliverable", 1))
        found = self.env["beepost.mailing"].search(
            [
                *self.seen.action_open_beepost_returns()["domain"],
                ("return_state", "=", "open"),
            ]
        )
        self.assertEqual(found, second)

    def test_those_below_count_for_those_above(self):
        (letter,) = self._many_accepted(1)
        letter.sudo().partner_id = self.contact
        self._told(letter, "posted", "undeliverable")
        self.contact.active = False
        below = self.contact.with_user(self.accountant)
        for partner in (self.seen, below, self.seen + below):
            partner.invalidate_recordset()
            for one in partner:
                self.assertEqual(one.beepost_stage_id.code, "undeliverable")
                self.assertEqual(one.beepost_return_count, 1)
        (own,) = self._many_accepted(1)
        self.assertEqual(self._standing(self.seen), ("received", 1))
        self.assertEqual(self._standing(below), ("undeliverable", 1), "not from above")
        self.assertEqual(own.partner_id, self.customer)

    def test_only_what_the_user_may_see(self):
        (letter,) = self._many_accepted(1)
        self._told(letter, "posted", "undeliverable")
        other = self.setup_other_company(name="B")["company"]
        stranger = self._create_user("stranger", "account.group_account_invoice", other)
        self.assertEqual(self._standing(self.customer.with_user(stranger)), (False, 0))
        employee = self._create_user("employee", "base.group_user")
        for name in ("beepost_stage_id", "beepost_return_count", "beepost_mailing_ids"):
            with self.assertRaises(AccessError):
                self.customer.with_user(employee).read([name])

    def test_filter(self):
        first, second = self._many_accepted(2)
        second.sudo().partner_id = self.contact
        self._told(second, "posted", "undeliverable")
        self._told(first, "posted")
        partners = self.env["res.partner"].with_user(self.accountant)
        arch = partners.get_views([(False, "search")])["views"]["search"]["arch"]
        filters = etree.fromstring(arch).xpath("//filter[@name='beepost_to_treat']")
        found = partners.search(safe_eval(filters[0].get("domain")))
        self.assertEqual(found & (self.customer + self.contact), self.contact)

    def test_new_partner(self):
        new = self.env["res.partner"].new({"name": "x"})
        self.assertFalse(new.beepost_stage_id or new.beepost_return_count)

    def test_queries_do_not_grow(self):
        def queries(partners):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            partners.with_user(self.accountant).web_read(
                {"beepost_stage_id": {"fields": {}}, "beepost_return_count": {}}
            )
            return self.cr.sql_log_count - before

        letters = self._many_accepted(12)
        more = self.env["res.partner"].create(
            [{"name": f"P{number}"} for number in range(11)]
        )
        for letter, partner in zip(letters[1:], more, strict=True):
            letter.sudo().partner_id = partner
        queries(self.customer)  # what is cached for good
        one = queries(self.customer)
        self.assertEqual(queries(self.customer + more), one)
        self.assertLess(one, 12)
