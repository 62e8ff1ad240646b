"""Create, write and unlink on each model, for each role and company."""

from odoo import Command
from odoo.exceptions import AccessError

from .roles import OUR_MODELS, SecurityCase


class TestRights(SecurityCase):
    """Create, write and unlink on each model, for each role."""

    def _values(self, model):
        return {
            "beepost.account": {"name": "New", "company_id": self.company.id},
            "beepost.lot": {
                "name": "New",
                "company_id": self.company.id,
                "user_id": self.accountant.id,
            },
            "beepost.mailing": {
                "name": "New",
                "company_id": self.company.id,
                "account_id": self.account.id,
                "partner_id": self.customer.id,
                "user_id": self.accountant.id,
                "service_id": self.letter.service_id.id,
            },
            "beepost.mailing.document": {
                "mailing_id": self.letter.id,
                "name": "New",
                "res_model": "account.move",
                "res_id": self.move.id,
            },
            "beepost.profile": {"name": "New"},
            "beepost.profile.envelope": {
                "profile_id": self.account.profile_id.id,
                "code": "X",
                "capacity": 1,
                "weight_mg": 1,
            },
            "beepost.sandbox.entry": {"account_id": self.account.id, "log": "event"},
            "beepost.sandbox.letter": {
                "account_id": self.account.id,
                "client_reference": "x",
            },
            "beepost.service": {"name": "New", "code": "new"},
            "beepost.token": {"account_id": self.account_b.id, "token": "x"},
        }[model]

    def test_who_may_change_what(self):
        settings = {
            "beepost.account",
            "beepost.profile",
            "beepost.profile.envelope",
            "beepost.service",
        }
        for user in (
            self.accountant,
            self.manager,
            self.admin,
            self.employee,
            self.portal,
            self.admin_b,
        ):
            for model in OUR_MODELS:
                may = user == self.admin and model in settings
                # Those of no company are every administrator's.
                may |= user == self.admin_b and model in settings - {"beepost.account"}
                with self.subTest(user=user.login, model=model):
                    self._check_changes(user, model, may)

    def _check_changes(self, user, model, may):
        record = self.env[model].sudo().create(self._values(model))
        self.env.flush_all()
        write = {
            "beepost.mailing.document": {"sequence": 99},
            "beepost.profile.envelope": {"capacity": 2},
            "beepost.sandbox.entry": {"log": "cost"},
            "beepost.sandbox.letter": {"client_reference": "y"},
            "beepost.service": {"name": "Renamed", "code": "renamed"},
            "beepost.token": {"account_id": self.account_b.id},
        }.get(model, {"name": "Renamed"})
        again = {**self._values(model), **write}
        if may:
            self._rpc(user, model, "write", record.ids, write)
            self._rpc(user, model, "unlink", record.ids)
            self._rpc(user, model, "unlink", [self._rpc(user, model, "create", again)])
            return
        for method, args in (
            ("write", (record.ids, write)),
            ("web_save", (record.ids, write, {})),
            ("unlink", (record.ids,)),
            ("create", (again,)),
            ("copy", (record.ids,)),
            ("name_create", ("Named",)),
        ):
            if method == "name_create" and (
                not self.env[model]._rec_name or user == self.admin_b
            ):
                continue  # nothing to name, or his own company's
            with self._forbidden():
                self._rpc(user, model, method, *args)
        self.env.invalidate_all()
        record.sudo().unlink()

    def test_state_cannot_be_written(self):
        for user in (self.accountant, self.manager, self.admin):
            for values in (
                {"state": "accepted"},
                {"state": "queued"},
                {"provider_reference": "forged"},
                {"user_id": self.employee.id},
                {"document_ids": [Command.clear()]},
                {"company_id": self.company_b.id},
            ):
                with self.subTest(user=user.login, values=values), self._forbidden():
                    self._rpc(user, "beepost.mailing", "write", self.letter.ids, values)

    def test_reading_the_lists(self):
        """(letters, their documents, lots) that each role counts."""
        self._send_lot(self.accountant)
        self.assertEqual(len(self.account.mailing_ids), 3)
        for user, expected in (
            (self.accountant, (3, 3, 1)),
            (self.manager, (3, 0, 1)),
            (self.admin, (3, 0, 1)),
            (self.accountant_b, (0, 0, 0)),
            (self.manager_b, (0, 0, 0)),
            (self.admin_b, (0, 0, 0)),
        ):
            with self.subTest(user=user.login):
                counts = tuple(
                    self._rpc(user, model, "search_count", [])
                    for model in (
                        "beepost.mailing",
                        "beepost.mailing.document",
                        "beepost.lot",
                    )
                )
                self.assertEqual(counts, expected)

    def _send_lot(self, user):
        wizard = (
            self.env["beepost.send"]
            .with_user(user)
            .create({"move_ids": [Command.set(self._create_invoice().ids)]})
        )
        wizard.action_send()

    def test_lots_of_colleagues(self):
        colleague = self._create_user("colleague", "account.group_account_invoice")
        self._send_lot(self.accountant)
        Lot = self.env["beepost.lot"]
        self.assertEqual(len(Lot.with_user(self.accountant).search([])), 1)
        self.assertFalse(Lot.with_user(colleague).search([]))
        self.assertEqual(len(Lot.with_user(self.manager).search([])), 1)
        with self.assertRaises(AccessError):
            Lot.search([]).with_user(colleague).read(["name"])

    def test_both_ways_between_companies(self):
        """The other company's records are as closed as ours are to it."""
        profile_b = self.env["beepost.profile"].create(
            {
                "name": "B",
                "company_id": self.company_b.id,
                "envelope_ids": [
                    Command.create({"code": "B", "capacity": 1, "weight_mg": 1})
                ],
            }
        )
        service_b = self.env["beepost.service"].create(
            {"name": "B", "code": "b", "company_id": self.company_b.id}
        )
        letter_b = self._make_letter_b()
        theirs = {
            self.account_b,
            profile_b,
            profile_b.envelope_ids,
            service_b,
            letter_b,
            letter_b.document_ids,
            self.env["beepost.sandbox.letter"]
            .sudo()
            .search([("account_id", "=", self.account_b.id)]),
        }
        lot_b = (
            self.env["beepost.lot"]
            .sudo()
            .create(
                {
                    "name": "B",
                    "company_id": self.company_b.id,
                    "user_id": self.accountant_b.id,
                }
            )
        )
        theirs.add(lot_b)
        for records in theirs:
            self.assertTrue(records)
            for user in (self.accountant, self.manager, self.admin):
                with self.subTest(model=records._name, user=user.login):
                    self.assertFalse(records.with_user(user)._filtered_access("read"))
                    found = self._attempt(
                        user, records._name, "search", [("id", "in", records.ids)]
                    )
                    self.assertTrue(found == "[]" or "AccessError" in found, found)
            if records._name in ("beepost.mailing.document",):
                continue  # content: an administrator has no right to it
            own = self.accountant_b if records == lot_b else self.admin_b
            self.assertTrue(records.with_user(own)._filtered_access("read"))

    def _make_letter_b(self):
        move = self.init_invoice(
            "out_invoice",
            partner=self.customer,
            amounts=[10.0],
            company=self.company_b,
            post=True,
        )
        self._attach_legal_pdf(move)
        letter = self._post(move, user=self.accountant_b)
        self._run_outbox(self.account_b)
        self.assertEqual(letter.state, "accepted")
        return letter

    def test_user_of_both_companies_chooses(self):
        letter_b = self._make_letter_b()
        both = self._create_user("both", "account.group_account_invoice")
        both.company_ids += self.company_b
        Mailing = self.env["beepost.mailing"].with_user(both)
        only_a = Mailing.with_context(allowed_company_ids=self.company.ids)
        only_b = Mailing.with_context(allowed_company_ids=self.company_b.ids)
        self.assertNotIn(letter_b, only_a.search([]))
        self.assertEqual(only_b.search([]), letter_b)
        self.assertIn(self.letter, only_a.search([]))

    def test_everyday_records_stay_readable(self):
        """A relation to letters must not close a company or a contact to others."""
        for user in (self.employee, self.accountant):
            for record in (self.company, self.customer):
                names = [
                    name
                    for name in self._rpc(user, record._name, "fields_get")
                    if "beepost" in name
                ]
                self.assertTrue(names)
                self.assertTrue(record.with_user(user).read(names))
        for name in ("beepost_account_ids", "beepost_mailing_count"):
            for record in (self.company, self.customer):
                if name in record._fields:
                    with self.assertRaises(AccessError):
                        record.with_user(self.employee).read([name])

    def test_invoice_reader_without_post_rights(self):
        """``account.group_account_readonly`` has nothing to do with the post."""
        reader = self._create_user("reader", "account.group_account_readonly")
        self.assertFalse(reader.has_group("beepost_mail.group_user"))
        self.assertTrue(self.move.with_user(reader).read(["name", "beepost_state"]))
        with self.assertRaises(AccessError):
            self.letter.with_user(reader).read(["state"])
        with self._forbidden():
            self.env["beepost.send"].with_user(reader).create(
                {"move_ids": [Command.set(self.move.ids)]}
            )

    def test_groups_follow_invoicing(self):
        self.assertTrue(self.accountant.has_group("beepost_mail.group_user"))
        self.assertFalse(self.accountant.has_group("beepost_mail.group_manager"))
        self.assertFalse(self.manager.has_group("beepost_mail.group_admin"))
        self.assertTrue(self.admin.has_group("beepost_mail.group_manager"))
        self.assertFalse(self.admin.has_group("account.group_account_readonly"))
