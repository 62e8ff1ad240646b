"""Letters that could share an envelope, as tests want them."""

from .common import ScriptedGateway, a4_pdf
from .letters import MailingCase


class GroupingCase(MailingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_customer("Autre destinataire")

    @classmethod
    def _letters_to(cls, *partners, pages=1, **options):
        """A letter with one invoice for each of these addressees, in order."""
        letters = cls.env["beepost.mailing"].sudo()
        for move in cls._create_invoices(*partners, pdf=a4_pdf(pages=pages)):
            letters += cls._post(move, user=cls.accountant, **options)
        return letters

    def _together(self, letters, user=None, **values):
        """As the dialog does it. :return: letters that carry others"""
        letters = letters.with_user(user or self.accountant).sudo(False)
        action = letters.action_put_together()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(user or self.accountant)
        wizard.write(values)
        wizard.action_put_together()
        return letters.sudo().filtered("grouped_ids")

    def _grouped(self, count=3, **options):
        letters = self._letters_to(*[self.customer] * count, **options)
        self.assertEqual(self._together(letters), letters[0])
        return letters

    def _moves(self, letters):
        return self.env["account.move"].browse(letters.document_ids.mapped("res_id"))

    def _send(self, gateway=None):
        with self._gateway(gateway or ScriptedGateway()) as used:
            self._run_outbox()
        return used
