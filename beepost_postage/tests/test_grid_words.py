from odoo.tests import tagged

from odoo.addons.beepost_mail.letter.finding import ERROR, Finding

from ..models.postage_grid_words import GRID, IMPORT, sentence
from ..tariff import audit, reading
from .grids import GridCase
from .test_import import WRONG

# What a code has by these names; of any other name the text itself does.
SAMPLES = {
    "row": 7,
    "step": 100,
    "before_step": 20,
    "unit": "g",
    "product": "lettre_verte",
    "zone": "metropole",
    "option": "ar_paper",
    "field": "price",
    "price": "1.60",
    "before": "1.52",
    "percent": "5.3",
    "day": "2027-01-01",
    "first": "2027-01-01",
    "grams": 20,
}
# By whoever imports, not by the rooms.
OURS = {"import.overlap", "import.lies", "import.kind"}


@tagged("post_install", "-at_install")
class TestGridWords(GridCase):
    def test_each_code_has_a_sentence(self):
        codes = {**audit.FINDING_CODES, **reading.FINDING_CODES}
        self.assertEqual(set(codes) | OURS, {*GRID, *IMPORT})
        for code, names in codes.items():
            params = {name: SAMPLES.get(name, name) for name in names}
            said = sentence(self.env, Finding(code, ERROR, params))
            self.assertNotIn("%(", said)
            if "cell" in names:
                self.assertIn("cell", said)

    def test_each_fault_of_a_file_is_shown_wrong(self):
        """Doubts, and what takes more than a file, have tests of their own."""
        shown = {code for _content, _name, code, _row, _column in WRONG.values()}
        elsewhere = {
            "import.unknown_column",
            "import.tax_unsaid",
            "import.no_valid_from",
            "import.dates_differ",
        }
        self.assertEqual(set(reading.FINDING_CODES) - shown, elsewhere)
