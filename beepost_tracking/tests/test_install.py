"""Installing over a history: what has letters is computed, and nothing else."""

from unittest.mock import patch

from odoo.tools import sql

from odoo.addons.beepost_mail import hooks as mail_hooks

from .. import hooks
from .common import TrackingCase


class TestInstall(TrackingCase):
    def test_no_journal_entry_is_computed_for_a_new_column(self):
        """Odoo computes each row for a column that is not there yet."""
        ours = {
            field.name: field.column_type[0]
            for field in self.env["account.move"]._fields.values()
            if field.name.startswith("beepost_") and field.store and field.column_type
        }
        self.assertIn("beepost_stage_id", ours)
        self.env.flush_all()
        for name in ours:
            self.cr.execute(f'ALTER TABLE account_move DROP COLUMN "{name}"')
        for hook in (mail_hooks.pre_init_hook, hooks.pre_init_hook) * 2:
            hook(self.env)
        columns = sql.table_columns(self.cr, "account_move")
        made = {name: columns[name]["udt_name"] for name in ours if name in columns}
        self.assertEqual(made, ours)

    def test_letters_and_their_invoices(self):
        letters = self._many_accepted(5)
        letters.sudo().is_practice = False  # invoices show real ones only
        moves = letters._documents_of("account.move")
        other = self._create_invoice(pdf=False)
        received, posted = (
            self.env.ref(f"beepost_tracking.stage_{code}").id
            for code in ("received", "posted")
        )
        self.env.flush_all()
        self.cr.execute("UPDATE beepost_mailing SET stage_id = NULL")
        self.cr.execute("UPDATE account_move SET beepost_stage_id = NULL")
        # A mark: it stays where nothing is computed.
        self.cr.execute(
            "UPDATE account_move SET beepost_stage_id = %s WHERE id = %s",
            [posted, other.id],
        )
        self.env.invalidate_all()
        with patch.object(hooks, "SLICE", 2):
            hooks.post_init_hook(self.env(su=True))
        self.assertEqual(letters.stage_id.ids, [received])
        self.assertEqual(moves.beepost_stage_id.ids, [received])
        self.assertTrue(all(move.beepost_stage_id for move in moves))
        self.assertEqual(other.beepost_stage_id.id, posted)
