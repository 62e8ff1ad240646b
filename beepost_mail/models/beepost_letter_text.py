import re

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import html_sanitize, is_html_empty

from ..letter import rich_text

EDITOR = "mail.group_mail_template_editor"
MODEL = "res.partner"
GAP = re.compile(r"\[[^\[\]]*\w[^\[\]]*(?:…|\.\.\.)\]")
# What Odoo does to the text of an e-mail template: placeholders stay. The text is
# cleaned once more, and hard, when it is printed.
SANITIZING = {
    "sanitize_tags": False,
    "sanitize_attributes": False,
    "sanitize_conditional_comments": False,
    "output_method": "xml",
}


class BeepostLetterText(models.AbstractModel):
    """A text with placeholders, in one language or several: of a letter, of a template.

    The placeholders are Odoo's own, under Odoo's own restrictions: who is no template
    editor may use ``object.name`` and its like. That is checked when a text is saved,
    with the rights of who saves it, and again when it is filled in, with the rights of
    who wrote it.
    """

    _name = "beepost.letter.text"
    _description = "Text of a Letter"

    subject = fields.Char(
        required=True,
        translate=True,
        help="Placeholders such as {{ object.name }} are filled in for each addressee.",
    )
    body = fields.Html(
        string="Text",
        translate=True,
        sanitize="email_outgoing",
        help="Placeholders such as {{ object.name }} are filled in for each addressee.",
    )
    # The languages that somebody wrote the text in, the first one being the letter's
    # own. Odoo keeps an English value beside any other, which nobody may have written.
    text_langs = fields.Char(readonly=True, copy=True)
    model = fields.Char(
        compute="_compute_model", help="What the editor offers the fields of."
    )

    def _compute_model(self):
        self.model = MODEL

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                vals.pop("text_langs", None)
        records = super().create(vals_list)
        for record in records:
            if not record.text_langs:
                record._add_lang(self.env.lang or "en_US")
        records._check_expressions()
        return records

    def copy(self, default=None):
        copies = super().copy(default)
        for record, original in zip(copies.sudo(), self, strict=True):
            record.text_langs = original.text_langs
        return copies

    def write(self, vals):
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if name != "text_langs"}
        result = super().write(vals)
        if not vals.keys().isdisjoint(("subject", "body")):
            for record in self:
                record._add_lang(self.env.lang or "en_US")
            self._check_expressions()
        return result

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        if field_name == "body":
            # The one way around the field's own sanitizing.
            translations = {
                lang: html_sanitize(text, **SANITIZING) if text else text
                for lang, text in translations.items()
            }
            translations = {
                lang: str(text) if text else text for lang, text in translations.items()
            }
        result = super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )
        if field_name in ("subject", "body"):
            for lang, text in translations.items():
                if text:
                    self._add_lang(lang)
                self.with_context(lang=lang)._check_expressions()
        return result

    def _add_lang(self, lang):
        self.ensure_one()
        langs = (self.text_langs or "").split(",")
        if lang not in langs:
            # ``super().write`` of our own: the text itself does not change here.
            self.sudo().text_langs = ",".join(filter(None, [*langs, lang]))

    def _check_expressions(self):
        """As ``mail.template`` does: what a text holds is checked against the rights of
        who saves it.

        :raises AccessError: only template editors may write this
        :raises ValidationError: a placeholder that cannot be read
        """
        if self.env.su:
            return
        restricted = not self.env.user.has_group(EDITOR)
        for record in self.sudo():
            if restricted and record._has_unsafe_expression():
                raise AccessError(
                    self.env._(
                        "The text of “%(name)s” has a placeholder that only members of"
                        " the group “%(group)s” may use. These are free for everyone:"
                        " %(allowed)s.",
                        name=record.subject,
                        group=self.env.ref(EDITOR).sudo().name,
                        allowed=", ".join(
                            self.env[MODEL].mail_allowed_qweb_expressions()
                        ),
                    )
                )

    def _has_unsafe_expression(self):
        self.ensure_one()
        mixin = self.env["mail.render.mixin"]
        try:
            body = rich_text.with_directives(self.body)
        except rich_text.Unfinished as unfinished:
            raise ValidationError(self._unfinished_words(unfinished)) from None
        return mixin._has_unsafe_expression_template_inline_template(
            self.subject, MODEL
        ) or mixin._has_unsafe_expression_template_qweb(body, MODEL)

    def _unfinished_words(self, unfinished):
        return self.env._(
            "A placeholder is begun and not ended, or there is formatting between its"
            " braces: “%s”. Type it once more, as in {{ object.name }}.",
            unfinished,
        )

    # ------------------------------------------------------------------
    # Filling in
    # ------------------------------------------------------------------

    def _langs(self):
        """Languages that the text exists in, its own first."""
        self.ensure_one()
        installed = [lang for lang, _name in self.env["res.lang"].get_installed()]
        written = (self.text_langs or "en_US").split(",")
        stored = self._get_stored_text("body")
        # What a module's translations bring nobody wrote here.
        translated = (
            [
                lang
                for lang in installed
                if lang not in written
                and stored.get(lang, stored["en_US"]) != stored["en_US"]
            ]
            if stored
            else []
        )
        langs = [lang for lang in written if lang in installed] + translated
        return langs or written[:1]

    def _get_stored_text(self, name):
        """:return: {language: value}; Odoo falls back to ``en_US`` for any other"""
        self.ensure_one()
        return self.sudo()._fields[name]._get_stored_translations(self.sudo()) or {}

    def _lang_for(self, partner, langs=None):
        """The addressee's language, if the text exists in it; else the text's own."""
        langs = langs or self._langs()
        return partner.lang if partner.lang in langs else langs[0]

    def _fill_in(self, partner, writer):
        """The text for one addressee, in the addressee's language.

        What somebody typed is evaluated with the rights of ``writer``, never more.

        :return: dict: ``lang``, ``subject`` (text), ``body`` (HTML that names nothing
            outside itself) and ``removed`` (tuple of ``rich_text.Removed``)
        :raises UserError: in words why it cannot be filled in
        """
        self.ensure_one()
        lang = self._lang_for(partner)
        text = self.with_context(lang=lang).sudo()
        renderer = self.env["mail.render.mixin"].sudo(False).with_user(writer)
        renderer = renderer.with_context(lang=lang, bin_size=False)
        try:
            body = rich_text.with_directives(text.body)
        except rich_text.Unfinished as unfinished:
            raise UserError(self._unfinished_words(unfinished)) from None
        ids = partner.ids
        renderer.env[MODEL].browse(ids).check_access("read")
        subject = renderer._render_template(text.subject, MODEL, ids)[partner.id]
        rendered = renderer._render_template(body, MODEL, ids, engine="qweb")
        cleaned, removed = self._cleaned(rendered[partner.id], writer)
        return {
            "lang": lang,
            "subject": " ".join(str(subject or "").split()),
            "body": cleaned,
            "removed": removed,
        }

    def _cleaned(self, html, reader):
        """:return: (``Markup``, what was taken out)"""
        if is_html_empty(html) and "<img" not in str(html or ""):
            return Markup(), ()
        cleaned, removed = rich_text.clean(
            html, lambda source: self._read_picture(source, reader)
        )
        return Markup(cleaned), removed  # noqa: S704 nothing passes but what is listed

    @api.model
    def _named_pictures(self, html):
        """:return: ids of the attachments that a text shows"""
        return [
            int(match[1])
            for source in rich_text.pictures_of(html)
            if (match := rich_text.ATTACHMENT.match(source))
        ]

    def _read_picture(self, source, reader):
        """:return: the bytes of an attachment that ``reader`` may read, else None"""
        match = rich_text.ATTACHMENT.match(source)
        if not match:
            return None
        files = self.env["ir.attachment"].sudo(False).with_user(reader)
        file = files.browse(int(match[1])).exists()
        return file._filtered_access("read").raw or None

    def _find_gaps(self):
        """What a template leaves to fill in by hand: a word and dots in brackets, as in
        “[amount…]”.

        :return: list of them, in the language of the context
        """
        self.ensure_one()
        text = f"{self.subject or ''} {rich_text.text_of(self.body or '')}"
        return list(dict.fromkeys(GAP.findall(text)))
