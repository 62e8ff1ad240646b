"""Medians of paired runs, as a table, as JSON and as the last lines."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from bench.runs import Run

FIGURES = ("queries", "commits", "requests", "connections")
HEAD = (
    f"{'':11}{'ms a letter':>13}{'(least–most)':>17}{'CPU ms':>8}"
    f"{'queries':>9}{'commits':>9}{'requests':>10}{'connections':>13}{'peak MiB':>10}"
)


def median(runs: Iterable[Run], name: str) -> float:
    return statistics.median(getattr(run, name) for run in runs)


def ratio(costly: Sequence[Run], cheap: Sequence[Run], name: str = "ms") -> float:
    """Median of the ratios of each pair."""
    return statistics.median(
        getattr(a, name) / getattr(b, name) for a, b in zip(costly, cheap, strict=True)
    )


def table(title: str, sides: dict[str, list[Run]]) -> str:
    """One setting on one network; each side's runs in the order of their pairs."""
    lines = [title, HEAD]
    for side, runs in sides.items():
        times = [run.ms for run in runs]
        spread = f"({min(times):.2f}–{max(times):.2f})"
        figures = [median(runs, name) for name in FIGURES]
        lines.append(
            f"  {side:9}{median(runs, 'ms'):13.2f}{spread:>17}"
            f"{median(runs, 'cpu_ms'):8.2f}{figures[0]:9.2f}{figures[1]:9.3f}"
            f"{figures[2]:10.3f}{figures[3]:13.3f}{median(runs, 'peak_mb'):10.0f}"
        )
    lines.append("  " + ", ".join(_ratios(sides)))
    return "\n".join(lines)


def _ratios(sides: dict[str, list[Run]]) -> Iterable[str]:
    ours = sides["ours"]
    yield f"snailmail takes {ratio(sides['snailmail'], ours):.1f} times as long as ours"
    if "raw" in sides:
        yield f"ours {ratio(ours, sides['raw']):.2f} times as long as the bare bytes"


def lengths(runs_by_length: dict[int, list[Run]]) -> str:
    """Whether time grows with the queue as it should, and memory does not."""
    lines = ["ours by length of the queue, submission, network 0 ms"]
    for length, runs in sorted(runs_by_length.items()):
        lines.append(
            f"  {length:6} letters{median(runs, 'ms'):9.2f} ms a letter"
            f"{median(runs, 'start_mb'):9.0f} MiB before"
            f"{median(runs, 'peak_mb'):7.0f} MiB at most"
        )
    return "\n".join(lines)


def following(figures: Iterable[dict]) -> list[str]:
    """What reading events and opening the kanban cost, a line each."""
    return [
        f"bench: {'pull' if 'open' in figure else 'kanban'} "
        + " ".join(f"{name}={value:.0f}" for name, value in figure.items())
        for figure in figures
    ]


def prices(figures: Iterable[dict]) -> list[str]:
    """What a batch of quotes costs, a line each."""
    return [
        f"bench: quotes letters={figure['quotes']} queries={figure['queries']:.0f}"
        f" ms={figure['ms']:.0f}"
        for figure in figures
    ]


def composing(figures: Sequence[dict]) -> list[str]:
    """What the dialog of any document costs, opened on one and sending many."""
    opened, mass = figures
    return [
        f"bench: compose open_queries={opened['open_queries']:.0f}"
        f" open_ms={opened['open_ms']:.0f} pages={opened['pages']}"
        f" rendered={opened['rendered']}",
        f"bench: mass documents={mass['documents']}"
        f" queries_per_letter={mass['queries_per_letter']:.1f}",
    ]


def summary(network_ms: int, sides: dict[str, list[Run]]) -> str:
    ours = sides["ours"]
    return (
        f"bench: submit net={network_ms}ms"
        f" vs_snailmail={ratio(sides['snailmail'], ours):.1f}x"
        f" of_raw={ratio(ours, sides['raw']):.1f}x"
        f" queries={median(ours, 'queries'):.2g}"
        f" commits={median(ours, 'commits'):.2g}"
        f" requests={median(ours, 'requests'):.2g}"
    )
