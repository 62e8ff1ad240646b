"""The worker is killed again and again; what is asserted is the count at the service.

Each campaign submits 200 letters to the real reference service, 8 in a request, and
kills the worker (SIGKILL) at 20 different moments: at statements, commits and requests
counted through the slice, and from outside while a request is being read, is complete
but not carried out, or is carried out but not answered. In the middle the database is
copied; when all is done the copy takes its place, as a backup restored, and works on.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bearing import ServiceProcess, pg  # noqa: E402
from campaign import HANGS, STEPS, Campaign  # noqa: E402

LETTERS = 200
BATCH = 8
MODES = ("on", "off_with_lookup", "off_without_lookup")


@pytest.mark.parametrize("mode", MODES)
def test_twenty_deaths_and_a_restored_backup(mode):
    with ServiceProcess() as service:
        service.mode(mode)
        service.limits(max_request_letters=BATCH)
        with Campaign(service, mode, LETTERS) as campaign:
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
        with Campaign(service, "twice", LETTERS) as campaign:
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
