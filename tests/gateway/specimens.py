"""Letters to post in tests."""

import hashlib
import uuid

from beepost_mail.gateway.port import Letter


def letter(pdf=None, **values) -> Letter:
    """A letter that any provider accepts, but for ``values``."""
    reference = values.pop("client_reference", None) or str(uuid.uuid4())
    if pdf is None:
        pdf = b"%PDF-1.7 " + reference.encode() + b" %%EOF"
    return Letter(
        **{
            "client_reference": reference,
            "pdf": pdf,
            "sha256": hashlib.sha256(pdf).hexdigest(),
            "recipient": ("GARAGE MARTIN", "12 RUE DE LA PAIX", "69003 LYON"),
            "sender": ("ATELIER DUPONT", "3 QUAI DU PORT", "13002 MARSEILLE"),
            "country": "FR",
            "service": "lettre",
            "color": False,
            "duplex": True,
            "pages": 2,
            "sheets": 1,
            **values,
        }
    )


def wishing(outcome, service="recommande_ar", **values) -> Letter:
    """A letter that takes this journey."""
    return letter(service=service, options={"sandbox_journey": outcome}, **values)
