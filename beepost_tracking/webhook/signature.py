"""The signature of a webhook, as ``openapi.yaml`` says (``webhooks.news``).

``BeePOST-Signature`` is ``v1=`` and the hexadecimal HMAC-SHA256, under the secret, of
the value of ``BeePOST-Timestamp`` (Unix seconds), a full stop, and the raw body.
"""

from __future__ import annotations

import hashlib
import hmac
import re

TIMESTAMP_HEADER = "BeePOST-Timestamp"
SIGNATURE_HEADER = "BeePOST-Signature"
TOLERANCE = 300  # s between the sender's clock and ours
MIN_SECRET = 16  # characters: a shorter one can be guessed


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The header's value. :raises ValueError: the secret is too short to be one"""
    if len(secret) < MIN_SECRET:
        raise ValueError(f"a secret has at least {MIN_SECRET} characters")
    signed = timestamp.encode() + b"." + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def is_genuine(
    secret: str, timestamp: str, signature: str, body: bytes, now: float
) -> bool:
    """Whether who knows the secret has signed these bytes just now.

    :param secret: empty: nobody can be genuine
    :param timestamp: as received, and so is ``signature``
    :param now: Unix seconds
    """
    if len(secret) < MIN_SECRET or not re.fullmatch(r"[0-9]{1,12}", timestamp):
        return False
    # In constant time, and before the time is looked at: an answer tells nothing.
    known = hmac.compare_digest(
        sign(secret, timestamp, body).encode(), signature.encode("utf-8", "replace")
    )
    return known and abs(now - int(timestamp)) <= TOLERANCE
