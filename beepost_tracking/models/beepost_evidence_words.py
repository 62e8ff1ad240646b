import hashlib

from odoo import fields, models
from odoo.tools import format_date, format_datetime
from odoo.tools.misc import human_size

from .proof_words import kind_label

PARIS = "Europe/Paris"
MOMENT = "d MMM y, HH:mm"


class BeepostMailing(models.Model):
    """What the evidence file says, in the language of ``self.env``.

    Facts only: each date with who told it and when, each file with its hash, and what
    is missing with the reason.
    """

    _inherit = "beepost.mailing"

    def _evidence_title(self):
        return self.env._(
            "Evidence file of letter %(reference)s",
            reference=self.provider_reference or self.client_reference,
        )

    def _evidence_summary(self, hidden):
        """Everything that the summary's template shows, as plain texts.

        :param hidden: {key of a file: why it is not shown}
        """
        self.ensure_one()
        letter = self.sudo()
        env = self.env
        return {
            "title": self._evidence_title(),
            "practice": self.is_practice,
            "made": env._(
                "Made on %(moment)s by %(user)s, %(company)s. All times are those of"
                " Paris.",
                moment=self._moment(fields.Datetime.now()),
                user=env.user.name,
                company=letter.company_id.name,
            ),
            "warnings": letter._evidence_warnings(),
            "parties": [
                (env._("Sender"), (letter.sender or "").splitlines()),
                (env._("Addressee"), (letter.recipient or "").splitlines()),
            ],
            "letter": letter._evidence_letter_facts(),
            "documents": letter._evidence_documents(),
            "dates": letter._evidence_dates(),
            "binding": letter._evidence_binding(),
            "missing": letter._evidence_missing(),
            "events": letter._evidence_events(),
            "annexes": letter._evidence_annex_rows(hidden),
        }

    def _moment(self, moment):
        return moment and format_datetime(self.env, moment, tz=PARIS, dt_format=MOMENT)

    # ------------------------------------------------------------------
    # The letter
    # ------------------------------------------------------------------

    def _evidence_letter_facts(self):
        env = self.env
        yes, no = env._("yes"), env._("no")
        facts = [
            (env._("Service"), self.service_id.name),
            (env._("Level"), self._evidence_level()),
            (env._("Tracking number"), self.tracking_number or env._("none")),
            (env._("BeePOST reference"), self.provider_reference or env._("none")),
            (env._("Sender's reference"), self.client_reference),
            (env._("Posted file"), self._evidence_file_words()),
            (env._("SHA-256 of the posted file"), self.sha256 or env._("none")),
            (
                env._("The document itself, unchanged"),
                yes if self.is_legal_pdf else no,
            ),
            (
                env._("Printing"),
                env._(
                    "%(sheets)s sheets, %(sides)s, %(colours)s",
                    sheets=self.sheets,
                    sides=env._("both sides") if self.duplex else env._("one side"),
                    colours=env._("in colour") if self.color else env._("in black"),
                ),
            ),
            (env._("Where it stands"), self.stage_id.name or ""),
        ]
        if self.origin_id:
            facts.append((env._("Replaces letter"), self.origin_id.name))
        return facts

    def _evidence_level(self):
        env, service = self.env, self.service_id
        if service.acknowledgement:
            return env._("registered, with acknowledgement of receipt")
        if service.registered:
            return env._("registered")
        return env._("tracked") if service.tracked else env._("not tracked")

    def _evidence_file_words(self):
        return self.env._(
            "%(pages)s pages, %(size)s bytes", pages=self.pages, size=self.pdf_size
        )

    def _evidence_documents(self):
        kinds = dict(self.document_ids._fields["kind"]._description_selection(self.env))
        return [
            {
                "name": line.name,
                "kind": kinds[line.kind],
                "pages": line.pages or "",
                "sha256": line.sha256 or "",
            }
            for line in self.document_ids
        ]

    def _evidence_warnings(self):
        env, warnings = self.env, []
        if self.pdf_id and self._stored_sha256() != self.sha256:
            warnings.append(
                env._(
                    "The stored file is no longer the one that was posted: its SHA-256"
                    " is %(sha256)s.",
                    sha256=self._stored_sha256(),
                )
            )
        if self.contradicted:
            warnings.append(
                env._(
                    "What was told of this letter cannot all be true. The timeline"
                    " shows everything that was told, and by whom."
                )
            )
        return warnings

    def _stored_sha256(self):
        return hashlib.sha256(self.pdf_id.raw or b"").hexdigest()

    # ------------------------------------------------------------------
    # Dates
    # ------------------------------------------------------------------

    def _evidence_dates(self):
        """:return: [(what, when or that nobody told, what it means)]"""
        env = self.env
        nothing = env._("not told")
        rows = [
            (
                env._("Accepted by BeePOST"),
                self._moment(self.accepted_at),
                env._("BeePOST confirmed that it has the posted file."),
            ),
            (
                env._("Deposit"),
                self._moment(self.posted_at),
                env._("La Poste took charge of the letter: the date of sending."),
            ),
            (
                env._("First presentation"),
                self._moment(self.presented_at),
                env._(
                    "The letter was first offered to the addressee. If nobody claims"
                    " it, a registered letter counts as notified on this day in"
                    " administrative law."
                ),
            ),
            (
                env._("Can be fetched until"),
                self.pickup_until and format_date(env, self.pickup_until),
                env._(
                    "The last of 15 days from the day after the presentation (arrêté of"
                    " 7 February 2007)."
                ),
            ),
            (
                env._("Delivery"),
                self._moment(self.delivered_at),
                env._("The letter was handed over."),
            ),
            (
                env._("Found undeliverable"),
                self._moment(self.undeliverable_at),
                self._reason_label() or env._("La Poste could not deliver the letter."),
            ),
            (
                env._("Return"),
                self._moment(self.returned_at),
                env._("The letter came back to the sender."),
            ),
        ]
        return [(what, when or nothing, meaning) for what, when, meaning in rows]

    def _evidence_events(self):
        """In the order in which they happened."""
        env = self.env
        field = self.event_ids._fields
        sources = dict(field["source"]._description_selection(env))
        rows = []
        for event in self.event_ids.sorted(lambda e: (e.happened_at, e.id)):
            meanings = dict(
                event.wording_id._fields["canonical"]._description_selection(env)
            )
            rows.append(
                {
                    "happened": self._moment(event.happened_at),
                    "learnt": self._moment(event.received_at),
                    "source": sources[event.source],
                    "words": event.label or event.code,
                    "means": meanings.get(event.canonical) or env._("not known"),
                    "details": ", ".join(
                        filter(
                            None,
                            [
                                event.place,
                                event.reason,
                                event.proof_kind and kind_label(env, event.proof_kind),
                            ],
                        )
                    ),
                    "number": event.external_id,
                }
            )
        return rows

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def _annex_head(self, number):
        return self.env._("Annex %(number)s", number=number)

    def _annex_title(self, proof):
        if proof:
            return kind_label(self.env, proof.kind)
        return self.env._("The document as posted")

    def _annex_facts(self, file, proof):
        """:return: [(label, value)] for the page before the file"""
        env = self.env
        facts = [(env._("File"), (proof.filename or "") if proof else file.name)]
        if proof:
            facts += [
                (env._("Issued"), self._moment(proof.issued_at) or env._("not told")),
                (env._("Received"), self._moment(proof.fetched_at)),
                (env._("Number at BeePOST"), proof.proof_id or ""),
            ]
        else:
            facts += [
                (env._("Prepared"), self._moment(self.queued_at) or ""),
                (env._("Accepted by BeePOST"), self._moment(self.accepted_at) or ""),
                (env._("Deposit"), self._moment(self.posted_at) or env._("not told")),
            ]
        sha256 = hashlib.sha256(file.raw or b"").hexdigest()
        return [
            *facts,
            (env._("Size"), env._("%s bytes", file.file_size)),
            (env._("SHA-256"), sha256),
        ]

    def _annex_notice(self, problem, file):
        """Why the file is not shown, and where it is."""
        env = self.env
        if not problem:
            return ""
        if problem == "left_out":
            return env._(
                "This file (%(size)s) has no room in the evidence file. It is kept in"
                " Odoo; its SHA-256 above identifies it.",
                size=human_size(file.file_size),
            )
        if problem == "encrypted":
            why = env._("This file is locked by a password and cannot be shown.")
        elif problem in ("too_heavy", "too_many_pages"):
            why = env._("This file is too large or too heavy to be shown.")
        else:
            why = env._("This file cannot be opened and is not shown.")
        where = env._("It lies in this evidence file as an attachment, as it came.")
        return f"{why} {where}"

    def _evidence_annex_rows(self, hidden):
        env = self.env
        return [
            {
                "head": self._annex_head(number),
                "title": self._annex_title(proof),
                "facts": self._annex_facts(file, proof),
                "filename": self._annex_filename(number, file.raw or b"", proof),
                "embedded": hidden.get(key) != "left_out",
                "notice": self._annex_notice(hidden.get(key), file),
            }
            for number, (key, file, proof) in enumerate(
                self.with_env(env)._evidence_files(), 1
            )
        ]

    def _evidence_binding(self):
        """Content proof: the exact file, its hash and the deposit bound together.

        :return: sentences
        """
        env, sentences = self.env, []
        numbers = {
            proof.kind: (number, proof)
            for number, (_key, _file, proof) in reversed(
                list(enumerate(self._evidence_files(), 1))
            )
            if proof
        }
        if self.pdf_id and self._stored_sha256() == self.sha256:
            sentences.append(
                env._(
                    "Annex 1 is, byte for byte, the file with SHA-256 %(sha256)s that"
                    " was handed to BeePOST under the sender's reference %(ours)s and"
                    " accepted under reference %(theirs)s on %(moment)s.",
                    sha256=self.sha256,
                    ours=self.client_reference,
                    theirs=self.provider_reference or env._("none"),
                    moment=self._moment(self.accepted_at) or env._("not told"),
                )
            )
        if "deposit" in numbers:
            number, proof = numbers["deposit"]
            sentences.append(
                env._(
                    "The deposit of this letter is proved by annex %(number)s, issued"
                    " on %(moment)s, SHA-256 %(sha256)s.",
                    number=number,
                    moment=self._moment(proof.issued_at),
                    sha256=proof.sha256,
                )
            )
        if "content" in numbers:
            number, proof = numbers["content"]
            sentences.append(
                env._(
                    "Its content is proved by annex %(number)s, issued on %(moment)s,"
                    " SHA-256 %(sha256)s.",
                    number=number,
                    moment=self._moment(proof.issued_at),
                    sha256=proof.sha256,
                )
            )
        return sentences

    # ------------------------------------------------------------------
    # What is missing, and why
    # ------------------------------------------------------------------

    def _evidence_missing(self):
        """:return: [(what, why)]"""
        env, missing = self.env, []
        if not self.pdf_id:
            missing.append(
                (
                    env._("The document as posted"),
                    env._(
                        "The image of the letter is no longer kept. The SHA-256 above"
                        " still identifies it."
                    ),
                )
            )
        service = self.service_id
        if not service.registered:
            missing.append(
                (
                    env._("Proofs of deposit, content and delivery"),
                    env._("This service does not come with any: it is not registered."),
                )
            )
        waiting = self.proof_ids.filtered(lambda proof: not proof.attachment_id)
        for proof in waiting.sorted(lambda proof: proof._sort_key()):
            missing.append((kind_label(env, proof.kind), self._waiting_words(proof)))
        told = set(self.proof_ids.mapped("kind"))
        for kind, reason in self._expected_proofs():
            if kind not in told:
                missing.append((kind_label(env, kind), reason))
        return missing

    def _waiting_words(self, proof):
        if proof.state == "fetched":
            return self.env._(
                "Received on %(moment)s with SHA-256 %(sha256)s; the file is no longer"
                " kept.",
                moment=self._moment(proof.fetched_at),
                sha256=proof.sha256,
            )
        return " ".join(
            filter(
                None,
                [
                    self.env._(
                        "Announced on %(moment)s, not received yet.",
                        moment=self._moment(proof.issued_at or proof.create_date),
                    ),
                    proof.with_env(self.env).error,
                ],
            )
        )

    def _expected_proofs(self):
        """:return: [(kind, why it is not here where it is not)]"""
        env, service = self.env, self.service_id
        if not service.registered:
            return []
        not_announced = env._("Not yet received: BeePOST has not announced it.")
        before_deposit = env._(
            "Not yet received: La Poste has not taken charge of the letter yet."
        )
        not_delivered = env._("There is none: nobody told that it was delivered.")
        deposit = not_announced if self.posted_at else before_deposit
        delivery = not_announced if self.delivered_at else not_delivered
        expected = [("deposit", deposit), ("content", deposit), ("delivery", delivery)]
        if service.acknowledgement:
            expected.append(("ar_scan", delivery))
        if self.returned_at:
            expected.append(("return_scan", not_announced))
        return expected
