"""What announces a paper, and what follows once it is here."""

from odoo import api, models

# Of these accountants read in the documents' chatter; the others are in the letter.
TOLD = ("ar_scan", "delivery")


class BeepostPull(models.AbstractModel):
    _inherit = "beepost.pull"

    @api.model
    def _after_store(self, created):
        result = super()._after_store(created)
        self.env["beepost.proof"]._announce(created)
        return result


class BeepostWording(models.Model):
    _inherit = "beepost.wording"

    def _after_applied(self, letters):
        """Words that turn out to speak of a paper announce those told so far."""
        result = super()._after_applied(letters)
        if self.canonical == "proof":
            told = self.env["beepost.event"].search(
                [("wording_id", "=", self.id), ("mailing_id", "in", letters.ids)]
            )
            self.env["beepost.proof"]._announce(told)
        return result


class BeepostEvent(models.Model):
    _inherit = "beepost.event"

    def write(self, vals):
        """A stray event that finds its letter brings the paper along."""
        result = super().write(vals)
        if vals.get("mailing_id"):
            self.env["beepost.proof"].sudo()._announce(self.sudo())
        return result


class BeepostProof(models.Model):
    _inherit = "beepost.proof"

    def _after_fetched(self, content, found):
        result = super()._after_fetched(content, found)
        letter = self.mailing_id

        def list_on_document():
            self._list_on_document(content, found)

        def tell_documents():
            self._tell_documents()

        letter._follow_up(list_on_document, tell_documents)
        return result

    def _list_on_document(self, content, found):
        """Where the envelope holds what belongs to one record and to no other, that
        record lists the paper too: the same stored bytes, never its main attachment."""
        lines = self.mailing_id.document_ids
        # An enclosure names the record that it was enclosed to.
        records = {(line.res_model, line.res_id) for line in lines}
        if len(records) != 1:
            return
        [(model, res_id)] = records
        if model not in self.env:
            return
        record = self.env[model].browse(res_id).exists()
        if record:
            self.listed_id = self.env["ir.attachment"].create(
                {
                    **self._prepare_attachment_vals(content, found),
                    "res_model": record._name,
                    "res_id": record.id,
                }
            )

    def _tell_documents(self):
        letter = self.mailing_id
        if self.kind not in TOLD:
            return
        env = letter._author_env()
        reference = letter.provider_reference or letter.name
        if self.kind == "ar_scan":
            text = env._(
                "Letter %(reference)s: acknowledgement of receipt received.",
                reference=reference,
            )
        else:
            text = env._(
                "Letter %(reference)s: proof of delivery received.",
                reference=reference,
            )
        letter._log_to_documents({letter: text}, own={})
