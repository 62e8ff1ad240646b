"""What an export says of a letter, an event, a document and a proof: names of columns
are for programs too, and stay as they are."""

from __future__ import annotations

LETTER = (
    *("id", "name", "state", "status", "return_reason", "contradicted"),
    *("is_practice", "is_copy", "color", "duplex"),
    *("create_date", "queued_at", "first_sent_at", "accepted_at", "posted_at"),
    *("presented_at", "pickup_until", "delivered_at", "undeliverable_at"),
    *("returned_at", "deposit_date", "due_on", "promise"),
    *("provider_reference", "tracking_number", "attempts"),
    *("pages", "sheets", "envelope", "weight_mg", "is_legal_pdf", "sha256"),
    *("image_removed_on", "erased_on"),
)
LETTER_CONTENT = ("recipient", "sender", "country_code")
EVENT = (
    *("source", "external_id", "code", "label", "canonical", "reason", "place"),
    *("happened_at", "received_at", "client_reference", "provider_reference"),
    *("tracking_number", "proof_kind"),
)
DOCUMENT = (
    *("sequence", "name", "kind", "res_model", "res_id", "pages", "sheets"),
    "sha256",
)
# What several documents enclose is printed once: the sequence of the line that has its
# pages, in the same letter.
PRINTED_WITH = "printed_with"
PROOF = (
    *("client_reference", "kind", "proof_id", "issued_at", "state", "fetched_at"),
    *("filename", "mimetype", "size", "announced_sha256", "sha256"),
)
COLUMNS = {
    "letters": (
        *("reference", *LETTER, "account", "service", "addressee", "sent_by"),
        *("replaces", *LETTER_CONTENT, "file", "note"),
    ),
    "events": ("reference", *EVENT, "raw"),
    "documents": ("reference", *DOCUMENT, PRINTED_WITH),
    "proofs": ("reference", *PROOF, "file", "note"),
}


def letter_row(letter, whole: bool, path: str, note: str) -> dict:
    """:param whole: with the content; else only what managers see of every letter"""
    return {
        "reference": letter.client_reference,
        **{name: letter[name] for name in LETTER},
        "account": letter.account_id.name,
        "service": letter.service_id.code,
        "addressee": letter.partner_id.name,
        "sent_by": letter.user_id.name,
        "replaces": letter.origin_id.client_reference,
        **{name: whole and letter[name] for name in LETTER_CONTENT},
        "file": path,
        "note": note,
    }


def event_row(event, whole: bool) -> dict:
    """Signatures and addresses may be in the raw payload: it is content."""
    return {
        "reference": event.mailing_id.client_reference,
        **{name: event[name] for name in EVENT},
        "raw": whole and event.raw,
    }


def document_row(line) -> dict:
    printed = line.printed_with_id
    return {
        "reference": line.mailing_id.client_reference,
        **{name: line[name] for name in DOCUMENT},
        "pages": 0 if printed else line.pages,
        PRINTED_WITH: printed.sequence if printed else "",
    }


def proof_row(proof, path: str, note: str) -> dict:
    return {
        "reference": proof.mailing_id.client_reference,
        **{name: proof[name] for name in PROOF},
        "file": path,
        "note": note,
    }
