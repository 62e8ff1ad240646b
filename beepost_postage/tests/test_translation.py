from odoo.tests import TransactionCase, tagged

from odoo.addons.beepost_mail.tests.translation import Translation


@tagged("post_install", "-at_install")
class TestTranslation(Translation, TransactionCase):
    MODULE = "beepost_postage"
    FRENCH_TERMS = ("Recommandé", "débours", "Débours", "facturés", "relevé")
    SAME = frozenset(
        {
            "467000",
            "626000",
            "708500",
            "<span>%</span>",
            "CSV",
            "Code",
            "Contact",
            "Date",
            "Document",
            "ID",
            "International",
            "Lettre internationale",
            "Lettre internationale suivie",
            "Lettre services plus",
            "Lettre verte",
            "Lettre verte suivie",
            "Messages",
            "Mode",
            "Monaco",
            "Notes",
            "Options",
            "Pages",
            "Position",
            "Production",
            "Recommandé R1",
            "Recommandé R2",
            "Recommandé R3",
            "Recommandé international R1",
            "Recommandé international R2",
            "Total",
            "Version",
            "XLSX",
            "Zone",
        }
    )
