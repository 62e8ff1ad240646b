import ast

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

MAX_ADDRESSEES = 10_000
# What a letter itself keeps of its life.
OWN = ("state", "user_id", "writer_id", "sender_id", "lot_id", "planned_on")
TEXT = ("subject", "body")
# What is printed and how it is posted: fixed once letters are made of it.
CONTENT = (
    *TEXT,
    "company_id",
    "template_id",
    "place",
    "date",
    "signature",
    "addressee_ids",
    "domain",
    "filter_id",
    "account_id",
    "service_id",
    "color",
    "duplex",
    "address_sheet",
    "enclosure_ids",
)


class BeepostFreeLetter(models.Model):
    """A letter written in Odoo, to one addressee or many, each with a text of his own.

    A draft is its author's and the managers'; whoever is made a follower reads along.
    """

    _name = "beepost.free.letter"
    _inherit = [
        "beepost.letter.text",
        "beepost.letter.options",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Free Letter"
    _order = "id desc"
    _rec_name = "subject"
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Author",
        required=True,
        readonly=True,
        index=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    writer_id = fields.Many2one(
        "res.users",
        string="Text last changed by",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        help="Placeholders are filled in with what this person may read.",
    )
    sender_id = fields.Many2one(
        "res.users", string="Sent by", readonly=True, copy=False
    )
    state = fields.Selection(
        [("draft", "Draft"), ("making", "Being made"), ("sent", "Sent")],
        default="draft",
        required=True,
        readonly=True,
        index=True,
        copy=False,
    )
    template_id = fields.Many2one(
        "beepost.letter.template",
        ondelete="set null",
        help="Takes over the template's text in every language, its enclosures and"
        " options.",
    )
    place = fields.Char(default=lambda self: self.env.company.city)
    date = fields.Date(
        help="Empty: the day that was chosen for La Poste to get the letters, else the"
        " day on which they are made."
    )
    signature = fields.Html(
        default=lambda self: self._default_signature(), sanitize_style=True
    )
    addressee_ids = fields.One2many(
        "beepost.free.letter.addressee", "letter_id", string="Addressees"
    )
    filter_id = fields.Many2one(
        "ir.filters",
        string="Saved filter",
        ondelete="set null",
        copy=False,
        domain="[('model_id', '=', 'res.partner'), ('user_ids', 'in', [False, uid])]",
    )
    domain = fields.Char(string="Contacts that match", default="[]", copy=False)
    account_id = fields.Many2one(
        "beepost.account",
        ondelete="set null",
        copy=False,
        domain="[('company_id', 'parent_of', company_id)]",
        help="Empty: the company's usual account.",
    )
    lot_id = fields.Many2one(
        "beepost.lot", readonly=True, copy=False, ondelete="set null"
    )
    planned_on = fields.Date(
        string="Deposit on",
        readonly=True,
        copy=False,
        help="The day on which La Poste gets the letters. Empty: as soon as possible.",
    )
    addressee_count = fields.Integer(compute="_compute_counts", string="To")
    made_count = fields.Integer(compute="_compute_counts", string="Letters")
    problem_count = fields.Integer(compute="_compute_counts", string="Without a letter")

    def _default_signature(self):
        return self.env.user.name

    @api.depends("addressee_ids.state")
    def _compute_counts(self):
        counts = {}
        for letter, state, count in self.env[
            "beepost.free.letter.addressee"
        ]._read_group(
            [("letter_id", "in", self.ids)], ["letter_id", "state"], ["__count"]
        ):
            counts.setdefault(letter.id, {})[state] = count
        for letter in self:
            by_state = counts.get(letter.id, {})
            letter.addressee_count = sum(by_state.values())
            letter.made_count = by_state.get("made", 0)
            letter.problem_count = by_state.get("failed", 0) + by_state.get("out", 0)

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    @api.onchange("template_id")
    def _onchange_template_id(self):
        if self.template_id:
            for name, value in self._template_vals(self.template_id).items():
                self[name] = value

    @api.model
    def _template_vals(self, template):
        """The text in the user's language, with the options."""
        return {
            "subject": template.subject,
            "body": template.body,
            "service_id": template.service_id.id,
            "color": template.color,
            "duplex": template.duplex,
            "address_sheet": template.address_sheet,
            "enclosure_ids": [Command.set(template._enclosures().ids)],
        }

    @api.onchange("filter_id")
    def _onchange_filter_id(self):
        if self.filter_id:
            self.domain = self.filter_id.domain

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_own(vals)
            if vals.get("template_id"):
                template = self.env["beepost.letter.template"].browse(
                    vals["template_id"]
                )
                template.check_access("read")
                vals.update({**self._template_vals(template), **vals})
        letters = super().create(vals_list)
        for letter, vals in zip(letters, vals_list, strict=True):
            if vals.get("template_id"):
                letter._take_other_languages()
            letter._keep_pictures()
        letters._check_signature_pictures()
        return letters

    def write(self, vals):
        self._check_own(vals)
        if not vals.keys().isdisjoint(CONTENT):
            self._before_change(vals)
        result = super().write(vals)
        if vals.get("template_id"):
            for letter in self:
                letter._take_other_languages()
        if not vals.keys().isdisjoint(("body", "signature")):
            self._keep_pictures()
        if "signature" in vals:
            self._check_signature_pictures()
        return result

    def _update_field_translations(self, field_name, translations, **kwargs):
        if field_name in CONTENT:
            self._before_change([field_name])
        return super()._update_field_translations(field_name, translations, **kwargs)

    def _before_change(self, names):
        """Whoever changes the text is the one whose rights fill it in."""
        if self.env.su:
            return
        self.check_access("write")
        self._require_draft()
        if any(name in TEXT for name in names):
            self.sudo().writer_id = self.env.user

    @api.constrains("signature")
    def _check_signature(self):
        for letter in self:
            if "{{" in (letter.signature or ""):
                raise ValidationError(
                    self.env._(
                        "A signature is the same for all: nothing is filled in there."
                        " Put the placeholder into the text."
                    )
                )

    def _check_signature_pictures(self):
        """They are printed as the writer of the text may see them: whoever else signs
        puts in no more than he may read himself."""
        for letter in self:
            named = letter._named_pictures(letter.signature)
            self.env["ir.attachment"].browse(named).exists().check_access("read")

    def _check_own(self, vals):
        if not self.env.su and not vals.keys().isdisjoint(OWN):
            raise AccessError(
                self.env._("A letter keeps its author and its state by itself.")
            )

    def _require_draft(self):
        done = self.filtered(lambda letter: letter.state != "draft")
        if done:
            raise UserError(
                self.env._(
                    "“%s” is on its way already: it cannot be changed any more."
                    " Duplicate it to write a similar letter.",
                    done[0].subject,
                )
            )

    def _take_other_languages(self):
        """What the template says in the languages that are not the user's."""
        self.ensure_one()
        template = self.template_id
        for lang in template._langs():
            if lang != (self.env.lang or "en_US"):
                translated = template.with_context(lang=lang)
                self.with_context(lang=lang).write(
                    {"subject": translated.subject, "body": translated.body}
                )

    def _keep_pictures(self):
        """Pictures that were put into a text before it was saved first: they move in,
        so that whoever reads the letter sees them."""
        for letter in self:
            files = self.env["ir.attachment"].sudo()
            for html in (letter.body, letter.signature):
                files |= files.browse(letter._named_pictures(html)).exists()
            files.filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            ).write({"res_model": letter._name, "res_id": letter.id})

    # ------------------------------------------------------------------
    # To whom
    # ------------------------------------------------------------------

    def action_add_matching(self):
        """Adds the contacts that match the filter, as far as the user may read them."""
        self.ensure_one()
        self.check_access("write")
        self._require_draft()
        try:
            domain = fields.Domain(ast.literal_eval(self.domain or "[]"))
        except (ValueError, SyntaxError, TypeError) as error:
            raise UserError(
                self.env._(
                    "This filter cannot be used here: it holds more than plain values."
                    " Choose the contacts with another filter."
                )
            ) from error
        if domain.is_true():
            raise UserError(
                self.env._("Say first which contacts: the filter is empty.")
            )
        there = self.addressee_ids.partner_id
        partners = self.env["res.partner"].search(domain) - there
        if len(partners) + len(there) > MAX_ADDRESSEES:
            raise UserError(
                self.env._(
                    "%(count)s contacts match. A letter goes to at most %(most)s: take"
                    " a narrower filter.",
                    count=len(partners),
                    most=MAX_ADDRESSEES,
                )
            )
        if not partners:
            raise UserError(self.env._("No further contact matches this filter."))
        self.write(
            {"addressee_ids": [Command.create({"partner_id": p.id}) for p in partners]}
        )
        return True

    def action_remove_addressees(self):
        self.ensure_one()
        self._require_draft()
        self.addressee_ids.unlink()
        return True

    def action_save_as_template(self):
        """A template of one's own, in the letter's company."""
        self.ensure_one()
        self.check_access("read")
        first, *others = self._langs()
        text = self.with_context(lang=first)
        template = (
            self.env["beepost.letter.template"]
            .with_context(lang=first)
            .create(
                {
                    "name": text.subject,
                    "subject": text.subject,
                    "body": text.body,
                    "company_id": self.company_id.id,
                    "service_id": self.service_id.id,
                    "color": self.color,
                    "duplex": self.duplex,
                    "address_sheet": self.address_sheet,
                    "enclosure_ids": [Command.set(self._enclosures().ids)],
                }
            )
        )
        for lang in others:
            text = self.with_context(lang=lang)
            template.with_context(lang=lang).write(
                {"subject": text.subject, "body": text.body}
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": template._name,
            "res_id": template.id,
            "view_mode": "form",
        }

    def action_open_letters(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beepost_mail.action_mailing"
        )
        letters = self.sudo().addressee_ids._letters()
        return {**action, "domain": [("id", "in", letters.ids)], "context": {}}

    # ------------------------------------------------------------------
    # Evidence
    # ------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        self.sudo().addressee_ids._require_deletable()

    def unlink(self):
        # Not by the database alone: their PDFs go along.
        self.sudo().addressee_ids.unlink()
        return super().unlink()
