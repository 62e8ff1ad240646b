"""The papers that the practice provider issues: one plain page each, the same bytes for
the same facts."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

TITLES = {
    "deposit": "Preuve de dépôt",
    "content": "Preuve de contenu",
    "delivery": "Preuve de distribution",
    "ar_scan": "Avis de réception",
    "return_scan": "Pli retourné à l'expéditeur",
}


def proof_pdf(kind: str, facts: Sequence[str]) -> bytes:
    """One A4 page: a title, the facts line by line, and that it is for practice."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=True)
    canvas.setTitle(TITLES[kind])
    text = canvas.beginText(60, 760)
    text.setFont("Helvetica-Bold", 16)
    text.textLine(TITLES[kind])
    text.setFont("Helvetica", 10)
    text.textLine("Exemple sans valeur juridique - practice document")
    text.textLine("")
    for fact in facts:
        text.textLine(fact)
    canvas.drawText(text)
    canvas.save()
    return buffer.getvalue()
