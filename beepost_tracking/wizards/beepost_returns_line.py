import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.beepost_mail.wizards.beepost_address_draft import PARTNER_FIELDS

CORRECT, REPOST, GIVE_UP, LEAVE = "correct", "repost", "give_up", "leave"
WHAT = [
    (CORRECT, "Correct and post again"),
    (REPOST, "Post again unchanged"),
    (GIVE_UP, "Give up"),
    (LEAVE, "Leave for later"),
]


class BeepostReturnsLine(models.TransientModel):
    _name = "beepost.returns.line"
    _description = "Letter That Came Back"
    _inherit = ["beepost.address.draft"]

    wizard_id = fields.Many2one("beepost.returns", required=True, ondelete="cascade")
    return_reason = fields.Selection(
        related="mailing_id.return_reason", related_sudo=False
    )
    came_back_on = fields.Date(related="mailing_id.came_back_on", related_sudo=False)
    what = fields.Selection(WHAT, string="What to do", required=True, default=LEAVE)
    result = fields.Char(string="Why it was not done", readonly=True)
    check = fields.Text(
        string="In the window",
        compute="_compute_check",
        help="The lines of the address as they will show, or what keeps them from it.",
    )

    @api.depends("result", "problem", "preview")
    def _compute_check(self):
        for line in self:
            line.check = line.result or line.problem or line.preview

    @api.model
    def _prepare_line_vals(self, letter):
        """Nothing is posted that nobody chose. An address that was corrected since the
        letter left is ready to be posted to."""
        vals = self._prepare_draft_vals(letter.partner_id)
        moved = letter.partner_id._beepost_window_lines() != letter.sudo().recipient
        return {**vals, "mailing_id": letter.id, "what": CORRECT if moved else LEAVE}

    @api.onchange(*PARTNER_FIELDS)
    def _onchange_address(self):
        """Whoever corrects an address wants to post to it."""
        self.result = False  # of a former attempt, with another address
        if self.what == LEAVE and self._is_changed():
            self.what = CORRECT

    def _is_changed(self):
        return self._prepare_partner_vals() != self._prepare_draft_vals(self.partner_id)

    def _do(self):
        """Each line on its own where one fails; all together otherwise.

        :return: {line: why it was not done, in words}
        """
        give_up = self.filtered(lambda line: line.what == GIVE_UP)
        post = self - give_up
        failures = give_up._do_give_up()
        by_letter = {}
        for line in post:
            if line.mailing_id in by_letter:
                failures[line] = self.env._("This letter stands on another line too.")
            by_letter.setdefault(line.mailing_id, line)
        held, reasons = post.mailing_id._hold_for_posting_again()
        for letter, reason in reasons.items():
            failures[by_letter[letter.sudo(False)]] = reason
        ready = post.filtered(lambda line: line not in failures)
        failures.update(ready._correct_partners())
        ready = ready.filtered(lambda line: line not in failures)
        failures.update(ready._post_again())
        return failures

    def _do_give_up(self):
        letters, reasons = self.mailing_id._hold_returns()
        for letter in letters.filtered(lambda m: m.return_state == "posted_again"):
            reasons[letter] = letter.with_env(self.env)._posted_again_words()
        (letters.filtered(lambda m: m not in reasons))._give_up()
        return {
            line: reasons[line.mailing_id.sudo()]
            for line in self
            if line.mailing_id.sudo() in reasons
        }

    def _correct_partners(self):
        """Writes the addresses, with the user's own rights.

        :return: {line: why it was not written}
        """
        failures, written = {}, {}
        for line in self.filtered(lambda line: line.what == CORRECT):
            reason = line._why_not_corrected(written)
            if reason:
                failures[line] = reason
            else:
                written.setdefault(line.partner_id, line)
        ready = self.browse([line.id for line in written.values()])
        unwritten = ready._attempt_each(lambda lines: lines._write_partners())
        for line in self.filtered(lambda line: line.what == CORRECT):
            writer = written.get(line.partner_id)
            if line not in failures and writer in unwritten:
                failures[line] = unwritten[writer]
        return failures

    def _why_not_corrected(self, written):
        """:param written: {partner: the line that gives it an address}"""
        self.ensure_one()
        if self.problem:
            return self.problem
        if self.preview == self.mailing_id.sudo().recipient:
            return self.mailing_id._same_address_words()
        other = written.get(self.partner_id, self)
        if other._prepare_partner_vals() != self._prepare_partner_vals():
            return self.env._(
                "Another line gives %(name)s another address.",
                name=self.partner_id.display_name,
            )
        return ""

    def _write_partners(self):
        for line in self:
            if line._is_changed():
                line.partner_id.write(line._prepare_partner_vals())

    def _post_again(self):
        """:return: {line: why no letter could be made}"""
        return self._attempt_each(lambda lines: lines.mailing_id.sudo()._post_again())

    def _attempt_each(self, step):
        """``step`` for all lines at once; where that fails, for each on its own.

        :return: {line: in words why it was undone}
        """
        if not self or not self._attempt(lambda: step(self)):
            return {}
        reasons = {line: line._attempt(lambda line=line: step(line)) for line in self}
        return {line: reason for line, reason in reasons.items() if reason}

    def _attempt(self, step):
        """:return: in words why ``step`` was undone, empty if it was not"""
        try:
            with self.env.cr.savepoint():
                step()
        except (UserError, AccessError) as error:
            return str(error.args[0])
        except psycopg2.IntegrityError:
            return self.env._("The database refuses this address: check its parts.")
        return ""
