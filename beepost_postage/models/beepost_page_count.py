import time
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.beepost_mail.letter.finding import Refusal
from odoo.addons.beepost_mail.letter.workshop import Workshop

KEPT_DAYS = 90
UNREADABLE = 0


class BeepostPageCount(models.Model):
    """How many pages a file has, so that no file is opened twice for its price.

    Found by the file's checksum: it holds whatever record the file hangs on, and says
    nothing of its content.
    """

    _name = "beepost.page.count"
    _description = "Pages of a File"

    checksum = fields.Char(required=True)
    pages = fields.Integer(required=True, help="0: the file cannot be counted.")

    _checksum_unique = models.Constraint(
        "UNIQUE(checksum)", "The pages of this file are known already."
    )

    @api.model
    def _known(self, files):
        """
        :param files: ``ir.attachment``
        :return: {checksum: pages}, without those that nobody counted yet
        """
        checksums = set(files.sudo().mapped("checksum"))
        counts = self.sudo().search_fetch(
            [("checksum", "in", list(checksums))], ["checksum", "pages"]
        )
        return {count.checksum: count.pages for count in counts}

    @api.model
    def _count(self, files, seconds):
        """Counts what is not known yet, one file at least, until ``seconds`` are over.

        :return: as :meth:`_known`
        """
        known = self._known(files)
        wanted = {
            file.checksum: file.id
            for file in files.sudo()
            if file.checksum not in known
        }
        if not wanted:
            return known
        made, end = {}, time.monotonic() + seconds
        # The web client asks for sizes instead of contents when it shows a dialog.
        files = files.sudo().with_context(bin_size=False)
        with Workshop() as workshop:
            for checksum, file_id in wanted.items():
                # By itself: reading one of many would read them all.
                file = files.browse(file_id)
                try:
                    made[checksum] = workshop.count(file.raw or b"")
                except Refusal:
                    made[checksum] = UNREADABLE
                file.invalidate_recordset(["raw", "datas"])
                if time.monotonic() > end:
                    break
        self._keep(made)
        return {**known, **made}

    def _keep(self, counts):
        if self.env.cr.readonly:
            return
        now = fields.Datetime.now()
        # Somebody else may count the same files at this moment.
        self.env.cr.execute_values(
            "INSERT INTO beepost_page_count (checksum, pages, create_date)"
            " VALUES %s ON CONFLICT (checksum) DO NOTHING",
            [(checksum, pages, now) for checksum, pages in counts.items()],
        )

    @api.autovacuum
    def _gc_old_counts(self):
        old = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.sudo().search([("create_date", "<", old)]).unlink()
