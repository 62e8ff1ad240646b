from odoo import models
from odoo.exceptions import AccessError, UserError


class BeepostMailing(models.Model):
    """What people may do about letters that came back. Each action checks group, access
    and facts itself, whoever calls it."""

    _inherit = "beepost.mailing"

    def _hold_returns(self):
        """Locks those of ``self`` that came back and may be treated by this user.

        :return: (letters as superuser, {letter: why not, in words})
        :raises AccessError: the user has nothing to do with the post
        """
        if not self.env.user.has_group("beepost_mail.group_user"):
            raise AccessError(
                self.env._("Only users of the post may treat letters that came back.")
            )
        visible = self._filtered_access("read")
        reasons = {
            letter.sudo(): self.env._("You may not see this letter.")
            for letter in self - visible
        }
        letters = visible.sudo()
        locked = letters.try_lock_for_update()
        for letter in letters - locked:
            reasons[letter] = self.env._(
                "Letter %(name)s is being treated by somebody else at this very"
                " moment. Try again in a minute.",
                name=letter.name,
            )
        locked.invalidate_recordset(["state", "status", "return_state"])
        for letter in locked.filtered(lambda m: not m.return_state):
            reasons[letter] = letter._why_not_returned()
        return locked.filtered("return_state"), reasons

    def _why_not_returned(self):
        self.ensure_one()
        if self.state == "rejected":
            return self.env._(
                "Letter %(name)s was refused before printing and never left: correct"
                " it and send this same letter again.",
                name=self.name,
            )
        return self.env._("Letter %(name)s did not come back.", name=self.name)

    def _posted_again_words(self):
        return self.env._("Letter %(name)s was posted again already.", name=self.name)

    def _same_address_words(self):
        return self.env._(
            "The address is still the one that letter %(name)s came back from. Correct"
            " it, or choose to post again unchanged.",
            name=self.name,
        )

    def _hold_for_posting_again(self):
        """As :meth:`_hold_returns`, of those that a new letter can be made of."""
        letters, reasons = self._hold_returns()
        obstacles = letters._obstacles_to_successor()
        return letters.filtered(lambda m: m not in obstacles), {**reasons, **obstacles}

    def _post_again(self):
        """A new letter for each of these, held by :meth:`_hold_for_posting_again`.

        :return: the new letters, as superuser
        """
        successors = self._make_successors(self.env.user)
        self._close_came_back()
        self._message_log_batch(
            bodies={
                letter.id: self.env._(
                    "Posted again by %(user)s as a new letter (our reference"
                    " %(reference)s). This one stays as it is.",
                    user=self.env.user.name,
                    reference=successor.client_reference,
                )
                for letter, successor in zip(self, successors, strict=True)
            }
        )
        # Held until here, and written now: whoever pressed at the same time starts
        # anew, and finds the new letter.
        self.write({"return_given_up": False})
        self.flush_recordset()
        return successors

    def _give_up(self):
        """:param self: letters held by :meth:`_hold_returns`"""
        self.write({"return_given_up": True})
        self._close_came_back()
        self._log_to_documents(
            {
                letter: self.env._(
                    "%(user)s gave up the letter that came back (%(reason)s): it is not"
                    " posted again.",
                    user=self.env.user.name,
                    reason=letter.with_env(self.env)._reason_label(),
                )
                for letter in self
            }
        )

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_post_again(self):
        """New letters with the same documents to the address of today: all or none."""
        self.check_access("read")
        letters, reasons = self._hold_for_posting_again()
        if reasons:
            raise UserError("\n".join(reasons.values()))
        return letters._post_again()._open_successors(self.env)

    def _open_successors(self, env):
        letters = self.with_env(env)
        return letters._get_records_action(name=env._("Letters posted again"))

    def action_give_up_return(self):
        """Nothing more is done about these letters."""
        self.check_access("read")
        letters, reasons = self._hold_returns()
        for letter in letters.filtered(lambda m: m.return_state == "posted_again"):
            reasons[letter] = letter.with_env(self.env)._posted_again_words()
        if reasons:
            raise UserError("\n".join(reasons.values()))
        letters._give_up()
        return True

    def action_correct_and_post_again(self):
        self.ensure_one()
        self.check_access("read")
        letters, reasons = self._hold_for_posting_again()
        if reasons:
            raise UserError("\n".join(reasons.values()))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct the address and post again"),
            "res_model": "beepost.correct.address",
            "view_mode": "form",
            "target": "new",
            "context": {"default_mailing_id": letters.id},
        }

    def action_treat_returns(self):
        """Opens one dialog for all of these, a line for each."""
        self.check_access("read")
        letters, _others = self._hold_returns()
        letters = letters.filtered(lambda m: m.return_state != "posted_again")
        if not letters:
            raise UserError(
                self.env._("None of these letters came back and is still to treat.")
            )
        return self.env["beepost.returns"]._open(letters.with_env(self.env))

    def action_open_replacing_letters(self):
        self.ensure_one()
        self.check_access("read")
        return self.sudo().replaced_by_ids._open_successors(self.env)
