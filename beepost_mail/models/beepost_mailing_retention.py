from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class BeepostMailing(models.Model):
    """How what is kept of a letter ends: first its image, later what names people.

    What stays for ever: that there was a letter, its dates, state, figures, references
    and hashes. Terms and the scheduled action belong to ``beepost_tracking``; what was
    removed, and when, stays with the letter whatever is installed.
    """

    _inherit = "beepost.mailing"

    image_removed_on = fields.Date(readonly=True, copy=False)
    image_months = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=None,
        help="Months after which the image was to be removed, as set on that day.",
    )
    erased_on = fields.Date(string="Personal data erased on", readonly=True, copy=False)
    exported_at = fields.Datetime(
        string="Evidence exported",
        readonly=True,
        copy=False,
        help="Empty again as soon as there is new evidence.",
    )

    _image_idx = models.Index("(account_id, id) WHERE image_removed_on IS NULL")

    # ------------------------------------------------------------------
    # Whose turn it is
    # ------------------------------------------------------------------

    @api.model
    def _over_domain(self, moment):
        """Letters of which nothing more is expected, and not since ``moment``.

        One that waits to leave, or of which nobody can tell whether it left, is never
        over by itself, however old it is: a person decides first. Another addon that
        knows more of a letter's fate narrows this.
        """
        older = Domain("accepted_at", "<", moment) | (
            Domain("accepted_at", "=", False) & Domain("create_date", "<", moment)
        )
        return (
            Domain("state", "in", ("accepted", "rejected", "cancelled"))
            & Domain("in_doubt", "=", False)
            & older
        )

    @api.model
    def _image_domain(self):
        """Letters that have an image still."""
        own_files = Domain("attachment_id.res_model", "=", "beepost.mailing.document")
        return Domain("image_removed_on", "=", False) & (
            Domain("pdf_id", "!=", False) | Domain("document_ids", "any", own_files)
        )

    # ------------------------------------------------------------------
    # The image
    # ------------------------------------------------------------------

    def _remove_image(self, months):
        """Removes the PDF as posted, and the files that were only made or uploaded for
        the letter.

        Never a document's own PDF, which is another file and hangs on the document. A
        proof is none of these.

        :param months: the term, for the record
        """
        own_files = self.document_ids.filtered(
            lambda line: (
                line.attachment_id.res_model == line._name
                and line.attachment_id.res_id == line.id
            )
        ).attachment_id
        images = (self.pdf_id + own_files).filtered(
            lambda file: file.res_model == "beepost.mailing.document"
        )
        self.write(
            {
                "pdf_id": False,
                "image_removed_on": fields.Date.context_today(self),
                "image_months": months,
            }
        )
        images.unlink()

    def _require_image(self, what):
        """A letter that lost its files cannot leave once more as what it was.

        :raises UserError: the image was removed
        """
        lost = self.filtered(lambda m: m.image_removed_on or m.erased_on)
        if lost:
            raise UserError(
                self.env._(
                    "%(what)s: not possible for letter %(name)s, whose files were"
                    " removed after the set time. Send its document as a new letter.",
                    what=what,
                    name=lost[0].name,
                )
            )

    # ------------------------------------------------------------------
    # What names people
    # ------------------------------------------------------------------

    def _erase_personal_data(self):
        """Erases what names people: addresses, findings (they quote them), files, and
        the letter's own chatter, where anybody may have written anything.

        The documents' chatter belongs to the documents, and ends with them; so does
        the link to the addressee, a record with an end of its own. Another addon
        extends this with what it keeps of a letter.
        """
        today = fields.Date.context_today(self)
        self.filtered(lambda m: not m.image_removed_on).image_removed_on = today
        self.document_ids.filtered(lambda line: line.kind == "enclosure").write(
            {"name": self.env._("Erased enclosure")}
        )
        self.env["beepost.sandbox.letter"].search(
            [
                ("account_id", "in", self.account_id.ids),
                ("client_reference", "in", self.mapped("client_reference")),
            ]
        ).unlink()
        self.write(
            {
                "pdf_id": False,
                "recipient": False,
                "sender": False,
                "country_code": False,
                "findings": False,
                "hold_reason": False,
                "erased_on": today,
            }
        )
        self._forget("beepost.mailing.document", self.document_ids.ids)
        self._forget(self._name, self.ids)

    @api.model
    def _forget(self, model, ids):
        """Files, messages, activities and followers of these records."""
        for comodel, field in (
            ("mail.activity", "res_model"),
            ("mail.message", "model"),
            ("mail.followers", "res_model"),
            ("ir.attachment", "res_model"),
        ):
            self.env[comodel].search(
                [(field, "=", model), ("res_id", "in", ids)]
            ).unlink()

    # ------------------------------------------------------------------
    # Before all of it goes
    # ------------------------------------------------------------------

    @api.model
    def _unexported_domain(self):
        """Letters that were really posted, or may have been, and whose evidence nobody
        has exported as it is now."""
        return (
            Domain("is_practice", "=", False)
            & Domain("exported_at", "=", False)
            & (
                Domain("accepted_at", "!=", False)
                | Domain("state", "in", ("sending", "accepted", "unknown"))
            )
        )

    @api.model
    def _how_to_export(self):
        """What else there is to say to whoever needs the export."""
        if "beepost.export" in self.env:
            return ""
        return " " + self.env._(
            "Install “BeePOST: tracking, returns and proofs” for it."
        )
