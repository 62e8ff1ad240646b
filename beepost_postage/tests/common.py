"""Letters that are priced: a practice account with the shipped, estimated tariff."""

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.beepost_mail.tests.common import BeepostCommon, a4_pdf

# A Wednesday morning in Paris: handed over before the cut-off, deposited on Thursday.
NOW = "2026-11-25 09:00:00"
DEPOSIT = "2026-11-26"


@tagged("post_install", "-at_install")
class PostageCase(BeepostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A French chart of accounts may have made Odoo speak French.
        cls._in_english(cls.env.user | cls.accountant | cls.manager)
        cls.customer.lang = "en_US"
        cls.tariff = cls.env.ref("beepost_postage.tariff_beepost")
        cls.public = cls.env.ref("beepost_postage.tariff_public")
        cls.account.tariff_id = cls.tariff
        cls.startClassPatcher(freeze_time(NOW))

    @classmethod
    def _hold_unpriced(cls):
        """As a company chooses it in the settings; by default such letters leave."""
        cls.company.beepost_without_price = "hold"

    @classmethod
    def _letter(cls, pages=1, **options):
        """A letter to the customer in Lyon, whose price is to come."""
        move = cls._create_invoice(pdf=a4_pdf(pages=pages))
        return cls._post(move, **options)

    def _priced(self, pages=1, **options):
        letter = self._letter(pages, **options)
        self._run_outbox()
        return letter

    @classmethod
    def _service(cls, name):
        return cls.env.ref(f"beepost_mail.service_{name}")
