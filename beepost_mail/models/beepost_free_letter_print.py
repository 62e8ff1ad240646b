import logging

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

REPORT = "beepost_mail.action_report_free_letter"
SHOWN = 200


class BeepostFreeLetterAddressee(models.Model):
    """From a text to the PDF in the envelope. What goes wrong for one addressee is
    written beside that one, and keeps no other."""

    _inherit = "beepost.free.letter.addressee"

    def _leave_out_unpostable(self):
        """:return: the others"""
        for row in self._unpostable():
            row.write({"state": "out", "error": row.address_problem})
        return self.filtered(lambda row: row.state == "todo")

    def _make(self):
        """Prints the letters of these addressees, all of one free letter, and hands
        them over. What goes wrong for one is written beside that one."""
        rows = self.sudo()
        if not rows:
            return
        letter = rows.letter_id
        letter = letter.with_company(letter.company_id).with_context(
            allowed_company_ids=letter.company_id.ids, lang=letter.sender_id.lang
        )
        rows = rows.with_env(letter.env)
        misfit = letter.company_id._beepost_misfit(letter.account_id, letter.service_id)
        if misfit:  # gone since the letter was sent: no other takes its place
            rows.write({"state": "failed", "error": misfit})
            return
        filled = {}
        for row in rows:
            row._attempt(lambda row=row: filled.update({row: row._fill_in()}))
        printed = rows._print_each(list(filled))
        for row, pdf in printed.items():
            row.remarks = row._removed_words(filled[row]["removed"])
            printed[row] = (filled[row]["subject"], pdf)
        rows._hand_over(printed)

    def _attempt(self, step):
        """:return: whether ``step`` went well; why not stands beside the addressees"""
        try:
            with self.env.cr.savepoint():
                step()
            return True
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            self.write({"state": "failed", "error": self._failure_words(error)})
            if not isinstance(error, UserError):
                _logger.exception("No letter could be made for %s", self)
            return False

    def _failure_words(self, error):
        """Odoo wraps what went wrong in a template, and quotes all of it."""
        if isinstance(error, AccessError):
            return self.env._(
                "%(writer)s, who wrote the text, may not read something in it: %(why)s",
                writer=self.letter_id.writer_id.name,
                why=str(error)[:SHOWN],
            )
        cause = error
        while cause.__cause__ is not None:
            cause = cause.__cause__
        if isinstance(cause, UserError):
            return str(cause)
        return self.env._(
            "The text could not be filled in for this addressee: %(why)s. Look at the"
            " placeholders, and at what they stand for.",
            why=(str(cause).strip().splitlines() or [type(cause).__name__])[0][:SHOWN],
        )

    def _fill_in(self):
        """The text of this addressee, as ``beepost.letter.text._fill_in`` gives it."""
        self.ensure_one()
        letter = self.letter_id
        filled = letter._fill_in(self.partner_id, letter.writer_id)
        signature, removed = letter._cleaned(letter.signature, letter.writer_id)
        filled["signature"] = signature
        filled["removed"] += removed
        if not filled["subject"]:
            raise UserError(self.env._("The subject is empty for this addressee."))
        return filled

    def _removed_words(self, removed):
        kinds = {
            "image": self.env._("Picture that is not kept in this database"),
            "link": self.env._("Link (its text is printed)"),
            "style": self.env._("Style that names a file"),
            "element": self.env._("Element that is no text"),
        }
        words = [": ".join(filter(None, (kinds[r.kind], r.what))) for r in removed]
        return "\n".join(dict.fromkeys(words)) or False

    def _print_each(self, rows):
        """:return: {addressee: PDF bytes}; where all together fail, each alone"""
        rows = self.browse([row.id for row in rows])
        printed = {}
        try:
            with self.env.cr.savepoint():
                printed = rows._print()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.exception("Letters could not be printed together, now one by one")
        for row in rows:
            if row not in printed:
                row._attempt(lambda row=row: printed.update(row._print()))
        return {row: printed[row] for row in rows if row in printed}

    def _print(self):
        """The engine prints them in one go, and Odoo cuts the file at the subjects.

        :return: {addressee: PDF bytes}
        """
        if not self:
            return {}
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        streams, _kind = report._pre_render_qweb_pdf(REPORT, self.ids)
        return {
            row: streams[row.id]["stream"].getvalue()
            for row in self
            if row.id in streams and streams[row.id]["stream"]
        }

    def _hand_over(self, printed):
        """:param printed: {addressee: (subject, PDF bytes)}"""
        rows = self.browse([row.id for row in printed])
        if not rows:
            return
        try:
            with self.env.cr.savepoint():
                rows._post(printed)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.exception("Letters could not be made together, now one by one")
            for row in rows:
                row._attempt(lambda row=row: row._post(printed))

    def _post(self, printed):
        letter = self.letter_id
        options = letter._chosen_options()
        options["lot_id"] = letter.lot_id.id
        options["planned_at"] = letter._planned_moment(letter.planned_on)
        if letter.account_id:
            options["account_id"] = letter.account_id.id
        files = self.env["ir.attachment"].create(
            [
                {
                    "name": f"{printed[row][0]}.pdf".replace("/", "_"),
                    "raw": printed[row][1],
                    "mimetype": "application/pdf",
                    "res_model": row._name,
                    "res_id": row.id,
                    "company_id": letter.company_id.id,
                }
                for row in self
            ]
        )
        envelopes = [
            {
                "name": printed[row][0],
                "company": letter.company_id,
                "partner": row.partner_id,
                "options": options,
                "documents": row._prepare_documents(printed[row][0], file),
            }
            for row, file in zip(self, files, strict=True)
        ]
        mailings = self.env["beepost.posting"]._post(envelopes, letter.sender_id)
        for row, mailing in zip(self, mailings, strict=True):
            row.write({"state": "made", "error": False, "mailing_id": mailing.id})

    def _prepare_documents(self, subject, file):
        whose = {"res_model": self._name, "res_id": self.id}
        return [
            {"name": subject, "kind": "document", "attachment": file, **whose},
            *(
                {"name": one.name, "kind": "enclosure", "attachment": one, **whose}
                for one in self.letter_id._enclosures()
            ),
        ]
