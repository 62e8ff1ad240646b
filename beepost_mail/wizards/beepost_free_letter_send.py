import base64

from markupsafe import Markup

from odoo import api, fields, models

from ..models.language_words import language_words

SHOWN = 20


class BeepostFreeLetterSend(models.TransientModel):
    """The last look at a letter before it is sent. Opening it prints nothing."""

    _name = "beepost.free.letter.send"
    _description = "Send a Free Letter"
    _inherit = ["beepost.planning", "beepost.sending.dialog"]

    letter_id = fields.Many2one(
        "beepost.free.letter", required=True, ondelete="cascade"
    )
    addressee_id = fields.Many2one(
        "beepost.free.letter.addressee",
        string="Preview for",
        compute="_compute_addressee_id",
        store=True,
        readonly=False,
        ondelete="cascade",
        domain="[('letter_id', '=', letter_id)]",
    )
    summary = fields.Html(compute="_compute_summary")
    sendable_count = fields.Integer(compute="_compute_summary")
    alerts = fields.Json(compute="_compute_summary")
    preview = fields.Binary(readonly=True)
    # Whose letter ``preview`` is; another one may be chosen since.
    previewed_id = fields.Many2one(
        "beepost.free.letter.addressee", readonly=True, ondelete="cascade"
    )
    # And of which day, that is printed in it.
    previewed_on = fields.Date(readonly=True)
    estimate = fields.Text(string="Estimate of one letter", compute="_compute_estimate")

    @api.constrains("letter_id", "addressee_id", "previewed_id")
    def _check_may_read(self):
        self.sudo(False).letter_id.check_access("write")
        (self.addressee_id + self.previewed_id).sudo(False).check_access("read")

    def _planned_accounts(self):
        letter = self.letter_id.sudo()
        return letter._account() if letter else super()._planned_accounts()

    def _planned_depends(self):
        return ["letter_id"]

    @api.depends("letter_id")
    def _compute_addressee_id(self):
        for wizard in self:
            rows = wizard.letter_id.addressee_ids
            wizard.addressee_id = (rows - rows._unpostable())[:1]

    @api.depends("letter_id")
    def _compute_summary(self):
        self.sendable_count, self.summary, self.alerts = 0, False, False
        for wizard in self.filtered("letter_id"):
            letter = wizard.letter_id
            bad = letter.addressee_ids._unpostable()
            good = letter.addressee_ids - bad
            wizard.sendable_count = 0 if letter._obstacle() else len(good)
            wizard.alerts = wizard._alerts() or False
            wizard.summary = Markup().join(
                [
                    wizard._sentence(good, letter.addressee_ids),
                    wizard._list(
                        self.env._("Left out, since no letter would reach them:"),
                        [
                            f"{r.partner_id.display_name}: {r.address_problem}"
                            for r in bad
                        ],
                    ),
                    wizard._list(
                        self.env._("Not printed:"), wizard._not_printed(letter)
                    ),
                ]
            )

    def _sentence(self, good, rows):
        letter = self.letter_id
        langs = letter._langs()
        counts = {}
        for row in good:
            lang = letter._lang_for(row.partner_id, langs)
            counts[lang] = counts.get(lang, 0) + 1
        return Markup("<p>%s</p>%s") % (
            self._count_words(len(good), len(rows)),
            Markup("<p>%s</p>") % self._language_counts(counts)
            if counts and len(langs) > 1
            else "",
        )

    def _count_words(self, count, total):
        if not count:
            return self.env._("No addressee gets a letter.")
        if total == 1:
            return self.env._("The addressee gets a letter.")
        if count == total:
            return self.env._("%s addressees get a letter.", total)
        if count == 1:
            return self.env._("One of %s addressees gets a letter.", total)
        return self.env._(
            "%(count)s of %(total)s addressees get a letter.", count=count, total=total
        )

    def _language_counts(self, counts):
        """
        :param counts: {code of a language: letters in it}
        """
        names = language_words(self.env, counts)
        return ", ".join(
            self.env._("%(count)s in %(language)s", count=count, language=names[lang])
            for lang, count in counts.items()
        )

    def _list(self, title, lines):
        if not lines:
            return ""
        more = len(lines) - SHOWN
        return Markup("<p>%s</p><ul>%s</ul>%s") % (
            title,
            Markup().join(Markup("<li>%s</li>") % line for line in lines[:SHOWN]),
            self.env._("and %s more.", more) if more > 0 else "",
        )

    def _not_printed(self, letter):
        """What is taken out of the text itself, whatever is filled in."""
        removed = []
        for lang in letter._langs():
            for html in (letter.with_context(lang=lang).body, letter.signature):
                removed += letter._cleaned(html, letter.sudo().writer_id)[1]
        words = letter.addressee_ids._removed_words(dict.fromkeys(removed))
        return words.splitlines() if words else []

    def _alerts(self):
        alerts, letter = self.env["beepost.alerts"], self.letter_id
        found = {
            "beepost_account": alerts._account_stopped(letter.company_id),
            "beepost_practice": alerts._practice(letter.company_id),
            "beepost_text": letter._obstacle()
            and {"level": "danger", "message": letter._obstacle()},
        }
        return {key: alert for key, alert in found.items() if alert}

    def action_preview(self):
        """Prints one letter, shows it, and says what it will be."""
        self.ensure_one()
        self.check_access("read")
        self.letter_id.check_access("write")
        row = self.addressee_id & self.letter_id.addressee_ids
        report = (
            self.env["ir.actions.report"]
            .with_company(self.letter_id.company_id)
            .with_context(beepost_deposit_on=self.planned_on)
        )
        pdf = report._render_qweb_pdf(
            "beepost_mail.action_report_free_letter", row.ids
        )[0]
        self.write(
            {
                "preview": base64.b64encode(pdf),
                "previewed_id": row.id,
                "previewed_on": self.planned_on,
            }
        )
        return self._reopen()

    @api.depends("preview", "previewed_id", "planned_on")
    def _compute_estimate(self):
        for wizard in self:
            estimate = wizard._get_estimate() if wizard.previewed_id else {}
            wizard._show_estimate(estimate)

    def _show_estimate(self, estimate):
        """Hook: what another addon put into the estimate, it shows here.

        :param estimate: as :meth:`_get_estimate` makes it; empty before a letter was
            shown
        """
        self.estimate = estimate.get("sentence", False)

    def _get_estimate(self):
        """Of the letter that is shown, as ``beepost.estimate._get_estimate`` has it."""
        self.ensure_one()
        company = self.letter_id.company_id
        partner = self.previewed_id.partner_id
        return self.env["beepost.estimate"]._get_estimate(
            company, partner, self._papers(), self._options_of(partner, company)
        )

    def _papers(self):
        """:return: the PDFs of the letter that is shown, in order"""
        shown = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self._origin.id),
                ("res_field", "=", "preview"),
            ]
        )
        return shown + self.letter_id._enclosures().with_env(self.env)

    def _options_of(self, partner, company):
        """:return: what was chosen for the letter, else ``partner`` prefers"""
        letter = self.letter_id
        day = not self.planned_wrong and self.planned_on
        return {
            **partner._beepost_options(company),
            **letter._chosen_options(),
            "account_id": letter.sudo()._account().id,
            "planned_at": letter.sudo()._planned_moment(day),
        }

    def action_send(self):
        self.ensure_one()
        self.check_access("read")
        rows = self.letter_id._send(self.planned_on)
        if self.letter_id.state == "draft":  # tried at once, in vain
            return self._tell_failed(rows)
        if len(rows) == 1:
            words = self.env._("The letter is being made. You can go on working.")
        else:
            words = self.env._(
                "%s letters are being made. You can go on working.", len(rows)
            )
        return self._close_with(words)

    def _tell_failed(self, rows):
        """:param rows: addressees as superuser, none of whom got a letter"""
        action = self._close_with("\n".join(rows.mapped("error")))
        title = self.env._("Letters not made: %s", self.letter_id.subject)
        action["params"].update(type="warning", sticky=True, title=title)
        return action
