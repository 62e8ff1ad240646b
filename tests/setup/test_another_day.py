"""``--on DAY``: how far away the day is, and that programs then live on it."""

import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

LIB = Path(__file__).resolve().parents[2] / "setup/lib"
NOW = datetime(2026, 12, 1, 8, 30, tzinfo=timezone.utc)
# Each kind of waiting that Python has, and how long 0.1 s of it take.
WAITING = """
import datetime, json, select, subprocess, sys, threading, time
start = time.clock_gettime(time.CLOCK_MONOTONIC)
taken = threading.Lock()
taken.acquire()
for wait in (
    lambda: time.sleep(0.1),
    lambda: threading.Event().wait(0.1),
    lambda: taken.acquire(timeout=0.1),
    lambda: select.select([], [], [], 0.1),
    lambda: subprocess.run(["sleep", "0.1"], timeout=9),
):
    wait()
took = time.clock_gettime(time.CLOCK_MONOTONIC) - start
child = subprocess.run(["date", "-u", "+%F"], capture_output=True, text=True)
now = datetime.datetime.now(datetime.timezone.utc)
print(json.dumps([now.date().isoformat(), child.stdout.strip(), took]))
"""


@pytest.fixture
def another_day(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(LIB))
    import another_day

    monkeypatch.setattr(another_day, "WORK", tmp_path)
    return another_day


def test_days_are_taken_out_of_the_arguments(another_day):
    arguments = ["-k", "x", "--on", "2027-01-01", "tests", "--on=2028-02-29T22:30"]
    days, others = another_day.split(arguments)
    assert days == ["2027-01-01", "2028-02-29T22:30"]
    assert others == ["-k", "x", "tests"]


@pytest.mark.parametrize("wrong", ["", "tomorrow", "2027-02-29", "2027-13-01"])
def test_what_is_no_day_is_one_sentence(another_day, wrong):
    with pytest.raises(another_day.Failure, match="is no day: write 2027-01-01"):
        another_day.split(["--on", wrong])


@pytest.mark.parametrize(
    ("day", "away"),
    [
        ("2026-12-01", timedelta()),
        ("2026-12-31", timedelta(days=30)),
        ("2025-07-19", timedelta(days=-500)),
        ("2026-12-31T22:30", timedelta(days=30, hours=14)),
    ],
)
def test_whole_days_unless_an_hour_is_named(another_day, day, away):
    assert another_day.offset(day, NOW) == away


@pytest.mark.parametrize("day", ["2025-07-19", "2027-01-01", "2035-12-24"])
def test_python_lives_and_waits_on_that_day(another_day, day):
    done = subprocess.run(
        [sys.executable, "-c", WAITING],
        env=another_day.environment(f"{day}T12:00"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert not done.stderr
    own, child, took = json.loads(done.stdout)
    assert (own, child) == (day, day)
    assert took >= 0.5


def test_browsers_have_their_other_clock_moved_too(another_day, tmp_path, monkeypatch):
    program = tmp_path / "chromium"
    program.write_text('#!/bin/sh\nenv | grep FAKETIME_DONT; echo "$1"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    environment = another_day.environment("2027-01-01")
    assert environment["FAKETIME_DONT_FAKE_MONOTONIC"] == "1"
    del environment["LD_PRELOAD"]
    done = subprocess.run(
        ["chromium", "a word"], env=environment, capture_output=True, text=True
    )
    assert done.stdout == "a word\n"


def test_table(another_day):
    outcomes = [
        another_day.Outcome("2027-01-01", 0, ("4700", "0", "0"), 14.31),
        another_day.Outcome("2028-02-29", 1, (), 0.2),
    ]
    assert another_day.table(outcomes).splitlines() == [
        "       day  passed  failed  skipped  minutes",
        "2027-01-01    4700       0        0     14.3",
        "2028-02-29             yes               0.2",
    ]
