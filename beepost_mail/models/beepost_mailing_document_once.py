from odoo import api, fields, models

from ..letter import once


class BeepostMailingDocument(models.Model):
    """Enclosures that several letters bring into one envelope are printed once.

    Every letter keeps its line: which of them is printed is worked out from what lies
    in the envelope, by ``letter.once``, so that whatever is taken out or apart has its
    enclosure with it. What was prepared is noted, for what has left does not change any
    more, and its files do not stay for ever.
    """

    _inherit = "beepost.mailing.document"

    printed_with_id = fields.Many2one(
        "beepost.mailing.document",
        string="Printed with",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The same enclosure, of another document in the envelope, that stands for"
        " this one in the PDF. As it was last prepared.",
    )
    printed_once = fields.Char(string="Copies", compute="_compute_printed_once")

    @api.depends("printed_with_id", "mailing_id.sha256", "mailing_id.document_ids")
    @api.depends_context("lang")
    def _compute_printed_once(self):
        keepers = self.sudo().mailing_id.document_ids._printed_with()
        served = {}
        for line, keeper in keepers.items():
            served.setdefault(keeper, []).append(line)
        for line in self:
            keeper = keepers.get(line, line)
            count = len(served.get(line, ()))
            line.printed_once = False
            if keeper != line:
                line.printed_once = self.env._(
                    "Printed with %(name)s", name=keeper._goes_with().name
                )
            elif count > 1:
                line.printed_once = self.env._(
                    "Printed once for %(count)s documents", count=count
                )

    def _goes_with(self):
        """The document that this one was enclosed with; itself where that is gone."""
        self.ensure_one()
        documents = self.mailing_id.document_ids.filtered(
            lambda line: line.kind == "document" and line._owner() == self._owner()
        )
        return documents[:1] or self

    # ------------------------------------------------------------------
    # What is the same
    # ------------------------------------------------------------------

    def _as_papers(self):
        """:return: {line: ``letter.once.Paper``}"""
        return {
            line: once.Paper(
                number=line.id,
                owner=line._owner(),
                pages=line.pages,
                size=line.attachment_id.file_size,
                content=line._content(),
            )
            for line in self.sudo()
        }

    def _owner(self):
        home = self.home_id or self.mailing_id
        return home.id, self.res_model, self.res_id

    def _content(self):
        """What makes an enclosure the same as another, whatever they are called; empty
        where nothing does: a document is printed in any case, and so is the legal PDF
        of an invoice, whatever it was enclosed with."""
        file = self.attachment_id
        is_legal = file.res_model == "account.move" and file.res_field
        if self.kind != "enclosure" or not file or is_legal:
            return ""
        return file.checksum or f"file {file.id}"

    def _keepers(self):
        """
        :param self: all lines of some envelopes, in order
        :return: {line: the one that is to be printed for it}, most often itself
        """
        papers, found = self._as_papers(), {}
        for lines in self.grouped("mailing_id").values():
            kept = once.keepers([papers[line] for line in lines])
            for line, keeper in zip(lines, kept, strict=True):
                found[line] = line.browse(keeper.number).with_prefetch(lines.ids)
        return found

    def _repeated(self):
        """Those of which another copy is to be printed."""
        keepers = self._keepers()
        return self.filtered(lambda line: keepers[line] != line)

    def _once_for_each_record(self):
        """Without what one record brought several times, through several letters: for
        a letter in which all of it is this record's."""
        papers, kept = self._as_papers(), set()
        for lines in self.grouped(lambda m: (m.res_model, m.res_id)).values():
            kept.update(
                paper.number for paper in once.printed([papers[m] for m in lines])
            )
        return self.filtered(lambda line: line.id in kept)

    # ------------------------------------------------------------------
    # What is, or was, printed
    # ------------------------------------------------------------------

    def _printed_with(self):
        """As ``_keepers``; of a letter that is prepared, as it was prepared."""
        made = self.filtered("mailing_id.sha256")
        # Letters are looked at one by one, and read all at once.
        made, others = (
            lines.with_prefetch(self._prefetch_ids) for lines in (made, self - made)
        )
        return {
            **{line: line.printed_with_id or line for line in made},
            **others._keepers(),
        }

    def _printed(self):
        """Those that are in the PDF of their letter, or will be."""
        keepers = self._printed_with()
        return self.filtered(lambda line: keepers[line] == line)

    def _copies(self):
        """All lines for which the same copy is printed, in any of these letters."""
        keepers = self.mailing_id.document_ids._printed_with()
        wanted = {keepers[line] for line in self}
        return self.browse().union(*(m for m, k in keepers.items() if k in wanted))

    # ------------------------------------------------------------------
    # While a letter is prepared
    # ------------------------------------------------------------------

    def _mark_printed(self):
        """Settles what is printed, and notes it."""
        for line, keeper in self._keepers().items():
            line.printed_with_id = keeper != line and keeper

    def _to_print(self):
        return self.filtered(lambda line: not line.printed_with_id)

    def _follow_their_copies(self):
        """What is printed elsewhere takes no sheet of its own."""
        for line in self - self._to_print():
            keeper = line.printed_with_id
            line.write({"pages": keeper.pages, "sheets": 0, "sha256": keeper.sha256})


class BeepostMailing(models.Model):
    _inherit = "beepost.mailing"

    prints_once = fields.Boolean(
        string="Prints enclosures once",
        compute="_compute_prints_once",
        help="An enclosure of several documents is in the envelope once.",
    )

    @api.depends("document_ids", "sha256")
    def _compute_prints_once(self):
        keepers = self.sudo().document_ids._printed_with()
        shared = {line.mailing_id.id for line, k in keepers.items() if k != line}
        for letter in self:
            letter.prints_once = letter.id in shared
