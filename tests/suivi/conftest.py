"""One La Poste for the session, forgetting everything before each test."""

import pytest

from odoo.addons.beepost_tracking.suivi.client import SuiviClient

from laposte.client import KEY, LaPosteProcess


@pytest.fixture(scope="session")
def _process():
    with LaPosteProcess() as process:
        yield process


@pytest.fixture
def laposte(_process):
    """A test fails if a request was one that La Poste would not take."""
    _process.reset()
    yield _process
    assert _process.stats()["problems"] == []


@pytest.fixture
def connect(laposte):
    """Makes clients, closed in the end."""
    opened = []

    def connect(key=KEY, url=None, timeouts=(5, 20)):
        opened.append(SuiviClient(url or laposte.url, key, timeouts))
        return opened[-1]

    yield connect
    for client in opened:
        client.close()


@pytest.fixture
def client(connect):
    return connect()
