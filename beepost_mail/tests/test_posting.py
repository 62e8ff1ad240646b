"""One letter of each envelope, whatever lies in it."""

from .common import BeepostCommon, ScriptedGateway, a4_pdf
from .sending import SendCase


class PostingCase(SendCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_customer("Autre", beepost_color="yes")
        cls.foreign = cls.env["res.company"].create({"name": "Foreign"})

    def _document(self, record, name="Doc", kind="document", **values):
        file = self.env["ir.attachment"].create(
            {"name": f"{name}.pdf", "raw": a4_pdf(name)}
        )
        return {
            "name": name,
            "kind": kind,
            "res_model": record._name,
            "res_id": record.id,
            "attachment": file,
            **values,
        }

    def _envelope(self, *documents, **values):
        return {
            "name": "Letter",
            "company": self.company,
            "partner": self.customer,
            "options": {},
            "documents": documents or [self._document(self.customer)],
            **values,
        }

    def _post_envelopes(self, *envelopes, user=None):
        return self.env["beepost.posting"]._post(
            list(envelopes), user or self.accountant
        )


class TestPosting(PostingCase):
    def test_in_order_and_by_whom(self):
        first, second = self._post_envelopes(
            self._envelope(name="One"), self._envelope(name="Two", partner=self.other)
        )
        self.assertEqual((first.name, second.name), ("One", "Two"))
        self.assertEqual(second.partner_id, self.other)
        self.assertEqual((first + second).user_id, self.accountant)
        self.assertEqual(first.create_uid, self.accountant)
        self.assertEqual((first + second).mapped("state"), ["draft", "draft"])
        self.assertTrue(first.recipient)
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.account.sudo().cron_id.id)]
        )
        self.assertTrue(triggers)

    def test_what_nobody_chose_is_as_the_addressee_prefers(self):
        service = self.env.ref("beepost_mail.service_registered")
        usual, chosen = self._post_envelopes(
            self._envelope(partner=self.other),
            self._envelope(
                partner=self.other,
                options={"color": False, "service_id": service.id},
            ),
        )
        self.assertEqual((usual.color, usual.service_id.code), (True, "lettre"))
        self.assertEqual((chosen.color, chosen.service_id), (False, service))

    def test_another_companys_account_and_service_are_not_taken(self):
        account = self.env["beepost.account"].create(
            {"name": "Foreign", "company_id": self.foreign.id}
        )
        service = self.env.ref("beepost_mail.service_registered").copy(
            {"company_id": self.foreign.id}
        )
        letter = self._post_envelopes(
            self._envelope(options={"account_id": account.id, "service_id": service.id})
        )
        self.assertEqual(letter.account_id, self.account)
        self.assertEqual(letter.service_id.code, "lettre")

    def test_options_that_are_no_choice_are_left_aside(self):
        """Neither what no addon knows, nor what only the outbox may write."""
        letter = self._post_envelopes(
            self._envelope(options={"sealed_with_wax": True, "state": "accepted"})
        )
        self.assertEqual(letter.state, "draft")

    def test_several_documents_in_the_given_order(self):
        documents = [
            self._document(self.customer, "B"),
            self._document(self.other, "A"),
            self._document(self.customer, "CGV", kind="enclosure"),
        ]
        letter = self._post_envelopes(self._envelope(*documents))
        lines = letter.document_ids
        self.assertEqual(lines.mapped("name"), ["B", "A", "CGV"])
        self.assertEqual(lines.mapped("kind"), ["document", "document", "enclosure"])
        for line in lines.sudo():
            file = line.attachment_id
            self.assertEqual((file.res_model, file.res_id), (line._name, line.id))
        for record in (self.customer, self.other):
            self.assertIn("Letter created", self._bodies(record))
        self._run_outbox()
        self.assertEqual(letter.state, "accepted")

    def test_model_without_chatter(self):
        """Nothing to write into, and no letter less for it."""
        letter = self._post_envelopes(
            self._envelope(self._document(self.env.ref("base.fr")))
        )
        self._run_outbox()
        self.assertEqual(letter.state, "accepted")

    def test_files_go_with_the_image(self):
        letter = self._post_envelopes(self._envelope())
        self._run_outbox()
        file = letter.document_ids.sudo().attachment_id
        letter._remove_image(12)
        self.assertFalse(file.exists())

    def test_impossible_envelopes(self):
        for name, envelope, words in (
            ("nothing in it", {**self._envelope(), "documents": []}, "Nothing lies"),
            ("no account", self._envelope(company=self.foreign), "no account"),
        ):
            with self.subTest(name), self.assertRaisesRegex(ValueError, words):
                self._post_envelopes(envelope)


