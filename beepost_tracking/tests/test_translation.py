from odoo.tests import TransactionCase, tagged

from odoo.addons.beepost_mail.tests.translation import Translation


@tagged("post_install", "-at_install")
class TestTranslation(Translation, TransactionCase):
    MODULE = "beepost_tracking"
    FRENCH_TERMS = ("arrêté",)
    SAME = frozenset(
        {
            '<span style="float: right; white-space: nowrap;">\n'
            '                        <span class="page"/> / <span class="topage"/>\n'
            "                    </span>",
            "Annexes",
            "BeePOST",
            "Code",
            "Contact",
            "Description",
            "Document",
            "ID",
            "J+1",
            "La Poste",
            "Messages",
            "Pages",
            "SHA-256",
            "Secret",
            "Source",
            "Type",
        }
    )
