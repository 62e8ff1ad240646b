from odoo import models

from ..models.beepost_mailing_group_draft import Draft

PDF = "application/pdf"


class BeepostCompose(models.TransientModel):
    """Which documents of any kind could share envelopes, before anything is made."""

    _inherit = "beepost.compose"

    def _drafts_depend_on(self):
        # EXTENDS
        return [
            *super()._drafts_depend_on(),
            *("skip_posted", "partner_id", "address_kind", "line_ids.report_id"),
            *("line_ids.attachment_id", "upload_ids", "terms_ids"),
        ]

    def _drafts(self):
        self.ensure_one()
        if len(self.res_ids or []) < 2:
            return []  # what it saves beside others is a part of its estimate
        sendable, _obstacles, _posted, addressees, companies = self._survey()
        partners = {
            record: self.env["beepost.postable"]._at_address(
                addressees[record], self.address_kind
            )
            for record in sendable
        }
        everyone = self.env["res.partner"].union(*partners.values())
        options = self._options_for_each(
            [(companies[record], partners[record]) for record in sendable]
        )
        enclosed = self._readable_enclosures()
        return [
            Draft(
                company=companies[record],
                partner=partners[record].with_prefetch(everyone.ids),
                options=chosen,
                kinds=_kinds(record),
                files=self._known_files(record, enclosed),
                enclosed=len(enclosed or ()),
            )
            for record, chosen in zip(sendable, options, strict=True)
        ]

    def _readable_enclosures(self):
        """:return: list of ``ir.attachment``; None where the browser named some that
        the user may not read: nothing is told of those"""
        for chosen in (self.line_ids.attachment_id, self.upload_ids, self.terms_ids):
            if chosen._origin - chosen._origin._filtered_access("read"):
                return None
        return [file._origin for file in self._enclosed()]

    def _known_files(self, record, enclosed):
        """:return: the PDFs of its envelope as they will be posted; None where a report
        is still to be made, or a file is no PDF yet"""
        if self.line_ids.report_id or enclosed is None:
            return None
        files = [*(record.sudo() if self.is_file else ()), *enclosed]
        return files if all(file.mimetype == PDF for file in files) else None


def _kinds(record):
    """A file is as confidential as the record that it hangs on."""
    behind = record._name == "ir.attachment" and record.res_id and record.res_model
    return frozenset({record._name, behind or record._name})
