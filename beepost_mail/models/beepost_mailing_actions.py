import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..gateway import port
from .beepost_mailing import NOT_GONE

MANAGER = "beepost_mail.group_manager"


class BeepostMailing(models.Model):
    """What people may do with letters: each action checks group and state itself,
    whoever calls it."""

    _inherit = "beepost.mailing"

    def _require(self, states, what, group="beepost_mail.group_user"):
        """Locks ``self`` and makes sure of its state.

        :return: ``self`` as superuser
        :raises AccessError: not the user's to do
        :raises UserError: a letter is in another state, or at work just now
        """
        if not self.env.user.has_group(group):
            raise AccessError(
                self.env._("You need more rights on the post to do this: %s", what)
            )
        self.check_access("read")
        letters = self.sudo()
        if letters.try_lock_for_update() != letters:
            raise UserError(
                self.env._(
                    "A letter is being handed over at this very moment. Try again in a"
                    " minute."
                )
            )
        letters.invalidate_recordset(["state"])
        wrong = letters.filtered(lambda letter: letter.state not in states)
        if wrong:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(what)s: not possible for letter %(name)s, which is “%(state)s”.",
                    what=what,
                    name=wrong[0].name,
                    state=labels[wrong[0].state],
                )
            )
        return letters

    def action_retry(self):
        """Checks refused letters again from the start, these and no others."""
        what = self.env._("Try again")
        letters = self._require(("rejected", "ready"), what)
        letters._require_image(what)
        letters._require_lot(what)
        for letter in letters:
            letter._restart()
        letters._wake_outbox()
        return True

    def _restart(self):
        """Back to the first step. The refused reference is spent: the provider would
        answer a repeat of it with the same refusal. What belonged to it, the day of its
        acceptance too, says nothing of the letter that goes now."""
        self.ensure_one()
        values = {
            "state": "draft",
            "hold_reason": False,
            "findings": False,
        }
        if self.state == "rejected":
            references = (self.client_reference, self.provider_reference)
            former = " / ".join(filter(None, references))
            values.update(
                client_reference=str(uuid.uuid4()),
                provider_reference=False,
                first_sent_at=False,
                accepted_at=False,
            )
            self._message_log(
                body=self.env._(
                    "Sent again by %(user)s under a new reference; the former one was"
                    " %(reference)s.",
                    user=self.env.user.name,
                    reference=former,
                )
            )
        self._drop_pdf()
        self.write(values)
        self.activity_unlink(["mail.mail_activity_data_warning"])
        self._snapshot_addresses()  # may refuse again, with a new activity

    def _drop_pdf(self):
        attachments = self.pdf_id
        self.write({"pdf_id": False, "sha256": False})
        attachments.unlink()

    def action_cancel(self):
        """Stops letters not yet gone; asks BeePOST about those it has already."""
        what = self.env._("Cancel")
        letters = self._require((*NOT_GONE, "rejected", "accepted"), what)
        gone = letters.filtered(lambda letter: letter.state == "accepted")
        if gone:
            self._require(("accepted", *NOT_GONE, "rejected"), what, MANAGER)
        if letters.filtered("in_doubt"):
            raise UserError(
                self.env._(
                    "This database was restored: BeePOST is being asked whether it has"
                    " these letters already. Try again in a few minutes."
                )
            )
        refused = gone._cancel_at_provider()
        if refused and len(refused) == len(letters):
            raise UserError("\n".join(refused.values()))
        self.sudo()._cancel_here(letters - gone)
        return self._tell_not_cancelled(refused) if refused else True

    def _tell_not_cancelled(self, reasons):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Not all letters were cancelled"),
                "message": "\n".join(reasons.values()),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cancel_here(self, letters, reason=""):
        letters.write({"state": "cancelled", "in_doubt": False})
        letters.activity_unlink(["mail.mail_activity_data_warning"])
        text = self.env._(
            "Letter cancelled by %(user)s before it left. %(reason)s",
            user=self.env.user.name,
            reason=reason,
        ).strip()
        letters._log_to_documents(dict.fromkeys(letters, text))

    def _cancel_at_provider(self):
        """Asks BeePOST letter by letter. One that it does not cancel must not take
        back what Odoo knows of the others: nothing is raised.

        :return: {letter: why it was not cancelled}
        """
        refused = {}
        for account, letters in self.grouped("account_id").items():
            with account._open_gateway() as gateway:
                for letter in letters:
                    try:
                        answer = gateway.cancel(letter.client_reference)
                    except port.GatewayError as error:
                        why = account._explain(error)
                    else:
                        why = not answer.done and (
                            answer.message or self.env._("it is in production already.")
                        )
                    if why:
                        refused[letter] = self.env._(
                            "BeePOST refuses to cancel letter %(name)s: %(reason)s",
                            name=letter.name,
                            reason=why,
                        )
        done = self.filtered(lambda letter: letter not in refused)
        done.write({"state": "cancelled"})
        text = self.env._(
            "Letter cancelled at BeePOST by %(user)s.", user=self.env.user.name
        )
        done._log_to_documents(dict.fromkeys(done, text))
        return refused

    def action_never_arrived(self):
        """A person has asked BeePOST: it never had this letter. It is sent again,
        unless its document was withdrawn in the meantime."""
        letters = self._require(("unknown",), self.env._("Send again"), MANAGER)
        letters.activity_unlink(["mail.mail_activity_data_warning"])
        self.sudo()._withdraw(
            letters.document_ids._withdrawn(),
            self.env._("Its document was changed or cancelled meanwhile."),
        )
        letters = letters.filtered(lambda letter: letter.state != "cancelled")
        for letter in letters:
            letter._message_log(
                body=self.env._(
                    "%(user)s states that BeePOST never received this letter: it is"
                    " sent again.",
                    user=self.env.user.name,
                )
            )
        letters.write({"state": "queued", "in_doubt": False, "deadline": False})
        # After a restore some have no PDF yet.
        letters.filtered(lambda letter: not letter.pdf_id).state = "draft"
        letters.account_id._trigger_send()
        return True

    def action_did_arrive(self):
        """A person has asked BeePOST: it has this letter."""
        letters = self._require(("unknown",), self.env._("It arrived"), MANAGER)
        letters.write(
            {
                "state": "accepted",
                "in_doubt": False,
                "accepted_at": fields.Datetime.now(),
            }
        )
        letters.activity_unlink(["mail.mail_activity_data_warning"])
        text = self.env._(
            "%(user)s states that BeePOST has this letter.", user=self.env.user.name
        )

        def tell():
            letters._log_to_documents(dict.fromkeys(letters, text))

        letters._follow_up(tell, letters._after_accepted)
        return True

    def action_correct_address(self):
        self.ensure_one()
        what = self.env._("Correct the address")
        letter = self._require(("rejected", "ready"), what)
        letter._require_image(what)
        letter._require_lot(what)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct the address and send again"),
            "res_model": "beepost.correct.address",
            "view_mode": "form",
            "target": "new",
            "context": {"default_mailing_id": self.id},
        }

    def action_open_document(self):
        self.ensure_one()
        self.check_access("read")
        if not self._readable_content():
            raise self._make_content_error(self)
        return self.document_ids[:1].action_open_document()
