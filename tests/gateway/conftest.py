"""One service process for the session, forgetting everything before each test."""

import pytest

from beepost_mail.gateway.http import HttpGateway
from service.client import IDENTIFIER, PASSWORD, ServiceProcess


@pytest.fixture(scope="session")
def _process():
    with ServiceProcess() as process:
        yield process


@pytest.fixture
def service(_process):
    """The reference service; a test fails if it broke its own contract."""
    _process.reset()
    yield _process
    assert _process.stats()["violations"] == []


@pytest.fixture
def connect(service):
    """Makes gateways to the service, closed in the end."""
    opened = []

    def connect(identifier=IDENTIFIER, password=PASSWORD, **options):
        options.setdefault("timeouts", (5, 20))
        opened.append(HttpGateway(service.url, identifier, password, **options))
        return opened[-1]

    yield connect
    for gateway in opened:
        gateway.close()


@pytest.fixture
def gateway(connect):
    return connect()
