import hashlib

from odoo import fields, models
from odoo.tools import format_date

from odoo.addons.beepost_mail.models.date_words import moment_words

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
        return moment and moment_words(self.env, moment, MOMENT, PARIS)

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
                # Pages of the letter, each said of one document.
                "pages": not line.printed_with_id and line.pages or "",
                "once": line.printed_once or "",
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
        for number, (_key, _file, proof) in enumerate(self._evidence_files(), 1):
            if proof and not proof._is_intact():
                warnings.append(
                    env._(
                        "The file of annex %(number)s is no longer the one that was"
                        " received: its SHA-256 was %(sha256)s.",
                        number=number,
                        sha256=proof.sha256,
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
                env._("When BeePOST confirmed that it has the posted file."),
            ),
            (
                env._("Deposit"),
                self._moment(self.posted_at),
                env._("When La Poste took charge of the letter: the date of sending."),
            ),
            (
                env._("First presentation"),
                self._moment(self.presented_at),
                env._(
                    "When the letter was first offered to the addressee. If nobody"
                    " claims it, a registered letter counts as notified on this day"
                    " in administrative law."
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
                env._("When the letter was handed over to the addressee."),
            ),
            (
                env._("Found undeliverable"),
                self._moment(self.undeliverable_at),
                self._undeliverable_words(),
            ),
            (
                env._("Return"),
                self._moment(self.returned_at),
                env._("When the letter came back to the sender."),
            ),
        ]
        return [(what, when or nothing, meaning) for what, when, meaning in rows]

    def _undeliverable_words(self):
        env = self.env
        words = env._("When La Poste found that it could not deliver the letter.")
        if self.return_reason:
            reason = env._("Reason: %(reason)s.", reason=self._reason_label())
            words = f"{words} {reason}"
        return words

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
                    "words": env._("“%(words)s”", words=event.label or event.code),
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
