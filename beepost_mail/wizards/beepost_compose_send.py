from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..letter.finding import Refusal
from ..models.beepost_postable import name_of
from ..models.wording import sentence


class BeepostCompose(models.TransientModel):
    """From the dialog to a lot, whose lines become letters."""

    _inherit = "beepost.compose"

    def action_send(self):
        """Makes the letter of one document at once, and those of several in the
        background."""
        self.ensure_one()
        self._press_once()
        self.env["beepost.mailing"].check_access("read")
        sendable, _obstacles, _posted, _addressees, companies = self._survey()
        if not sendable:
            raise UserError(
                self.env._(
                    "None of these documents can be sent by post. The list above says"
                    " why."
                )
            )
        self._check_papers()
        used = {record: companies[record] for record in sendable}
        self._check_choice(self.env["res.company"].union(*used.values()))
        files = self._converted()
        for company, records in sendable.grouped(used.get).items():
            lot = self._make_lot(company, records, files)
            if len(sendable) == 1:
                failed = lot.line_ids._make()
                if failed:
                    raise UserError("\n".join(failed.values()))
            else:
                lot._trigger_make()
        self.env["beepost.postable"]._meet_others(sendable)
        if len(sendable) == 1:
            return self._tell_made(lot.mailing_ids)
        return self._tell_sent(len(sendable))

    def _check_papers(self):
        """The browser may name any report and any file.

        :raises AccessError: not what this dialog offers to this user
        """
        foreign = self.line_ids.report_id - self.env["beepost.postable"]._reports(
            self.res_model
        )
        if foreign:
            raise AccessError(
                self.env._(
                    "Report “%s” cannot be made of these documents.",
                    foreign[0].sudo().name,
                )
            )
        files = self.line_ids.attachment_id + self.upload_ids
        files.check_access("read")
        self.terms_ids.check_access("read")
        self.partner_id.check_access("read")
        if self.line_ids.attachment_id - self._attached():
            raise AccessError(
                self.env._("Only files that hang on the document can be chosen.")
            )

    def _check_choice(self, companies):
        # EXTENDS: the terms of one company bind no other
        result = super()._check_choice(companies)
        for terms in self.terms_ids.sudo().filtered("company_id"):
            for company in companies:
                if terms.company_id not in company.parent_ids:
                    raise UserError(company._beepost_misfit_words(terms))
        return result

    def _make_lot(self, company, records, files):
        values = self._prepare_lot_vals(company, len(records))
        items = self._items(files)
        values["options"].update(
            skip_posted=self.skip_posted,
            plan={"items": items, "address": self.address_kind or False},
        )
        lot = self.env["beepost.lot"].sudo().create(values)
        if not self.is_single:
            # They serve all letters of the lot, and none of them alone.
            kept = [item[1] for item in items if item[0] == "file"]
            lot.env["ir.attachment"].browse(kept).write(
                {"res_model": lot._name, "res_id": lot.id, "res_field": "enclosures"}
            )
        lot.env["beepost.lot.line"].create(
            [
                {
                    "lot_id": lot.id,
                    "name": name_of(record),
                    "res_model": record._name,
                    "res_id": record.id,
                    "partner_id": self.is_single and self.partner_id.id,
                }
                for record in records
            ]
        )
        return lot

    def _lines(self):
        """The papers in the order of the envelope, also before they are saved."""
        return self.line_ids.sorted("sequence")

    def _enclosed(self):
        """
        :return: {ir.attachment: what a person calls it}, in the order of the envelope;
            as superuser, who may enclose them was checked
        """
        # Odoo reads files the newest first.
        uploads = self.upload_ids.sorted(lambda file: file._origin.id)
        files = self._lines().attachment_id + uploads
        named = {file: file.name or "" for file in files.sudo()}
        for terms, file in self.terms_ids._origin.sudo()._files().items():
            named[file] = terms.name
        return named

    def _converted(self):
        """The files of every envelope as PDFs, converted once.

        :return: {ir.attachment: bytes}
        :raises UserError: some of them cannot be printed
        """
        papers = self.env["beepost.papers"]
        problems, made = [], {}
        for file, name in self._enclosed().items():
            try:
                made[file] = papers._convert(name, file.raw or b"")
            except Refusal as refusal:
                problems += [sentence(self.env, one) for one in refusal.findings]
        if problems:
            raise UserError("\n".join(problems))
        return made

    def _items(self, files):
        """The content of each envelope, as ``beepost.lot.line._papers`` wants it.

        :param files: {ir.attachment: bytes} as :meth:`_converted` gives them
        """
        keep = self.env["beepost.lot.line"]._keep
        kept = {
            file: ["file", keep(name, files[file]).id, name]
            for file, name in self._enclosed().items()
        }
        items = [["own", 0]] if self.is_file else []
        for line in self._lines():
            file = line.attachment_id.sudo()
            items.append(kept.pop(file) if file else ["report", line.report_id.id])
        return items + list(kept.values())

    def _tell_made(self, letter):
        refused = letter.state == "rejected"
        action = self._tell_sent(1)
        # The addressee's name leads to the letter: the web client puts the link in.
        name = letter.partner_id.display_name
        action["params"].update(
            type="warning" if refused else "success",
            message=self.env._(
                "The letter to %(partner)s was refused: open it to see why.",
                partner="%s",
            )
            if refused
            else self._leaving_words(letter),
            links=[{"label": name, "url": f"/odoo/letters/{letter.id}"}],
        )
        return action

    def _leaving_words(self, letter):
        if letter._is_planned():
            return self.env._(
                "The letter to %(partner)s is planned: it leaves on %(when)s.",
                partner="%s",
                when=letter._moment_words(letter.planned_at),
            )
        return self.env._(
            "The letter to %(partner)s leaves with the next run.", partner="%s"
        )

    @api.autovacuum
    def _gc_uploads(self):
        """Files that were dropped on a dialog and sent with no letter."""
        self.env["ir.attachment"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", (0, False)),
                ("create_date", "<", fields.Datetime.now() - timedelta(days=1)),
            ]
        ).unlink()
