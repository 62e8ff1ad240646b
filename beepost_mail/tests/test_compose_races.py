"""Two people send the same document at the same moment, in two processes.

Two real connections to the database, as in ``test_lot_races``: what one has not
committed the other does not see. So the records are committed, and removed at the end.
"""

from psycopg2.errors import SerializationFailure

from odoo.tests import BaseCase, tagged

from .common import GOOD_ADDRESS, a4_pdf
from .processes import Processes


@tagged("post_install", "-at_install")
class TestTwoPress(Processes, BaseCase):
    def setUp(self):
        super().setUp()
        with self._process() as env:
            self._create(env)
            env.cr.commit()
        self.addCleanup(self._remove)

    def _create(self, env):
        company = env.ref("base.main_company")
        account = env["beepost.account"].create(
            {"name": "Races", "company_id": company.id}
        )
        partner = env["res.partner"].create(
            {"name": "Races", "country_id": env.ref("base.fr").id, **GOOD_ADDRESS}
        )
        files = env["ir.attachment"].create(
            [
                {
                    "name": f"Races {number}.pdf",
                    "raw": a4_pdf(),
                    "res_model": "res.partner",
                    "res_id": partner.id,
                }
                for number in range(2)
            ]
        )
        self.account_id, self.partner_id = account.id, partner.id
        self.file_ids = files.ids

    def _remove(self):
        with self._process() as env:
            account = env["beepost.account"].browse(self.account_id)
            letters = self._letters(env)
            lots = (
                env["beepost.lot"]
                .search([("company_id", "=", 1)])
                .filtered(
                    lambda lot: (lot.options or {}).get("account_id") == account.id
                )
            )
            letters.unlink()
            lots.unlink()
            account.unlink()
            env["ir.attachment"].browse(self.file_ids).unlink()
            env["res.partner"].browse(self.partner_id).unlink()
            env.cr.commit()

    def _letters(self, env):
        return env["beepost.mailing"].search([("account_id", "=", self.account_id)])

    def _dialog(self, env, count=1):
        ids = self.file_ids[:count]
        Dialog = env["beepost.compose"].with_context(
            active_model="ir.attachment", active_ids=ids
        )
        return Dialog.create({"account_id": self.account_id})

    def test_one_document(self):
        with self._process() as one, self._process() as two:
            first, second = self._dialog(one), self._dialog(two)
            first.action_send()
            self._letters(one).state = "draft"  # the company may have no address
            one.cr.commit()
            with self.assertRaises(SerializationFailure):
                second.action_send()  # Odoo calls again
            two.cr.rollback()
            self.assertFalse(self._dialog(two).sendable_count)
            self.assertEqual(len(self._letters(two)), 1)

    def test_one_of_them_in_a_lot(self):
        """Its letters are made in the background, and nobody would ask again."""
        with self._process() as one, self._process() as two:
            first, second = self._dialog(one, 2), self._dialog(two)
            first.action_send()
            one.cr.commit()
            with self.assertRaises(SerializationFailure):
                second.action_send()
