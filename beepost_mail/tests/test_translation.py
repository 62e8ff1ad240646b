from odoo.tests import TransactionCase, tagged

from .translation import Translation, kept


@tagged("post_install", "-at_install")
class TestTranslation(Translation, TransactionCase):
    MODULE = "beepost_mail"
    FRENCH_TERMS = ("Recommandé",)
    SAME = frozenset(
        {
            "%(count)s documents, %(when)s",
            "1 document, %(when)s",
            "%s pages",
            "1 page",
            "Actions",
            "Base",
            "BeePOST",
            "Code",
            "Configuration",
            "Contact",
            "Date",
            "Document",
            "Documents",
            "ID",
            "Logo",
            "Lot",
            "Lots",
            "Messages",
            "Module",
            "Options",
            "PDF",
            'Page <span class="page"/> / <span class="topage"/>',
            "Pages",
            "SHA-256",
            "SIRET",
            "Secret",
            "Signature",
            "https://…",
            "object.letter_id.subject",
        }
    )

    def test_kept_tells_texts_apart(self):
        text = '%(count)s of <b>%s</b><i class="fa" aria-label="Since"/>: 5 %%'
        french = '5 %% : %(count)s <b>%s</b><i class="fa" aria-label="Depuis"/>'
        self.assertEqual(kept(text), kept(french))
        for other in (
            french.replace("5 %%", ""),
            f"{french} %s",
            french.replace("count", "n"),
            french.replace("fa", "fb"),
        ):
            self.assertNotEqual(kept(text), kept(other))