class TestReplaced(PostingCase):
    """A refused letter is replaced by letters with all of its documents."""

    def _refused(self, *documents):
        letter = self._post_envelopes(self._envelope(*documents))
        letter.state = "rejected"
        return letter

    def test_same_document(self):
        refused = self._refused()
        letter = self._post_envelopes(self._envelope())
        self.assertEqual((refused.state, letter.origin_id), ("cancelled", refused))

    def test_other_documents(self):
        quotation = self._document(self.customer, "Quotation")
        for name, before, after, replaced in (
            ("another paper of the record", [quotation], ["Plan"], False),
            ("one of two", [quotation, self._document(self.other)], None, False),
            ("more than before", [quotation], ["Quotation", "Plan"], True),
            (
                "an enclosure does not count",
                [quotation, self._document(self.other, "CGV", kind="enclosure")],
                None,
                True,
            ),
        ):
            with self.subTest(name):
                refused = self._refused(*before)
                letter = self._post_envelopes(
                    self._envelope(
                        *(
                            self._document(self.customer, one)
                            for one in after or ["Quotation"]
                        )
                    )
                )
                self.assertEqual(refused.state == "cancelled", replaced)
                self.assertEqual(letter.origin_id == refused, replaced)
                (refused + letter).filtered(
                    lambda m: m.state == "rejected"
                ).state = "cancelled"

    def test_part_of_a_refused_envelope(self):
        """What was sent again is out of it: the rest may be tried again."""
        first = self._document(self.customer, "First")
        refused = self._refused(
            first,
            self._document(self.customer, "First, enclosed", kind="enclosure"),
            self._document(self.other, "Second"),
        )
        letter = self._post_envelopes(
            self._envelope(self._document(self.customer, "First"))
        )
        self.assertEqual(refused.state, "rejected", "a person decides")
        self.assertEqual(refused.document_ids.mapped("name"), ["Second"])
        self.assertEqual(letter.origin_id.state, "cancelled")
        self.assertEqual(
            letter.origin_id.document_ids.mapped("name"), ["First", "First, enclosed"]
        )
        self.assertIn("A new letter", self._bodies(letter.origin_id))
        refused.with_user(self.accountant).sudo(False).action_retry()
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        self.assertEqual(
            gateway.counts(), {refused.client_reference: 1, letter.client_reference: 1}
        )
        self.assertEqual((letter + refused).mapped("sheets"), [2, 2])

    def test_another_paper_of_the_same_record_stays(self):
        refused = self._refused(
            self._document(self.customer, "Quotation"),
            self._document(self.customer, "Plan"),
            self._document(self.customer, "CGV", kind="enclosure"),
        )
        self._post_envelopes(self._envelope(self._document(self.customer, "Plan")))
        self.assertEqual(refused.document_ids.mapped("name"), ["Quotation", "CGV"])

    def test_split_over_two_letters(self):
        refused = self._refused(
            self._document(self.customer), self._document(self.other)
        )
        letters = self._post_envelopes(
            self._envelope(), self._envelope(self._document(self.other))
        )
        self.assertEqual(refused.state, "cancelled")
        self.assertEqual(letters.origin_id, refused)

    def test_letters_that_left_stay(self):
        former = self._post_envelopes(self._envelope())
        self._run_outbox()
        letter = self._post_envelopes(self._envelope())
        self.assertEqual(former.state, "accepted")
        self.assertFalse(letter.origin_id)


class TestPostingGrowth(BeepostCommon):
    def test_queries_a_letter(self):
        def queries(count):
            files = self.env["ir.attachment"].create(
                [{"name": f"{n}.pdf", "raw": b"%PDF-"} for n in range(count)]
            )
            envelopes = [
                {
                    "name": "Letter",
                    "company": self.company,
                    "partner": self.customer,
                    "options": {},
                    "documents": [
                        {
                            "name": "Doc",
                            "kind": "document",
                            "res_model": "res.partner",
                            "res_id": self.customer.id,
                            "attachment": file,
                        }
                    ],
                }
                for file in files
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["beepost.posting"]._post(envelopes, self.accountant)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(2)
        few, many = queries(10), queries(50)
        self.assertLess((many - few) / 40, 6, f"{few} for 10, {many} for 50")
