from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..letter import rich_text
from .date_words import day_words

ROW = "beepost.free.letter.addressee"


class ReportFreeLetter(models.AbstractModel):
    """What is printed. Texts are filled in here and nowhere else: nothing that a
    browser sends along with the request for a report gets into a letter."""

    _name = "report.beepost_mail.report_free_letter"
    _description = "Free Letter as Printed"

    @api.model
    def _get_report_values(self, docids, data=None):
        rows = self.env[ROW].browse(docids)
        rows.check_access("read")
        documents = []
        for row in rows.sudo():
            letter = row.letter_id
            row = row.with_company(letter.company_id)
            try:
                text = row._fill_in()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception as error:
                raise UserError(row._failure_words(error)) from error
            documents.append({"row": row.with_context(lang=text["lang"]), **text})
            documents[-1]["place_and_date"] = self._place_and_date(letter, text["lang"])
        return {
            "doc_ids": docids,
            "doc_model": ROW,
            "docs": rows,
            "documents": documents,
            "paper_format": self.env.ref("beepost_mail.paperformat_window").sudo(),
        }

    @api.model
    def _place_and_date(self, letter, lang):
        env = self.with_context(lang=lang).env
        day = letter.date or self._own_day(letter)
        written = day_words(env, day, "long", lang)
        if not letter.place:
            return written
        return env._("%(place)s, %(date)s", place=letter.place, date=written)

    @api.model
    def _own_day(self, letter):
        """The day on which La Poste gets a planned letter: its addressee would wonder
        at an older one. Else today."""
        planned = fields.Date.to_date(
            self.env.context.get("beepost_deposit_on", letter.planned_on)
        )
        today = self._today(letter)
        return max(planned, today) if planned else today

    @api.model
    def _today(self, letter):
        """Where the letter's author lives."""
        writer = letter.writer_id
        return letter._fields["date"].context_today(letter.with_context(tz=writer.tz))


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _prepare_html(self, html, report_model=False):
        # EXTENDS 'base': the company's own letterhead names no other place either
        if report_model == ROW:
            text = html.decode() if isinstance(html, bytes) else str(html)
            own = self._get_report_url(layout=self._get_layout())
            html = rich_text.without_remote(text, own)
        return super()._prepare_html(html, report_model=report_model)
