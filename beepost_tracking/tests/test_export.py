"""The file of an export, read back; who may have it; and what it frees."""

import csv
import hashlib
import io
import zipfile
from dataclasses import replace

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase
from odoo.tests.common import release_test_lock
from odoo.tools import mute_logger

from odoo.addons.beepost_mail.tests.roles import SECRETS, STREET, SecurityCase

from ..controllers import export as controller
from ..models import beepost_export_file
from .common import event

FORMULA = "=cmd|'/c calc'!A0"
PASSWORD = "beepost-export-1"


class ExportCase(SecurityCase, HttpCase):
    """``chief`` administers the post and may read every invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        invoicing = cls.env.ref("account.group_account_invoice")
        cls.chief = cls._create_user("chief", "beepost_mail.group_admin")
        cls.chief.group_ids = [Command.link(invoicing.id)]
        cls.chief_b = cls._create_user("chief_b", "beepost_mail.group_admin")
        cls.chief_b.write(
            {
                "company_ids": [Command.set(cls.company_b.ids)],
                "company_id": cls.company_b.id,
                "group_ids": [Command.link(invoicing.id)],
            }
        )
        (cls.chief + cls.chief_b + cls.admin + cls.manager).write(
            {"password": PASSWORD, "lang": "en_US"}
        )
        cls.sent.is_practice = False
        cls.sent.partner_id.name = FORMULA
        told = [
            event(cls.sent, "posted", place=FORMULA, tracking_number="+33"),
            event(cls.sent, "delivered"),
        ]
        cls.pull = cls.env["beepost.pull"].sudo()
        cls.pull._store(cls.account, "beepost", told)

    def _ask(self, user, **values):
        """:return: (the export, the address of its file)"""
        wizard = self.env["beepost.export.wizard"].with_user(user).create(values)
        url = wizard.action_export()["url"]
        return self.env["beepost.export"].browse(int(url.split("/")[-1])), url

    def _fetch(self, user, url):
        self.authenticate(user.login, PASSWORD)
        answer = self.url_open(url)
        # What follows the last byte.
        with release_test_lock():
            self._wait_remaining_requests()
        return answer

    def _export(self, user, **values):
        """:return: (the export, {name: bytes in its file})"""
        export, url = self._ask(user, **values)
        answer = self._fetch(user, url)
        self.assertEqual(answer.status_code, 200)
        self.env.invalidate_all()
        self.assertEqual(hashlib.sha256(answer.content).hexdigest(), export.sha256)
        self.assertEqual(len(answer.content), export.size)
        with zipfile.ZipFile(io.BytesIO(answer.content)) as found:
            return export, {name: found.read(name) for name in found.namelist()}

    def _rows(self, content):
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
        return list(reader)


class TestFile(ExportCase):
    def test_what_is_in_it(self):
        export, files = self._export(self.chief)
        letters = {row["reference"]: row for row in self._rows(files["letters.csv"])}
        self.assertEqual(
            set(letters), set((self.sent + self.letter).mapped("client_reference"))
        )
        row = letters[self.sent.client_reference]
        self.assertEqual(row["state"], "accepted")
        self.assertEqual(row["status"], "delivered")
        self.assertEqual(row["recipient"], self.sent.recipient)
        self.assertIn(STREET.upper().encode(), files["letters.csv"])
        self.assertEqual(hashlib.sha256(files[row["file"]]).hexdigest(), row["sha256"])
        self.assertEqual(files[row["file"]], self.sent.pdf_id.raw)
        self.assertFalse(row["note"])
        events = self._rows(files["events.csv"])
        self.assertEqual([e["code"] for e in events], ["posted", "delivered"])
        self.assertEqual(events[0]["raw"], '{"code": "posted"}')
        documents = self._rows(files["documents.csv"])
        self.assertEqual({d["res_model"] for d in documents}, {"account.move"})
        self.assertEqual(len(documents), 2)
        self.assertIn("letters.csv", files["README.txt"].decode())
        self.assertIn(self.company.name, files["README.txt"].decode())

    def test_enclosure_that_is_printed_once(self):
        """Its pages are counted once; every document still has its line."""
        letter = self.sent
        first = letter.sudo().document_ids
        values = {"kind": "enclosure", "name": "Terms", "pages": 3, "sheets": 2}
        kept = first.copy({**values, "sequence": 40})
        first.copy({**values, "sequence": 20, "sheets": 0}).printed_with_id = kept
        _export, files = self._export(self.chief)
        rows = [
            (row["sequence"], row["pages"], row["printed_with"])
            for row in self._rows(files["documents.csv"])
            if row["kind"] == "enclosure"
        ]
        self.assertEqual(rows, [("20", "0", "40"), ("40", "3", "")])
        self.assertIn("printed_with", files["README.txt"].decode())

    def test_its_hashes(self):
        _export, files = self._export(self.chief)
        sums = files.pop("SHA256SUMS.txt").decode().splitlines()
        listed = dict(reversed(line.split("  ", 1)) for line in sums)
        self.assertEqual(
            listed, {n: hashlib.sha256(c).hexdigest() for n, c in files.items()}
        )

    def test_no_formula_and_no_secret(self):
        _export, files = self._export(self.chief)
        row = self._rows(files["letters.csv"])[0]
        self.assertEqual(row["addressee"], f"'{FORMULA}")
        told = self._rows(files["events.csv"])[0]
        self.assertEqual(told["place"], f"'{FORMULA}")
        self.assertEqual(told["tracking_number"], "'+33")
        for secret in SECRETS:
            for content in files.values():
                self.assertNotIn(secret.encode(), content)

    def test_what_was_removed_is_missing_with_reason(self):
        self.sent._remove_image(12)
        _export, files = self._export(self.chief)
        row = self._rows(files["letters.csv"])[0]
        self.assertFalse(row["file"] or row["note"])
        self.assertTrue(row["image_removed_on"] and row["sha256"])

    def test_other_bytes_are_told(self):
        self.sent.sha256 = "0" * 64
        _export, files = self._export(self.chief)
        self.assertIn("not the bytes", self._rows(files["letters.csv"])[0]["note"])

    def test_slices_and_strays(self):
        self.patch(beepost_export_file, "SLICE", 1)
        stray = replace(
            event(self.sent, "posted"),
            event_id="stray",
            client_reference="x" * 36,
            provider_reference="PR-elsewhere",
        )
        self.pull._store(self.account, "beepost", [stray])
        export, files = self._export(self.chief)
        self.assertEqual(len(self._rows(files["letters.csv"])), 2)
        self.assertEqual(export.letters, 2)
        events = self._rows(files["events.csv"])
        self.assertEqual([bool(e["reference"]) for e in events], [True, True, False])
        self.assertFalse(events[2]["raw"])

    def test_a_period(self):
        days = {self.sent: "2026-10-31 22:59:00", self.letter: "2026-10-31 23:00:00"}
        for letter, moment in days.items():
            self.cr.execute(
                "UPDATE beepost_mailing SET create_date = %s WHERE id = %s",
                (moment, letter.id),
            )
        self.env.invalidate_all()
        for values, letters in (
            ({"date_to": "2026-10-31"}, self.sent),
            ({"date_from": "2026-11-01"}, self.letter),
            (
                {"date_from": "2026-10-31", "date_to": "2026-11-01"},
                self.sent + self.letter,
            ),
            ({"date_from": "2026-11-02"}, self.env["beepost.mailing"]),
        ):
            with self.subTest(values):
                export, files = self._export(self.chief, **values)
                found = [row["reference"] for row in self._rows(files["letters.csv"])]
                wanted = letters.sorted("id").mapped("client_reference")
                self.assertEqual(found, wanted)
                self.assertEqual(export.last_letter, max(letters.ids, default=0))
        with self.assertRaises(ValidationError):
            self._ask(self.chief, date_from="2026-11-02", date_to="2026-11-01")

    def test_it_is_written_down(self):
        export, url = self._ask(self.chief)
        self.assertFalse(export.done_at, "asked for, not fetched")
        self.assertFalse(self.sent.exported_at)
        self.assertEqual(self._fetch(self.chief, url).status_code, 200)
        self.env.invalidate_all()
        self.assertTrue(export.done_at)
        self.assertEqual(export.user_id, self.chief)
        self.assertEqual(export.company_id, self.company)
        self.assertEqual(export.last_letter, max((self.sent + self.letter).ids))
        self.assertEqual((export.letters, export.withheld), (2, 0))
        self.assertTrue(self.sent.exported_at and self.letter.exported_at)

    def test_a_download_that_breaks_exports_nothing(self):
        export, _url = self._ask(self.chief)
        file = io.BytesIO()
        writing = self.env["beepost.export.file"].with_user(self.chief)
        with self.enter_registry_test_mode():
            handed_over = writing._write(export.sudo(), file)
            file.seek(0)
            self.patch(controller, "CHUNK", 1000)
            chunks = controller._chunks(file, handed_over)
            next(chunks)
            chunks.close()
            self.env.invalidate_all()
            self.assertFalse(export.done_at or self.sent.exported_at)
            file.seek(0)
            content = b"".join(controller._chunks(file, handed_over))
        self.env.invalidate_all()
        self.assertEqual(content, file.getvalue())
        self.assertTrue(export.done_at and self.sent.exported_at)

    def test_what_began_before_and_ended_after(self):
        """News of a transaction that the export could not see bears an earlier time."""
        for minutes, exported in ((4, False), (6, True)):
            self._write_around(f"{minutes} minutes")
            with self.subTest(minutes):
                self.assertEqual(bool(self.sent.exported_at), exported)
                self.assertTrue(self.letter.exported_at)
            (self.sent + self.letter).exported_at = False

    def _write_around(self, before):
        export, _url = self._ask(self.chief)
        writing = self.env["beepost.export.file"].with_user(self.chief)
        with self.enter_registry_test_mode():
            handed_over = writing._write(export.sudo(), io.BytesIO())
            [late] = self.pull._store(
                self.account, "laposte", [event(self.sent, "DI1", event_id=before)]
            )
            self.env.flush_all()
            self.cr.execute(
                "UPDATE beepost_event SET write_date = %s - %s::interval WHERE id = %s",
                (self.cr.now(), before, late.id),
            )
            self.env.invalidate_all()
            handed_over()
        self.env.invalidate_all()

    def test_new_evidence_is_not_exported_yet(self):
        self._export(self.chief)
        self.assertTrue(self.sent.exported_at)
        self.pull._store(self.account, "beepost", [event(self.sent, "delivered")])
        self.assertTrue(self.sent.exported_at, "known already")
        self.pull._store(self.account, "laposte", [event(self.sent, "DI1")])
        self.assertFalse(self.sent.exported_at)
        self.assertTrue(self.letter.exported_at)


class TestRights(ExportCase):
    def test_content_follows_the_documents(self):
        """An administrator who may read no invoice gets no address and no PDF."""
        export, files = self._export(self.admin)
        self.assertEqual((export.letters, export.withheld), (2, 2))
        self.assertFalse([name for name in files if name.endswith(".pdf")])
        for row in self._rows(files["letters.csv"]):
            self.assertEqual(row["note"], "content withheld")
            self.assertFalse(row["recipient"] or row["sender"])
        self.assertFalse(any(e["raw"] for e in self._rows(files["events.csv"])))
        self.assertFalse(self._rows(files["documents.csv"]))
        for content in files.values():
            self.assertNotIn(STREET.upper().encode(), content)
        self.assertFalse(self.sent.exported_at, "it does not count")
        self.assertIn("content", files["README.txt"].decode())

    def test_who_may_ask(self):
        for user in (self.accountant, self.manager, self.employee, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._ask(user)
        for user in (self.chief, self.chief_b, self.admin):
            export, _url = self._ask(user)
            self.assertEqual(export.company_id, user.company_id)
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._ask(self.chief_b, company_id=self.company.id)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_the_dialog_of_another(self):
        number = self._rpc(self.chief, "beepost.export.wizard", "create", {})
        for user in (self.admin, self.chief_b):
            for method, args in (("read", ()), ("action_export", ())):
                with self.subTest(user=user.login, method=method), self._forbidden():
                    self._rpc(user, "beepost.export.wizard", method, [number], *args)
        self.assertTrue(
            self._rpc(self.chief, "beepost.export.wizard", "read", [number])
        )

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_who_may_fetch(self):
        export, url = self._ask(self.chief)
        for user in (self.admin, self.chief_b, self.manager):
            with self.subTest(user.login):
                self.assertIn(self._fetch(user, url).status_code, (403, 404))
        self.authenticate(None, None)
        answer = self.url_open(url, allow_redirects=False)
        self.assertEqual(answer.status_code, 303, "to the login")
        self.env.invalidate_all()
        self.assertFalse(export.done_at)
        self.assertEqual(self._fetch(self.chief, url).status_code, 200)
        self.assertEqual(self._fetch(self.chief, f"{url}9").status_code, 404)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_the_record_of_it(self):
        export, _url = self._ask(self.chief)
        for user in (self.accountant, self.manager, self.chief_b):
            with self.subTest(user.login), self.assertRaises(AccessError):
                export.with_user(user).read(["done_at"])
        self.assertTrue(export.with_user(self.admin).read(["user_id"]))
        for user in (self.chief, self.admin):
            for attempt in (
                lambda own: own.write({"done_at": "2026-01-01"}),
                lambda own: own.unlink(),
                lambda own: own.copy(),
            ):
                with self.assertRaises(AccessError):
                    attempt(export.with_user(user))


class TestGuard(ExportCase):
    """Refused before anything happens, so that it can be tried in a transaction;
    ``tests/install`` does it for real."""

    def _module(self, name):
        return self.env["ir.module.module"].sudo().search([("name", "=", name)])

    def test_real_letters_demand_an_export(self):
        for name in ("beepost_tracking", "beepost_mail", "account"):
            for method in ("button_uninstall", "module_uninstall"):
                if (name, method) == ("account", "module_uninstall"):
                    continue  # its tables only: the addons that depend on it are asked
                with self.subTest(name=name, method=method):
                    with self.assertRaisesRegex(UserError, "Export evidence"):
                        getattr(self._module(name), method)()
                    self.assertEqual(self._module(name).state, "installed")

    def test_after_an_export(self):
        self._export(self.chief)
        self._module("beepost_mail")._beepost_require_export()
        self.pull._store(self.account, "laposte", [event(self.sent, "DI1")])
        with self.assertRaises(UserError):
            self._module("beepost_mail")._beepost_require_export()

    def test_every_company(self):
        self._export(self.chief)
        self.sent.company_id = self.company_b
        self.sent.exported_at = False
        with self.assertRaises(UserError):
            self._module("beepost_tracking")._beepost_require_export()

    def test_practice_and_refused_ones_are_free(self):
        self.sent.is_practice = True
        self.letter.is_practice = False
        self._module("beepost_tracking")._beepost_require_export()
        for values in (
            {"state": "unknown"},
            {"state": "sending"},
            {"state": "cancelled", "accepted_at": "2026-11-24"},
        ):
            self.letter.write(values)
            with self.subTest(values), self.assertRaises(UserError):
                self._module("beepost_tracking")._beepost_require_export()

    def test_other_addons_are_free(self):
        self._module("snailmail_account")._beepost_require_export()
