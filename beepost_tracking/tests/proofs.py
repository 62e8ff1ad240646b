"""Letters with papers, and a provider that hands them over as the test says."""

import hashlib
import io

from PIL import Image

from odoo import fields

from odoo.addons.beepost_mail.gateway import port
from odoo.addons.beepost_mail.tests.common import a4_pdf

from .common import NOON, TellingGateway, TrackingCase


class PaperGateway(TellingGateway):
    """Lists ``papers`` and gives their bytes; an exception in place of the bytes, or of
    the list, is raised.

    >>> gateway.paper(letter, "deposit", a4_pdf("Preuve"))
    """

    def __init__(self, **how):
        super().__init__(**how)
        self.papers = {}
        self.contents = {}
        self.listed = []  # references asked for
        self.fetched = []  # numbers of the papers asked for

    def paper(self, letter, kind, content=None, number=None, **more):
        content = a4_pdf(kind) if content is None else content
        known = content if isinstance(content, bytes) else b""
        paper = port.Proof(
            **{
                "proof_id": number or f"{letter.id}-{kind}",
                "client_reference": letter.client_reference,
                "kind": kind,
                "issued_at": NOON,
                "filename": f"{kind}.pdf",
                "sha256": hashlib.sha256(known).hexdigest(),
                "size": len(known),
                **more,
            }
        )
        self.papers.setdefault(letter.client_reference, []).append(paper)
        self.contents[paper.proof_id] = content
        return paper

    def proofs(self, client_reference):
        self.listed.append(client_reference)
        papers = self.papers.get(client_reference, ())
        if isinstance(papers, Exception):
            raise papers
        return tuple(papers)

    def proof_content(self, proof):
        self.fetched.append(proof.proof_id)
        content = self.contents[proof.proof_id]
        if isinstance(content, Exception):
            raise content
        return content


class ProofCase(TrackingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.registered = cls.env.ref("beepost_mail.service_registered_ar")

    @classmethod
    def _registered(cls, *moves):
        """A registered letter that BeePOST has, as the outbox leaves it."""
        moves = moves or [cls._create_invoice()]
        letter = cls._post(*moves, user=cls.accountant).ensure_one()
        pdf = a4_pdf(letter.name, pages=2)
        letter.write(
            {
                "service_id": cls.registered.id,
                "state": "accepted",
                "accepted_at": NOON.replace(tzinfo=None),
                "queued_at": NOON.replace(tzinfo=None),
                "provider_reference": f"PR-{letter.client_reference[:8]}",
                "sha256": hashlib.sha256(pdf).hexdigest(),
                "pdf_size": len(pdf),
                "pages": 2,
                "sheets": 1,
                "pdf_id": cls.env["ir.attachment"]
                .sudo()
                .create(
                    {
                        "name": "letter.pdf",
                        "raw": pdf,
                        "res_model": "beepost.mailing.document",
                        "res_id": letter.document_ids[0].id,
                    }
                )
                .id,
            }
        )
        return letter

    def _announce(self, letter, *kinds, gateway=None):
        """Events that announce papers of these kinds, read once."""
        gateway = gateway or PaperGateway()
        for kind in kinds:
            gateway.tell(
                letter,
                "proof",
                proof_kind=kind,
                event_id=f"{letter.id}-{kind}-{len(gateway.log)}",
            )
        self._follow().write({"cursor": False, "retry_at": False})
        self._pull(gateway)
        return self._proofs(letter)

    def _proofs(self, letter):
        return (
            self.env["beepost.proof"]
            .sudo()
            .search([("mailing_id", "=", letter.id)], order="id")
        )

    def _fetch(self, gateway):
        """One run of the scheduled action."""
        with self._gateway(gateway):
            self._run_cron(self.env.ref("beepost_tracking.ir_cron_proofs").sudo())

    def _be_due(self, proofs):
        """As if the time of the next try had come."""
        proofs.retry_at = fields.Datetime.now()
        self._follow().proofs_retry_at = False

    def _kept(self, letter, *kinds, **contents):
        """A letter with these papers kept."""
        gateway = PaperGateway()
        for kind in kinds:
            gateway.paper(letter, kind, contents.get(kind))
        self._announce(letter, *kinds, gateway=gateway)
        self._fetch(gateway)
        return self._proofs(letter)


def picture(kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", (80, 60), (10, 90, 160)).save(out, kind)
    return out.getvalue()
