import hashlib

from odoo import models
from odoo.tools.misc import human_size

from .proof_words import kind_label


class BeepostMailing(models.Model):
    """What the evidence file says of the files in it, and of those that are missing."""

    _inherit = "beepost.mailing"

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
                (env._("Received on"), self._moment(proof.fetched_at)),
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
                "facts": [
                    (env._("%(what)s:", what=label), value)
                    for label, value in self._annex_facts(file, proof)
                ],
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
            if proof and proof._is_intact()
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
