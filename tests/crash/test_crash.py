"""The worker is killed again and again; what is asserted is the count at the service.

Each campaign submits 200 letters to the real reference service, 8 in a request, and
kills the worker (SIGKILL) at 20 different moments: at statements, commits and requests
counted through the slice, and from outside while a request is being read, is complete
but not carried out, or is carried out but not answered. In the middle the database is
copied; when all is done the copy takes its place, as a backup restored, and works on.
"""

import os
import signal
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bearing import Bearing, ServiceProcess, pg  # noqa: E402

LETTERS = 200
BATCH = 8
# A slice takes some 60 steps, what precedes the first one about as many.
STEPS = (3, 17, 31, 45, 59, 66, 73, 80, 87, 94, 101, 108, 122, 136)
HANGS = ("reading", "before", "after", "before", "after", "reading")
MODES = ("on", "off_with_lookup", "off_without_lookup")


class Campaign(Bearing):
    """One database, one service, and a clock that goes on between the deaths."""

    def __init__(self, service, mode):
        super().__init__(service, "posting", mode)
        self.seen = []  # after each death: (claimed, of these arrived)

    def __enter__(self):
        super().__enter__()
        assert self.run(build=LETTERS) == 0
        return self

    def __exit__(self, *exception):
        super().__exit__(*exception)
        pg("dropdb", "--if-exists", "--force", self.backup_name)

    @property
    def backup_name(self):
        return f"{self.database}_backup"

    def later(self):
        """Past every deadline, so that nothing has to sleep."""
        self.hours += 2
        self.service.advance(hours=2)

    def die_at(self, step):
        self.later()
        assert self.dies_at(step)
        self.look()

    def die_while(self, when):
        self.later()
        self.service.fault("hang", route="submit", when=when)
        pid = self.order(run=self.hours, kill_at=0)
        self.service.wait_hanging()
        os.kill(pid, signal.SIGKILL)
        assert self.ended() == -signal.SIGKILL
        self.service.clear_faults()
        self.look()

    def look(self):
        claimed = self.references("sending")
        self.seen.append((len(claimed), len(claimed & set(self.service.arrivals()))))

    def finish(self):
        for _run in range(4):
            self.later()
            assert self.run(run=self.hours, kill_at=0) == 0

    def back_up(self):
        pg("createdb", "-T", self.database, self.backup_name)

    def restore(self):
        self.stop_nursery()
        pg("dropdb", "--force", self.database)
        rename = f'ALTER DATABASE "{self.backup_name}" RENAME TO "{self.database}"'
        pg("psql", "-q", "-c", rename, "postgres")
        self.nursery = self.start_nursery()

    def references(self, *states):
        where = ",".join(f"'{state}'" for state in states)
        sql = f"SELECT client_reference FROM beepost_mailing WHERE state IN ({where})"
        return set(self.ask(sql))


@pytest.mark.parametrize("mode", MODES)
def test_twenty_deaths_and_a_restored_backup(mode):
    with ServiceProcess() as service:
        service.mode(mode)
        service.limits(max_request_letters=BATCH)
        with Campaign(service, mode) as campaign:
            deaths = [(campaign.die_at, step) for step in STEPS]
            deaths += [(campaign.die_while, when) for when in HANGS]
            assert len(deaths) == 20
            for number, (die, moment) in enumerate(deaths[::2] + deaths[1::2]):
                die(moment)
                if number == 9:
                    campaign.back_up()
            # The deaths were of every kind: nothing claimed; claimed, not arrived;
            # claimed and arrived.
            assert any(not claimed for claimed, _arrived in campaign.seen)
            assert any(claimed and not arrived for claimed, arrived in campaign.seen)
            assert any(claimed and arrived for claimed, arrived in campaign.seen)
            campaign.finish()
            judge(campaign, mode)
            campaign.restore()
            campaign.finish()
            judge(campaign, mode)


def judge(campaign, mode):
    """What the service counted, against what Odoo says."""
    arrivals = campaign.service.arrivals()
    accepted = campaign.references("accepted")
    doubtful = campaign.references("unknown")
    assert len(accepted | doubtful) == LETTERS, "no letter is lost or stuck"
    assert {entry["printed"] for entry in arrivals.values()} == {1}, "none twice"
    assert accepted <= set(arrivals), "what Odoo calls accepted is there"
    if mode == "off_without_lookup":
        return
    assert not doubtful
    assert set(arrivals) == accepted
    assert {entry["seen"] for entry in arrivals.values()} == {1}, (
        "none was even sent again that had arrived"
    )


def test_the_campaign_would_notice_a_second_posting():
    """The count at the service is no tautology: without its memory a repeat prints."""
    with ServiceProcess() as service:
        service.mode("off_with_lookup")
        with Campaign(service, "twice") as campaign:
            campaign.finish()
            reference = sorted(campaign.references("accepted"))[0]
            sql = (
                "UPDATE beepost_mailing SET state = 'queued'"
                f" WHERE client_reference = '{reference}'"
            )
            pg("psql", "-q", "-c", sql, campaign.database)
            campaign.finish()
            assert service.arrivals()[reference]["printed"] == 2
            with pytest.raises(AssertionError, match="none twice"):
                judge(campaign, "off_with_lookup")
