from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestAmounts(TransactionCase):
    def test_shown_as_people_write_them(self):
        """“1,24”, and “1,2345” where the other two decimals say something."""
        seen = 0
        for name in self.env.registry:
            if not name.startswith("beepost."):
                continue
            for field, told in self.env[name].fields_get().items():
                if told["type"] != "float" or (told.get("digits") or (0, 0))[1] != 4:
                    continue
                seen += 1
                with self.subTest(model=name, field=field):
                    self.assertEqual(told["min_display_digits"], 2)
        self.assertGreater(seen, 20)
