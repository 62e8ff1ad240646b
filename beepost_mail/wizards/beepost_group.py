from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..letter.workshop import Workshop
from ..models.beepost_mailing import NOT_GONE

SHOWN = 10
# How long a person may wait for pages to be counted before the dialog opens.
COUNT_SECONDS = 10


class BeepostGroup(models.TransientModel):
    """Puts letters that wait into one envelope, after showing what that saves."""

    _name = "beepost.group"
    _description = "Put Letters Together"

    mailing_ids = fields.Many2many("beepost.mailing", string="Letters", required=True)
    registered = fields.Boolean(
        string="Registered letters too",
        help="Several documents in one registered letter have one proof of posting, and"
        " one signature, together.",
    )
    has_registered = fields.Boolean(compute="_compute_summary")
    envelope_count = fields.Integer(compute="_compute_summary")
    summary = fields.Html(compute="_compute_summary")

    @api.depends("mailing_ids", "registered")
    def _compute_summary(self):
        for wizard in self:
            letters = wizard._groupable()
            groups = wizard._groups(letters)
            wizard.has_registered = any(
                letter.service_id.registered for letter in letters
            )
            wizard.envelope_count = len(groups)
            wizard.summary = wizard._summary_of(letters, groups)

    def _groupable(self):
        """Of those chosen, the letters that may still change envelopes."""
        self.ensure_one()
        letters = self.mailing_ids._origin
        letters.check_access("read")
        return letters.sudo().filtered_domain(letters._groupable_domain())

    def _groups(self, letters):
        """What the user chose is asked for, whatever the letters waited for."""
        groups = letters._find_groups(registered=self.registered)
        return [group for group in groups if len(group) > 1]

    def _summary_of(self, letters, groups):
        if not groups:
            return self.env._(
                "No two of these letters go to the same address in the same way, on the"
                " same day: each leaves on its own."
            )
        saving = self.env["beepost.mailing"]._get_group_saving(groups)
        apart = len(self.mailing_ids) - sum(len(group) for group in groups)
        rows = [
            Markup("<li>%s</li>")
            % self.env._(
                "%(partner)s: %(names)s",
                partner=group[0].partner_id.display_name,
                names=", ".join(group.mapped("name")),
            )
            for group in groups[:SHOWN]
        ]
        more = len(groups) - SHOWN
        return Markup("%s<ul>%s</ul>%s%s") % (
            Markup().join(Markup("<p>%s</p>") % text for text in saving["sentences"]),
            Markup().join(rows),
            self._more_words(more) if more > 0 else "",
            Markup("<p>%s</p>") % self._apart_words(apart) if apart else "",
        )

    def _more_words(self, count):
        if count == 1:
            return self.env._("and one more envelope.")
        return self.env._("and %s more envelopes.", count)

    def _apart_words(self, count):
        if count == 1:
            return self.env._("One of the chosen letters stays as it is.")
        return self.env._("%s of the chosen letters stay as they are.", count)

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards:
            letters = wizard._groupable()
            wanted = letters.browse().union(*wizard._groups(letters))
            wanted._count_if_needed(COUNT_SECONDS)
        return wizards

    def action_put_together(self):
        self.ensure_one()
        what = self.env._("Put together")
        letters = self._groupable().with_env(self.env)._require(NOT_GONE, what)
        uncounted = letters._count_if_needed()
        groups = self._groups(letters - uncounted)
        if not groups:
            raise UserError(
                self.env._(
                    "No two of these letters fit into one envelope any more. Close this"
                    " dialog: they leave on their own."
                )
            )
        carriers = self.env["beepost.mailing"]._put_together(groups)
        carriers._wake_outbox()
        action = carriers.with_env(self.env)._get_records_action(
            name=self.env._("Letters put together")
        )
        if len(carriers) > 1:
            view = self.env.ref("beepost_mail.view_mailing_list_together")
            action["views"] = [(view.id, "list"), (False, "form")]
        return {**action, "target": "current"}


class BeepostMailing(models.Model):
    _inherit = "beepost.mailing"

    def _count_if_needed(self, seconds=None):
        """As ``_count_pages``, with a workshop only where there is something to do."""
        if all(line.pages for line in self.document_ids):
            return self.browse()
        with Workshop() as workshop:
            return self._count_pages(workshop, seconds)
