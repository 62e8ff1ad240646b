from odoo import api, models

# What was true of a PDF that is no more.
_MADE = (
    "hold_reason",
    "pdf_size",
    "is_legal_pdf",
    "has_address_sheet",
    "pages",
    "sheets",
    "envelope",
    "weight_mg",
)


class BeepostMailing(models.Model):
    """How documents go from one envelope to another.

    The caller has locked the letters, as the outbox does before it claims them: nothing
    of them has left, and nothing leaves meanwhile.
    """

    _inherit = "beepost.mailing"

    # ------------------------------------------------------------------
    # Together
    # ------------------------------------------------------------------

    @api.model
    def _put_together(self, groups):
        """Makes one letter of each group of two or more.

        :param groups: recordsets, the letter that carries the others first
        :return: the letters that carry others now; the outbox is still to be woken
        """
        carriers = self.sudo().browse()
        others_of = {}
        for group in groups:
            carrier, others = group[0], group[1:]
            carriers += carrier
            others_of[carrier] = others
            for position, line in enumerate(group.document_ids, 1):
                home = line.home_id or line.mailing_id
                line.write(
                    {
                        "mailing_id": carrier.id,
                        "home_id": home != carrier and home.id,
                        "sequence": 10 * position,
                    }
                )
            # Nobody's plan is for earlier than that.
            carrier.planned_at = max(
                filter(None, group.mapped("planned_at")), default=False
            )
            # Letters that lay in these already: they follow, one link long.
            others.grouped_ids.grouped_into_id = carrier
            others.grouped_into_id = carrier
        absorbed = carriers.browse().union(*others_of.values())
        (carriers + absorbed).filtered("pdf_id")._unprepare()
        (carriers + absorbed).write({"grouping": False, "hold_reason": False})
        carriers.write({"state": "draft"})
        absorbed.write({"state": "cancelled", "findings": False})
        self._tell_together(others_of)
        return carriers

    def _tell_together(self, others_of):
        bodies, own = {}, {}
        carriers = self.browse([carrier.id for carrier in others_of])
        sharing = carriers.document_ids._repeated().mailing_id
        for carrier, others in others_of.items():
            env = carrier._author_env()
            # The names of files are for those who may read the documents.
            once = env._("Enclosures that are the same for several are printed once.")
            once = f" {once}" if carrier in sharing else ""
            bodies[carrier] = env._(
                "This document leaves in one envelope with others to the same address:"
                " %(count)s documents, letter %(name)s.",
                count=len(carrier.document_ids.filtered(_is_document)),
                name=carrier.name,
            )
            own[carrier] = env._(
                "%(user)s put these letters into this envelope: %(names)s.",
                user=self.env.user.name,
                names=", ".join(others.mapped("name")),
            )
            bodies[carrier] += once
            own[carrier] += once
            for other in others:
                own[other] = env._(
                    "Put into the envelope of letter %(name)s (%(reference)s).",
                    name=carrier.name,
                    reference=carrier.client_reference,
                )
                own[other] += once
                bodies[other] = ""
        self.browse([m.id for m in bodies]).sudo()._log_to_documents(bodies, own)

    def _unprepare(self):
        """Back to before the PDF was made, which is to hold something else; the address
        stays as it is, for it is what the letters have in common."""
        self._drop_pdf()
        for letter in self:
            kept = [
                finding.as_dict()
                for finding in letter._get_findings()
                if finding.code.startswith(("address.", "sender."))
            ]
            letter.write(
                {**dict.fromkeys(_MADE, False), "state": "draft", "findings": kept}
            )

    # ------------------------------------------------------------------
    # Apart again
    # ------------------------------------------------------------------

    def _separate(self, why=""):
        """Gives every document back to the letter that was made for it; nothing of
        these has left.

        :param why: a sentence, for all chatters
        :return: all letters that leave now, each on its own
        """
        apart = self.browse()
        for letter in self:
            homes = letter._homes()
            for home in homes[1:]:
                lines = letter.document_ids.filtered(lambda m, h=home: m.home_id == h)
                lines.write({"mailing_id": home.id, "home_id": False})
                home.write({"state": "draft", "grouped_into_id": False})
                apart += home
            apart += letter
        texts = {}
        for letter in apart:
            env = letter._author_env()
            text = env._(
                "%(user)s took the documents of one envelope apart: this letter leaves"
                " on its own. %(why)s",
                user=self.env.user.name,
                why=why,
            )
            texts[letter] = text.strip()
        apart._log_to_documents(texts)
        for letter in self:
            letter._restart()
        (apart - self)._snapshot_addresses()
        apart._wake_outbox()
        return apart

    def _homes(self):
        """The letters that the documents in this envelope were made for, in order; this
        one is the first where it has documents of its own, or none that is known."""
        self.ensure_one()
        own = self.document_ids.filtered(lambda line: not line.home_id)
        return (self if own else self.browse()) | self.document_ids.home_id

    # ------------------------------------------------------------------
    # Out of the envelope
    # ------------------------------------------------------------------

    @api.model
    def _withdraw(self, lines, reason):
        """Documents that must not leave leave their envelopes, with what was enclosed
        with them. A letter with nothing else in it is cancelled; else its PDF is made
        anew, without them."""
        lines = lines.sudo()
        emptied, opened = lines.mailing_id.browse(), {}
        for letter in lines.mailing_id:
            records = {
                (line.res_model, line.res_id)
                for line in lines
                if line.mailing_id == letter
            }
            out = letter.document_ids.filtered(
                lambda m, gone=records: (m.res_model, m.res_id) in gone
            )
            if (letter.document_ids - out).filtered(_is_document):
                opened[letter] = out
            else:
                emptied += letter
        if emptied:
            self._cancel_here(emptied, reason)
        for letter, out in opened.items():
            letter._take_out(out, reason)

    def _take_out(self, lines, reason):
        """``lines`` leave this envelope; each document sees a letter that was
        cancelled, as it would have on its own."""
        self.ensure_one()
        refused = self.state == "rejected"
        findings = self.findings
        if self.pdf_id:
            self._unprepare()
        if refused:  # and waits for a person, as before
            self.write({"state": "rejected", "findings": findings})
        user = self.env.user.name
        for home, its in lines.grouped("home_id").items():
            stopped = home or self._make_stopped(its)
            its.write({"mailing_id": stopped.id, "home_id": False})
            stopped.write({"state": "cancelled", "grouped_into_id": False})
            text = stopped._author_env()._(
                "Taken out of its envelope by %(user)s before it left: it is not"
                " posted. %(reason)s",
                user=user,
                reason=reason,
            )
            stopped._log_to_documents({stopped: text})
        env = self._author_env()
        self._message_log(
            body=env._(
                "%(count)s documents were taken out of the envelope: the others leave"
                " without them. %(reason)s",
                count=len(lines.filtered(_is_document)),
                reason=reason,
            )
        )
        self._wake_outbox()

    def _make_stopped(self, lines):
        """A cancelled letter for documents that came with this one: it goes on, and
        cannot say that they do not."""
        values = self._prepare_successor_vals(self.user_id)
        values.update(
            name=lines[0].name, origin_id=False, document_ids=[], state="cancelled"
        )
        return (
            self.with_user(self.user_id)
            .sudo()
            .with_context(tracking_disable=True)
            .create(values)
            .with_env(self.env)
        )


def _is_document(line):
    return line.kind == "document"
