from odoo.tests import TransactionCase, tagged

from ..letter import address, envelope, kinds, pages
from ..letter.finding import ERROR, Finding
from ..models.wording import SENTENCES, sentence


@tagged("post_install", "-at_install")
class TestWording(TransactionCase):
    """Every code that a room can give has its sentence, with figures that exist."""

    def test_every_code_has_a_sentence(self):
        codes = {
            **address.FINDING_CODES,
            **pages.FINDING_CODES,
            **envelope.FINDING_CODES,
            **kinds.FINDING_CODES,
        }
        self.assertFalse(set(codes) - set(SENTENCES))
        for code, params in codes.items():
            figures = {name: f"<{name}>" for name in params}
            with self.assertNoLogs("odoo.addons.beepost_mail.models.wording"):
                text = sentence(self.env, Finding(code, ERROR, figures))
            self.assertNotIn("%(", text)
            self.assertNotIn(code, text)

    def test_every_sentence_is_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"].search(
            [("name", "=", "beepost_mail")]
        )._update_translations("fr_FR")
        french = self.env(context={"lang": "fr_FR"})
        same = [
            code
            for code, text in SENTENCES.items()
            if french._(text) == self.env(context={"lang": "en_US"})._(text)
        ]
        self.assertFalse(same)

    def test_unknown_code_is_shown_not_raised(self):
        text = sentence(self.env, Finding("new.code", ERROR, {"page": 3}))
        self.assertIn("new.code", text)
        self.assertIn("3", text)
