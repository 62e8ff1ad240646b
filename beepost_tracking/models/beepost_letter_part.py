from odoo import api, fields, models
from odoo.fields import Domain


class BeepostLetterPart(models.AbstractModel):
    """Something known of one letter: whoever may see the letter may see it.

    What belongs to no letter that is known here is for post managers.
    """

    _name = "beepost.letter.part"
    _description = "Part of What is Known of a Letter"

    mailing_id = fields.Many2one(
        "beepost.mailing",
        string="Letter",
        index=True,
        ondelete="cascade",
        readonly=True,
    )

    def _sees_strays(self):
        return self.env.su or self.env.user.has_group("beepost_mail.group_manager")

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self._sees_strays():  # managers see what every letter is
            return result
        mine = self - result[0] if result else self
        letters = mine.sudo().mailing_id.with_env(self.env)
        visible = letters._filtered_access("read")
        hidden = mine.filtered(lambda part: part.sudo().mailing_id not in visible)
        if not hidden:
            return result
        if result:
            return result[0] + hidden, result[1]
        return hidden, lambda: self.env["beepost.mailing"]._make_content_error(
            letters - visible
        )

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (bypass_access or self._sees_strays()):
            letters = self.env["beepost.mailing"]._content_domain()
            domain = Domain(domain) & Domain("mailing_id", "any!", letters)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    # ------------------------------------------------------------------
    # Evidence: exported as it is now, erased in the end
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._is_new_evidence()
        return parts

    def write(self, vals):
        result = super().write(vals)
        if vals.get("mailing_id") or vals.get("attachment_id"):
            self._is_new_evidence()
        return result

    def _is_new_evidence(self):
        """What was exported of these letters is not all any more."""
        self.sudo().mailing_id.filtered("exported_at").exported_at = False

    def _erase_personal_data(self, names):
        """The end of what names people, at the set time and no other.

        :param names: fields to empty; a file goes with the field that holds it
        """
        files = self.env["ir.attachment"]
        for name in names:
            if self._fields[name].comodel_name == files._name:
                files += self[name]
        self.write(dict.fromkeys(names, False))
        files.unlink()
