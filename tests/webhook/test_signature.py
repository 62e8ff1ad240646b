"""Only who knows the secret, and only just now."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.beepost_tracking.webhook.signature import is_genuine, sign

SECRET = "un-secret-assez-long"
NOW = 1_795_000_000
BODY = b'{"account": "compta@exemple.fr"}'


def genuine(secret=SECRET, timestamp=str(NOW), signature=None, body=BODY, now=NOW):
    signature = sign(SECRET, timestamp, body) if signature is None else signature
    return is_genuine(secret, timestamp, signature, body, now)


def test_the_formula_is_the_documented_one():
    wanted = hmac.new(SECRET.encode(), b"1795000000." + BODY, hashlib.sha256)
    assert sign(SECRET, "1795000000", BODY) == f"v1={wanted.hexdigest()}"
    assert genuine()


@pytest.mark.parametrize("age", [0, 299, 300, -300])
def test_within_five_minutes(age):
    assert genuine(now=NOW + age)


@pytest.mark.parametrize("age", [301, -301, 10**6])
def test_too_old_or_too_new(age):
    assert not genuine(now=NOW + age)


@pytest.mark.parametrize("secret", ["", "court", "un-autre-secret-bien-long"])
def test_no_secret_or_another_one(secret):
    assert not genuine(secret=secret)


@pytest.mark.parametrize(
    "signature", ["", "v1=", "v1=00", sign(SECRET, str(NOW), b"x"), "é", "v1=\udc80"]
)
def test_other_signatures(signature):
    assert not genuine(signature=signature)


@pytest.mark.parametrize("timestamp", ["", "soon", "-5", "1e9", "١٧٩٥٠٠٠٠٠٠", "9" * 13])
def test_timestamps_that_are_none(timestamp):
    signed = (
        "v1="
        + hmac.new(
            SECRET.encode(), timestamp.encode() + b"." + BODY, hashlib.sha256
        ).hexdigest()
    )
    assert not genuine(timestamp=timestamp, signature=signed)


def test_a_short_secret_signs_nothing():
    with pytest.raises(ValueError, match="16"):
        sign("court", str(NOW), BODY)


@given(body=st.binary(max_size=200), other=st.binary(max_size=200))
def test_a_signature_serves_one_body(body, other):
    signature = sign(SECRET, str(NOW), body)
    assert is_genuine(SECRET, str(NOW), signature, other, NOW) == (body == other)
