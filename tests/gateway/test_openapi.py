"""The document is valid, and client, service and document know the same operations."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from specimens import wishing

from beepost_mail import gateway as room
from beepost_mail.gateway import port

DOCUMENT = Path(room.__file__).with_name("openapi.yaml")


@pytest.fixture(scope="module")
def document():
    return yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))


def test_the_document_is_valid(document):
    assert document["openapi"].startswith("3.1.")
    validate(document, cls=OpenAPIV31SpecValidator)


def test_every_operation_is_used_and_no_other(document, service, gateway):
    one = wishing("standard")
    gateway.limits()
    gateway.quote([one])
    gateway.check([one])
    gateway.submit([one])
    gateway.lookup([one.client_reference])
    gateway.cancel(one.client_reference)
    other = wishing("standard")
    gateway.submit([other])
    service.advance(days=60)
    gateway.events()
    (deposit, *_rest) = gateway.proofs(other.client_reference)
    gateway.proof_content(deposit)
    gateway.costs(date(2026, 1, 1), date(2027, 1, 1))
    gateway.forgotten_password("lea@exemple.fr")
    gateway.request_account({"company": "A", "name": "B", "email": "a@b.fr"})
    gateway.ping()
    used = set(service.stats()["counts"]) - {"connections"}
    known = {
        operation["operationId"]
        for item in document["paths"].values()
        for method, operation in item.items()
        if method in ("get", "post")
    }
    assert used == known
    assert service.stats()["problems"] == ["401 token_expired: The token has expired"]


def test_limits_are_those_of_the_port(document):
    stated = document["components"]["schemas"]["Limits"]
    fields = set(port.ServiceLimits.__dataclass_fields__)
    assert set(stated["required"]) == set(stated["properties"]) == fields


def test_a_manifest_says_all_that_the_port_knows_of_a_letter(document):
    stated = set(document["components"]["schemas"]["Letter"]["properties"])
    assert stated == set(port.Letter.__dataclass_fields__) - {"pdf"}
