"""Which papers of an envelope are printed once, although several letters bring them.

Letters that share an envelope each bring what was enclosed with them: the terms and
conditions of the company, most often, again and again. The addressee needs them once.

* Only what has a ``content`` is ever the same as something else; a document has none,
  and is printed whatever lies beside it.
* The content decides, never a name.
* What one letter encloses several times is wanted so (a form in two copies): of each
  content, the envelope holds as many copies as the letter that wants the most of them.
* The last copy is the one that is printed, so that it follows every document that it
  goes with, and nothing else changes its place. But what lies on top of all stays
  there: its first page is what shows in the window.

Nothing is moved or forgotten for it: whoever takes a paper out of the envelope and asks
again is told which copy takes its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Paper:
    """One document or enclosure.

    :param number: its name, no other paper's
    :param owner: the letter and the document that it was put in with
    :param pages: 0 where nobody counted yet
    :param size: bytes
    :param content: what makes it the same as another; empty where nothing does
    """

    number: Hashable
    owner: Hashable
    pages: int
    size: int = 0
    content: str = ""


def keepers(papers: Sequence[Paper]) -> list[Paper]:
    """For each of ``papers`` the one that is printed for it, most often itself.

    :param papers: of one envelope, in order
    """
    copies: dict[Hashable, list[Paper]] = {}
    keys: list[Hashable] = []
    seen: Counter = Counter()
    for paper in papers:
        key: Hashable = paper.number
        if paper.content:
            seen[paper.owner, paper.content] += 1
            key = paper.content, seen[paper.owner, paper.content]
        keys.append(key)
        copies.setdefault(key, []).append(paper)
    kept = {
        key: same[0] if same[0] is papers[0] else same[-1]
        for key, same in copies.items()
    }
    return [kept[key] for key in keys]


def printed(papers: Sequence[Paper]) -> list[Paper]:
    """Those of ``papers`` that are in the PDF, in order."""
    return [
        paper
        for paper, keeper in zip(papers, keepers(papers), strict=True)
        if keeper is paper
    ]
