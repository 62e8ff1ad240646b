"""Free letters to a few addressees, printed for real or, where it does not matter,
with a small PDF that names its addressee."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command

from .common import a4_pdf
from .letters import MailingCase

EDITOR = "mail.group_mail_template_editor"
SUBJECT = "We are moving"
BODY = "<p>Dear {{ object.name }},</p><p>we are moving.</p>"


class FreeLetterCase(MailingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.city = "Lyon"
        cls.rows_class = type(cls.env["beepost.free.letter.addressee"])
        cls.cron = cls.env.ref("beepost_mail.cron_free_letter")

    @classmethod
    def _write_letter(cls, *partners, user=None, **values):
        user = user or cls.accountant
        Letter = cls.env["beepost.free.letter"].with_user(user)
        Letter = Letter.with_context(lang=user.lang).with_company(user.company_id)
        own = {} if "template_id" in values else {"subject": SUBJECT, "body": BODY}
        return Letter.create(
            {
                **own,
                "addressee_ids": [
                    Command.create({"partner_id": partner.id}) for partner in partners
                ],
                **values,
            }
        )

    @classmethod
    def _customers(cls, count, **values):
        return cls.env["res.partner"].union(
            *(
                cls._create_customer(f"Customer number {n:03d}", **values)
                for n in range(1, count + 1)
            )
        )

    @contextmanager
    def _small_pdfs(self, broken=(), pages=1):
        """
        :param broken: partners whose letter the engine cannot print
        :param pages: of each letter
        """
        calls = []

        def print_small(rows):
            calls.append(len(rows))
            if rows.partner_id & self.env["res.partner"].union(*broken):
                raise OSError("the engine died")
            return {row: a4_pdf(row.partner_id.name, pages) for row in rows}

        with patch.object(self.rows_class, "_print", print_small):
            yield calls

    def _send(self, letter, user=None):
        """As the dialog's button does, and the scheduled action after it."""
        dialog = (
            self.env["beepost.free.letter.send"]
            .with_user(user or letter.user_id)
            .create({"letter_id": letter.id})
        )
        result = dialog.action_send()
        if letter.state == "making":
            self._run_cron(self.cron)
        self.env.invalidate_all()
        return result

    @classmethod
    def _make_editor(cls, user):
        """In Odoo 19 only administrators are, unless the settings say otherwise."""
        assert not user.has_group(EDITOR)
        user.group_ids += cls.env.ref(EDITOR)
