"""``python -m bench.worker SIDE SETTING DATABASE URL``: one measurement, in a process.

SIDE is ``ours`` or ``snailmail``. SETTING is ``submit`` (the letters wait in the queue,
PDFs ready) or ``full`` (from the invoice with its PDF). Prints a JSON list with what
each step cost a letter (``meter.Meter``). Letters leave as in real life, by the
scheduled action of each. A few go first, unmeasured: a server's worker is warm.
"""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import nullcontext, suppress
from cProfile import Profile

from bench import house
from bench.making import make_letters
from bench.meter import Meter


class Enough(BaseException):
    """The sample is complete. Not an Exception: Odoo would catch that."""


def main() -> None:
    options = _arguments()
    with house.environment(options.database) as env:
        side = SIDES[options.side](env, options)
        side.connect()
        work = _full if options.setting == "full" else _submission
        sys.stdout.write(json.dumps(work(env, side, options)) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("side", choices=sorted(SIDES))
    parser.add_argument("setting", choices=["submit", "full"])
    parser.add_argument("database")
    parser.add_argument("url")
    parser.add_argument("--letters", type=int, required=True, help="in the queue")
    parser.add_argument("--warm-up", type=int, required=True, help="of them, first")
    parser.add_argument("--sample", type=int, default=0, help="snailmail: 0 is all")
    parser.add_argument("--identifier", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--profile", help="the submission's cProfile goes there")
    return parser.parse_args()


def _submission(env, side, options) -> list[dict]:
    letters = env[side.model].search([], order="id")
    waiting = letters[options.warm_up : options.letters]
    (letters - letters[: options.warm_up]).write({"state": side.held})
    side.submit()
    waiting.write({"state": side.waiting})
    env.cr.commit()
    return [_measured_submission(side, options)]


def _full(env, side, options) -> list[dict]:
    invoices = house.invoices(env)[: options.letters]
    make_letters(env, side.method, invoices[: options.warm_up])
    side.submit()
    measured = invoices[options.warm_up :]
    meter = Meter()
    make_letters(env, side.method, measured)
    meter.end()
    return [meter.per_letter(len(measured)), _measured_submission(side, options)]


def _measured_submission(side, options) -> dict:
    before = side.sent()
    profile = Profile() if options.profile else None
    meter = Meter()
    with profile or nullcontext():
        side.submit(options.sample)
    meter.end()
    if profile:
        profile.dump_stats(options.profile)
    return meter.per_letter(side.sent() - before)


class Side:
    """One of the two ways. ``waiting`` and ``held`` are states of a letter."""

    model: str
    method: str  # core's name for it
    waiting: str
    held: str
    gone: str

    def __init__(self, env, options):
        self.env, self.options = env, options

    def count(self, *states: str) -> int:
        self.env.cr.commit()  # looks at what the scheduled action has written
        return self.env[self.model].search_count([("state", "in", states)])

    def sent(self) -> int:
        return self.count(self.gone)


class Ours(Side):
    model, method = "beepost.mailing", "beepost"
    waiting, held, gone = "queued", "ready", "accepted"

    def connect(self) -> None:
        account = house.account(self.env)
        account.write(
            {
                "url": self.options.url,
                "identifier": self.options.identifier,
                "password": self.options.password,
            }
        )
        # A cloned database would ask about every letter first: this one sent none.
        account.incarnation = account._current_incarnation()

    def submit(self, sample: int = 0) -> None:
        """As often as the scheduled action says that there is more; always all."""
        cron = house.account(self.env).sudo().cron_id
        left = self.count("draft", "queued")
        while left:
            cron.method_direct_trigger()
            before, left = left, self.count("draft", "queued")
            if left == before:
                raise SystemExit(f"{left} letters do not leave")


class Snailmail(Side):
    model, method = "snailmail.letter", "snailmail"
    waiting, held, gone = "pending", "canceled", "sent"

    def connect(self) -> None:
        parameters = self.env["ir.config_parameter"]
        for name in ("snailmail.endpoint", "iap.endpoint"):
            parameters.set_param(name, self.options.url)
        self.env["iap.account"].get("snailmail")  # made at its first use

    def submit(self, sample: int = 0) -> None:
        """Always its whole queue, on which the cost of a letter depends; after
        ``sample`` letters it is stopped."""
        self.env.cr.commit()
        with self._stopping_after(sample) if sample else nullcontext():
            self.env.ref("snailmail.snailmail_print").method_direct_trigger()

    def _stopping_after(self, sample: int):
        model = type(self.env["snailmail.letter"])
        original = model._snailmail_print
        done = 0

        def counting(letters, immediate=True):
            nonlocal done
            original(letters, immediate)
            done += 1
            if done == sample:
                raise Enough

        model._snailmail_print = counting
        return suppress(Enough)


SIDES = {"ours": Ours, "snailmail": Snailmail}


if __name__ == "__main__":
    main()
