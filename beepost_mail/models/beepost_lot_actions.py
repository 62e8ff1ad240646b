from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .beepost_mailing import NOT_GONE

MANAGER = "beepost_mail.group_manager"
CANCEL_AT_ONCE = 1000  # letters; the outbox cancels the rest in the background


class BeepostLot(models.Model):
    """What the author of a lot, or a post manager, may do with it.

    The pause is a state of the lot alone: one row to write, however many letters there
    are, and none of them to wait for. The outbox leaves out letters of such lots, and
    locks the lots of those that it claims, see ``beepost.outbox._share_lots``.
    """

    _inherit = "beepost.lot"

    def action_pause(self):
        """Keeps back what has not left. What is being handed over goes on."""
        self._require(("running",), self.env._("Pause")).state = "paused"
        self._log_action(
            self.env._("%s paused the lot: what has not left waits.", self._who())
        )
        return True

    @api.model
    def _pause_restored(self, account):
        """Letters that this database made since it was restored may have left in its
        other life, under references that it never knew: nobody can be asked about them.
        The author of an open lot decides. A single letter is made with its lot."""
        lots = self.sudo().search(
            [
                ("company_id", "child_of", account.company_id.ids),
                ("state", "=", "running"),
                ("closed_at", "=", False),
                ("expected", ">", 1),
            ]
        )
        # A branch with an account of its own notices by that one.
        lots = lots.filtered(lambda lot: account in lot.company_id._beepost_accounts())
        lots.state = "paused"
        for lot in lots:
            author = lot.with_context(lang=lot.user_id.lang)
            author.message_post(
                body=author.env._(
                    "This database was restored, and the lot is paused: letters of it"
                    " that are missing here may have left before. Ask BeePOST what it"
                    " has before you resume the lot, or cancel it."
                ),
                partner_ids=lot.user_id.partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )

    def action_resume(self):
        """Lets go what waits; planned letters still wait for their day."""
        lots = self._require(("paused",), self.env._("Resume"))
        lots.state = "running"
        self._log_action(self.env._("%s resumed the lot.", self._who()))
        lots._waiting_letters()._wake_outbox()
        return True

    def action_cancel(self):
        """Cancels what has not left, and what no letter was made of yet."""
        lots = self._require(("running", "paused"), self.env._("Cancel"))
        lots.state = "cancelled"
        self._log_action(
            self.env._(
                "%s cancelled the lot: what has not left never will.", self._who()
            )
        )
        for lot in lots:
            lot.dropped += lot._drop_rendering()
        lots._cancel_waiting(CANCEL_AT_ONCE)
        # Cancels what was at work just now, and tells the authors.
        lots._wake_to_close()
        return True

    def _wake_to_close(self):
        """The outbox cancels late letters of these lots, and closes those that are
        over."""
        accounts = self.mailing_ids.account_id
        for company in self.company_id:
            accounts |= company._beepost_account()
        accounts._trigger_send()

    def _require(self, states, what):
        """Locks ``self`` and makes sure of its state.

        Waits for the outbox to finish a claim, which takes an instant.

        :return: ``self`` as superuser
        :raises AccessError: neither author nor post manager
        :raises UserError: a lot is in another state
        """
        user = self.env.user
        self.check_access("read")
        foreign = self.sudo().filtered(lambda lot: lot.user_id != user)
        if not user.has_group("beepost_mail.group_user") or (
            foreign and not user.has_group(MANAGER)
        ):
            raise AccessError(
                self.env._("Only its author and post managers may do this: %s", what)
            )
        lots = self.sudo()
        lots.flush_recordset()
        self.env.cr.execute(
            "SELECT id FROM beepost_lot WHERE id = ANY(%s) ORDER BY id"
            " FOR NO KEY UPDATE",
            [self.ids],
        )
        lots.invalidate_recordset(["state"])
        wrong = lots.filtered(lambda lot: lot.state not in states)
        if wrong:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(what)s: not possible for lot %(name)s, which is “%(state)s”.",
                    what=what,
                    name=wrong[0].name,
                    state=labels[wrong[0].state],
                )
            )
        return lots

    def _who(self):
        return self.env.user.name

    def _log_action(self, text):
        self.sudo()._message_log_batch(dict.fromkeys(self.ids, text))

    def _cancel_waiting(self, limit):
        """Hook: cancels what has not left of these cancelled lots.

        :param limit: envelopes at most
        """
        self._waiting_letters()[:limit]._cancel_with_lot()

    def _waiting_letters(self):
        """Letters of these lots that have certainly not left."""
        return (
            self.env["beepost.mailing"]
            .sudo()
            .search(
                [
                    ("lot_id", "in", self.ids),
                    ("state", "in", NOT_GONE),
                    ("in_doubt", "=", False),
                ],
                order="id",
            )
        )
