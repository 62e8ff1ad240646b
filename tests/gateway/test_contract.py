"""Both adapters keep the same contract."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from contract import GatewayContract

from beepost_mail.gateway.sandbox import LIMITS, SandboxGateway
from beepost_mail.gateway.store import MemoryStore

FRIDAY = datetime(2026, 11, 20, 10, tzinfo=timezone.utc)


class Practice:
    def __init__(self):
        self._now = FRIDAY
        self._store = MemoryStore()
        self.gateway = self.limited()

    def now(self):
        return self._now

    def advance(self, **delta):
        self._now += timedelta(**delta)

    def limited(self, **limits):
        stated = replace(LIMITS, **limits)
        return SandboxGateway(self._store, clock=self.now, limits=stated)


class Remote:
    def __init__(self, service, connect):
        self._service = service
        self._service.set_clock(FRIDAY, stand=True)
        self.gateway = connect()

    def now(self):
        return datetime.fromisoformat(self._service.control("clock")["now"])

    def advance(self, **delta):
        self._service.advance(**delta)

    def limited(self, **limits):
        self._service.limits(**limits)
        return self.gateway


class TestSandbox(GatewayContract):
    @pytest.fixture
    def provider(self):
        return Practice()


class TestHttp(GatewayContract):
    @pytest.fixture
    def provider(self, service, connect):
        return Remote(service, connect)
