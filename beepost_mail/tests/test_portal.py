"""What a customer may choose in the portal, and what a crafted form may not."""

from odoo import Command
from odoo.http import Request
from odoo.tests import HttpCase

from .common import GOOD_ADDRESS, BeepostCommon


class TestPortal(HttpCase, BeepostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls.env["res.users"].create(
            {
                "name": "Client",
                "login": "beepost_client",
                "password": "beepost_client",
                "email": "client@example.com",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                "country_id": cls.env.ref("base.fr").id,
                "lang": "en_US",
                **GOOD_ADDRESS,
            }
        )
        cls.partner = cls.portal.partner_id.with_company(cls.company)

    def _page(self):
        self.authenticate(self.portal.login, self.portal.login)
        answer = self.url_open("/my/account")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("address_details", answer.text)
        return answer.text

    def _submit(self, **values):
        self.authenticate(self.portal.login, self.portal.login)
        answer = self.url_open(
            "/my/address/submit",
            data={
                "name": self.partner.name,
                "partner_id": str(self.partner.id),
                "email": self.partner.email,
                "phone": "0472000000",
                "street": GOOD_ADDRESS["street"],
                "zipcode": GOOD_ADDRESS["zip"],
                "city": GOOD_ADDRESS["city"],
                "country_id": self.env.ref("base.fr").id,
                "csrf_token": Request.csrf_token(self),
                **values,
            },
        )
        self.assertEqual(answer.status_code, 200, answer.text)
        self.env.invalidate_all()
        self.assertEqual(self.partner.phone.replace(" ", "")[-9:], "472000000")

    def test_off_by_default(self):
        self.assertFalse(self.company.beepost_portal)
        self.assertNotIn('value="beepost"', self._page())

    def test_on(self):
        self.company.beepost_portal = True
        self.assertIn('value="beepost"', self._page())
        self._submit(invoice_sending_method="beepost")
        self.assertEqual(self.partner.invoice_sending_method, "beepost")

    def test_on_without_account(self):
        self.company.beepost_portal = True
        self.account.active = False
        self.assertNotIn('value="beepost"', self._page())

    def test_crafted_form(self):
        self._submit(invoice_sending_method="beepost")
        self.assertNotEqual(self.partner.invoice_sending_method, "beepost")
        self._submit(
            beepost_public_body="1", beepost_color="yes", beepost_service_id="1"
        )
        self.assertFalse(self.partner.beepost_public_body)
        self.assertFalse(self.partner.beepost_color)

    def test_what_the_company_chose_survives(self):
        """A customer who mends his phone number must not lose the post."""
        self.partner.invoice_sending_method = "beepost"
        page = self._page()
        self.assertRegex(page, r'value="beepost"[^>]*selected|selected[^>]*"beepost"')
        self._submit(invoice_sending_method="beepost")
        self.assertEqual(self.partner.invoice_sending_method, "beepost")
        self._submit()
        self.assertEqual(self.partner.invoice_sending_method, "beepost")
        self._submit(invoice_sending_method="email")
        self.assertEqual(self.partner.invoice_sending_method, "email")

    def test_one_kind_of_post(self):
        self.company.beepost_portal = True
        self.assertNotIn('value="snailmail"', self._page())
        known = dict(self.partner._fields["invoice_sending_method"].selection)
        if "snailmail" in known:
            self.account.active = False
            self.assertIn('value="snailmail"', self._page())
