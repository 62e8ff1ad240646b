from odoo import api, fields, models
from odoo.exceptions import UserError

FILE = "ir.attachment"


class BeepostMailingDocument(models.Model):
    """One document in an envelope: each document sees its own letter from day one.

    The posted PDF hangs on these records, so that whoever reads it must be able to
    read every document that lies in the envelope.
    """

    _name = "beepost.mailing.document"
    _description = "Document in a Letter"
    _order = "mailing_id, sequence, id"

    mailing_id = fields.Many2one(
        "beepost.mailing", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="mailing_id.company_id", store=True)
    home_id = fields.Many2one(
        "beepost.mailing",
        string="Letter that was made for it",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Empty as long as the document lies in that letter itself.",
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    kind = fields.Selection(
        [("document", "Document"), ("enclosure", "Enclosure")],
        default="document",
        required=True,
    )
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    attachment_id = fields.Many2one(
        "ir.attachment",
        ondelete="set null",
        groups=fields.NO_ACCESS,
        help="The source: of an invoice its legal PDF, else a file of this line alone.",
    )
    report_id = fields.Many2one("ir.actions.report", readonly=True, ondelete="set null")
    sha256 = fields.Char(string="SHA-256", readonly=True)
    pages = fields.Integer(readonly=True)
    sheets = fields.Integer(readonly=True)

    _res_idx = models.Index("(res_model, res_id)")

    def _check_access(self, operation):
        """Whoever may read all documents of the envelope may read its lines."""
        result = super()._check_access(operation)
        if self.env.su:
            return result
        mine = self - result[0] if result else self
        letters = mine.sudo().mailing_id
        forbidden = letters - letters.with_env(self.env)._readable_content()
        hidden = mine.filtered(lambda line: line.sudo().mailing_id in forbidden)
        if not hidden:
            return result
        if result:
            return result[0] + hidden, result[1]
        return hidden, lambda: self.env["beepost.mailing"]._make_content_error(
            forbidden
        )

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            letters = self.env["beepost.mailing"]._content_domain()
            domain = fields.Domain(domain) & fields.Domain(
                "mailing_id", "any!", letters
            )
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _chatters(self):
        """:return: {line: (model, id)} of the record where people read what became of
        it: of a file, the record that it hangs on"""
        ids = [line.res_id for line in self if line.res_model == FILE]
        files = self.env[FILE].sudo().browse(ids).exists()
        behind = {
            file.id: (file.res_model, file.res_id)
            for file in files
            if file.res_model and file.res_id
        }
        own = {line: (line.res_model, line.res_id) for line in self}
        return {
            line: behind.get(line.res_id, where) if where[0] == FILE else where
            for line, where in own.items()
        }

    def _kinds_behind(self):
        """What decides how confidential a document is: of a file, the record that it
        hangs on too.

        :return: {line: set of technical names of models; "" of a file that is gone, of
            which nobody knows any more what it was}
        """
        ids = [line.res_id for line in self if line.res_model == FILE]
        there = set(self.env[FILE].sudo().browse(ids).exists().ids)
        return {
            line: {""}
            if line.res_model == FILE and line.res_id not in there
            else {line.res_model, model}
            for line, (model, _res_id) in self._chatters().items()
        }

    def _identity(self):
        """What makes two lines the same document, in whatever letters they lie."""
        self.ensure_one()
        if self.res_model == "account.move":
            return self.res_model, self.res_id, ""  # one, however it was numbered since
        # Of another record there are several papers. Names change with the language.
        return self.res_model, self.res_id, self.report_id.id or self.name

    def _withdrawn(self):
        """Those whose invoice is no more, or no more the one whose PDF lies here."""
        lines = self.filtered(
            lambda line: line.res_model == "account.move" and line.kind == "document"
        )
        moves = self.env["account.move"].browse(lines.mapped("res_id")).exists()
        legal = {
            move.id: move.invoice_pdf_report_id
            for move in moves
            if move.state == "posted"
        }
        return lines.filtered(
            lambda line: (
                line.res_id not in legal or legal[line.res_id] != line.attachment_id
            )
        )

    def action_remove_and_retry(self):
        """Takes an enclosure that cannot be printed out of a refused letter, which is
        then checked again from the start.

        :raises AccessError: not the user's to do
        :raises UserError: the letter is not refused, or this is its document itself
        """
        self.ensure_one()
        self.check_access("read")
        what = self.env._("Take the enclosure out and try again")
        letter = self.mailing_id._require(("rejected",), what)
        letter._require_lot(what)
        if self.kind != "enclosure":
            raise UserError(
                self.env._(
                    "Only an enclosure can be taken out of a letter: %(name)s is its"
                    " document itself. Cancel the letter instead.",
                    name=self.name,
                )
            )
        user = self.env.user.name
        text = self.env._(
            "%(user)s took the enclosure “%(file)s” out of the envelope.",
            user=user,
            file=self.name,
        )
        # The name of a file is for those who may read the documents.
        own = self.env._("%(user)s took an enclosure out of the envelope.", user=user)
        letter._log_to_documents({letter: text}, own={letter: own})
        # Another copy must not take its place; nor do files stay that were uploaded for
        # these alone.
        self.sudo()._copies().unlink()
        letter._restart()
        letter.account_id._trigger_send()
        return True

    def action_open_document(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
