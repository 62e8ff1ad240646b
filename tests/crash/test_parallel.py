"""Two processes act on the same letters at the same time, in transactions of their own.

Odoo never runs one scheduled action twice at once; here it is made to. What is asserted
is the count at the service.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bearing import Bearing, ServiceProcess  # noqa: E402

LETTERS = 60
BATCH = 8


class Beside(Bearing):
    """A second process on the database of ``other``."""

    def __init__(self, other, module):
        super().__init__(other.service, module, "beside")
        self.database = other.database

    def __enter__(self):
        self.nursery = self.start_nursery()
        return self

    def __exit__(self, *exception):
        self.stop_nursery()


def hold_at_the_service(first, service, when):
    """The outbox stands in the middle of its first request."""
    service.fault("hang", route="submit", when=when)
    first.order(run=0, kill_at=0)
    service.wait_hanging()


def finish(first, service):
    """Past every deadline, as often as doubts may need."""
    for _run in range(4):
        first.hours += 2
        service.advance(hours=2)
        assert first.run(run=first.hours, kill_at=0) == 0


def letters_by_state(bearing):
    rows = bearing.ask("SELECT client_reference, state FROM beepost_mailing")
    return dict(row.split("|") for row in rows)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("module", ["posting", "cancelling"])
def test_a_second_process_beside_the_outbox(module, when):
    with ServiceProcess() as service:
        service.limits(max_request_letters=BATCH)
        with Bearing(service, "posting", f"{module}_{when}") as first:
            assert first.run(build=LETTERS) == 0
            with Beside(first, module) as second:
                hold_at_the_service(first, service, when)
                assert second.run(run=0, kill_at=0) == 0
                service.clear_faults()
                assert first.ended() == 0
            finish(first, service)
            states = letters_by_state(first)
            printed = {
                reference: entry["printed"]
                for reference, entry in service.arrivals().items()
            }
    assert set(printed.values()) == {1}, "none twice"
    assert set(states.values()) <= {"accepted", "cancelled"}
    accepted = {name for name, state in states.items() if state == "accepted"}
    assert accepted == set(printed), (
        "what was cancelled never left, and nothing is lost"
    )
    if module == "posting":
        assert len(accepted) == LETTERS
    else:
        # The one process had a batch in hand, and the other all the rest.
        assert len(accepted) == BATCH


@pytest.mark.parametrize("when", ["before", "after"])
def test_letters_are_put_together_beside_the_outbox(when):
    """No document is lost or lies in two envelopes, whoever was first."""
    with ServiceProcess() as service:
        service.limits(max_request_letters=BATCH)
        with Bearing(service, "posting", f"grouping_{when}") as first:
            assert first.run(build=LETTERS) == 0
            with Beside(first, "grouping") as second:
                hold_at_the_service(first, service, when)
                assert second.run(run=0, kill_at=0) == 0
                service.clear_faults()
                assert first.ended() == 0
            finish(first, service)
            states = letters_by_state(first)
            printed = {
                reference: entry["printed"]
                for reference, entry in service.arrivals().items()
            }
            lying = first.ask(
                "SELECT line.name, letter.state FROM beepost_mailing_document line"
                " JOIN beepost_mailing letter ON letter.id = line.mailing_id"
            )
    accepted = {name for name, state in states.items() if state == "accepted"}
    assert set(printed.values()) == {1}, "none twice"
    assert accepted == set(printed)
    assert sorted(lying) == sorted(
        f"Document {number}|accepted" for number in range(LETTERS)
    )
    # What was at the service stayed as it was, and most others found company.
    assert BATCH < len(accepted) < LETTERS - BATCH
