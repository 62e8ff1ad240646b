import hashlib
from contextlib import ExitStack, closing
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models

from odoo.addons.beepost_mail.models.beepost_outbox import (
    CONCURRENCY_ERRORS,
    MAX_SERIALIZATION_RETRIES,
)

from ..export.archive import Archive, safe_name
from ..export.rows import COLUMNS, document_row, event_row, letter_row, proof_row
from ..export.table import Table
from .beepost_mailing_retention import PERSONAL

SLICE = 200  # letters in memory at once
# A transaction that began before the export and ended after it bears the time of its
# beginning: nothing of it is in the file. The longest that is thought of.
MARGIN = timedelta(minutes=5)
PARIS = ZoneInfo("Europe/Paris")


class BeepostExportFile(models.AbstractModel):
    """Makes the file of an export, slice by slice.

    As whoever asked for it: content of a letter goes in only where that user may read
    every document of it. That it was exported is written once the file was handed over,
    and in a short transaction of its own, so that no news that comes meanwhile is in
    the way.
    """

    _name = "beepost.export.file"
    _description = "File of an Export of Evidence"

    def _write(self, export, target):
        """:param export: ``beepost.export`` as superuser
        :param target: open binary file, empty, that can be read back
        :return: to call once all of ``target`` was handed over: notes in a transaction
            of its own, whatever became of this one, what was exported
        """
        started = self.env.cr.now()
        recent = {model: set() for model in PERSONAL}
        whole, withheld, last = [], 0, 0
        with ExitStack() as stack:
            tables = {
                name: stack.enter_context(closing(Table(columns)))
                for name, columns in COLUMNS.items()
            }
            archive = stack.enter_context(Archive(target, started))
            for letters, readable in self._slices(export):
                self._add_letters(archive, tables, letters, readable)
                self._note_recent(recent, readable, started - MARGIN)
                whole += readable.ids
                withheld += len(letters - readable)
                last = letters[-1].id
                # What was read of this slice is not needed any more.
                self.env.invalidate_all()
            for event in self._strays(export):
                tables["events"].add(event_row(event, whole=False))
            for name, table in tables.items():
                archive.add_from(f"{name}.csv", table.content())
            archive.add("README.txt", self._readme(export, withheld).encode())
        values = {
            "done_at": fields.Datetime.now(),
            "letters": len(whole) + withheld,
            "withheld": withheld,
            "last_letter": last,
            "size": target.seek(0, 2),
            "sha256": _sha256(target),
        }
        registry, uid = self.env.registry, self.env.uid

        def handed_over():
            for tries_left in reversed(range(MAX_SERIALIZATION_RETRIES)):
                try:
                    with registry.cursor() as cr:
                        file = api.Environment(cr, uid, {})[self._name]
                        file._done(export_id, values, whole, started, recent)
                    return
                except CONCURRENCY_ERRORS:
                    # News of one of these letters came first.
                    if not tries_left:
                        raise

        export_id = export.id
        return handed_over

    def _done(self, export_id, values, ids, started, recent):
        """
        :param started: what was told of a letter since is not in the file
        :param recent: {model: {(id, time of the last change)}} of what is in the file,
            though it came shortly before
        """
        self.env["beepost.export"].browse(export_id).sudo().write(values)
        letters = self.env["beepost.mailing"].sudo().browse(ids)
        for model, seen in recent.items():
            if model in self.env:
                parts = self.env[model].sudo()
                since = parts.search([("write_date", ">", started - MARGIN)])
                letters -= since.filtered(
                    lambda part, seen=seen: (part.id, part.write_date) not in seen
                ).mailing_id
        letters.exists().exported_at = started

    def _note_recent(self, recent, letters, moment):
        """What of ``letters`` is in the file and changed since ``moment``."""
        for model, seen in recent.items():
            if model in self.env:
                parts = self.env[model].sudo()
                found = parts.search(
                    [("mailing_id", "in", letters.ids), ("write_date", ">", moment)]
                )
                seen.update((part.id, part.write_date) for part in found)

    # ------------------------------------------------------------------
    # What goes in
    # ------------------------------------------------------------------

    def _slices(self, export):
        """:return: iterator of (letters as superuser, those of them with content)"""
        Mailing = self.env["beepost.mailing"].sudo()
        domain = self._period(export, "create_date")
        last = 0
        while letters := Mailing.search(
            domain & fields.Domain("id", ">", last), order="id", limit=SLICE
        ):
            last = letters[-1].id
            asking = letters.with_env(self.env(user=export.user_id, su=False))
            yield letters, letters.browse(asking._readable_content().ids)

    def _strays(self, export):
        Event = self.env["beepost.event"].sudo()
        domain = self._period(export, "received_at")
        domain &= fields.Domain("mailing_id", "=", False)
        last = 0
        while events := Event.search(
            domain & fields.Domain("id", ">", last), order="id", limit=SLICE
        ):
            last = events[-1].id
            yield from events
            self.env.invalidate_all()

    def _period(self, export, name):
        """Days in Paris, both included."""
        domain = fields.Domain("company_id", "=", export.company_id.id)
        if export.date_from:
            domain &= fields.Domain(name, ">=", _midnight(export.date_from))
        if export.date_to:
            after = _midnight(export.date_to + timedelta(days=1))
            domain &= fields.Domain(name, "<", after)
        return domain

    def _add_letters(self, archive, tables, letters, readable):
        for letter in letters:
            whole = letter in readable
            if whole:
                path = f"letters/{safe_name(letter.client_reference)}.pdf"
                found = self._add_file(archive, path, letter.pdf_id, letter.sha256)
            else:
                found = "", "content withheld"
            tables["letters"].add(letter_row(letter, whole, *found))
            for event in letter.event_ids.sorted("id"):
                tables["events"].add(event_row(event, whole))
            if whole:
                self._add_documents(archive, tables, letter)

    def _add_documents(self, archive, tables, letter):
        for line in letter.document_ids:
            tables["documents"].add(document_row(line))
        for proof in self._proofs_of(letter):
            found = self._add_proof(archive, letter, proof)
            tables["proofs"].add(proof_row(proof, *found))

    def _proofs_of(self, letter):
        if "beepost.proof" not in self.env:
            return ()
        return (
            self.env["beepost.proof"]
            .sudo()
            .search([("mailing_id", "=", letter.id)], order="id")
        )

    def _add_proof(self, archive, letter, proof):
        name = safe_name(f"{proof.id}-{proof.filename or proof.kind or 'proof'}")
        path = f"proofs/{safe_name(letter.client_reference)}/{name}"
        return self._add_file(archive, path, proof.attachment_id, proof.sha256)

    def _add_file(self, archive, path, attachment, sha256):
        """:return: (path in the archive, what is to be said of it)"""
        content = attachment.raw
        attachment.invalidate_recordset()  # one file in memory at a time
        if not content:
            return "", "missing" if attachment else ""
        archive.add(path, content)
        intact = hashlib.sha256(content).hexdigest() == sha256
        return path, "" if intact else "not the bytes of the recorded SHA-256"

    def _readme(self, export, withheld):
        env = self.with_context(lang=export.user_id.lang).env
        words = [
            env._(
                "Evidence of the letters of %(company)s, exported from Odoo by %(user)s"
                " on %(moment)s (UTC). Letters made from %(start)s to %(end)s.",
                company=export.company_id.name,
                user=export.user_id.name,
                moment=f"{fields.Datetime.now():%Y-%m-%d %H:%M}",
                start=export.date_from or "…",
                end=export.date_to or "…",
            ),
            env._(
                "letters.csv: one line a letter. events.csv: what BeePOST and La Poste"
                " told of it, as it came. documents.csv: what lay in its envelope."
                " proofs.csv: papers about it."
            ),
            env._(
                "An enclosure of several documents is printed once: “printed_with” is"
                " the “sequence” of the line that has its pages."
            ),
            env._(
                "letters/: PDFs as posted, named by “reference”. proofs/: papers as"
                " they came, in a folder named by the letter's reference. A file that"
                " is not there has been removed after its set time, or there never was"
                " one: the column “note” tells of any other."
            ),
            env._(
                "SHA256SUMS.txt: the hash of every file in here; check it with"
                " “sha256sum -c SHA256SUMS.txt”. Those of letters and proofs are the"
                " same as in the column “sha256”, recorded when they were posted or"
                " received."
            ),
            env._(
                "Tables are UTF-8, with semicolons. Times are UTC. An apostrophe stands"
                " before text that a spreadsheet would take for a formula."
            ),
        ]
        if withheld:
            words.append(
                env._(
                    "Letters without content, because %(user)s may not read all of"
                    " their documents: %(count)s. They do not count as exported.",
                    user=export.user_id.name,
                    count=withheld,
                )
            )
        return "\n\n".join(words) + "\n"


def _midnight(day):
    """The first moment of a day in Paris, naive UTC as Odoo has it."""
    moment = datetime.combine(day, time(), PARIS)
    return moment.astimezone(timezone.utc).replace(tzinfo=None)


def _sha256(file):
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(1024 * 1024):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
