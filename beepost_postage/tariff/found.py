"""What is found in somebody's price list, right or wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from odoo.addons.beepost_mail.letter.finding import ERROR, Finding

from ..tabular.table import letters


@dataclass
class Reading:
    """:param steps: (row, values) by the names of ``grid.Line``; options likewise
    :param valid_to: exclusive, as grids have it; files have the last day itself
    :param shared: what holds for the whole list: ``vat_rate``, ``round_to``, ``origin``
    """

    steps: list[tuple[int, dict]] = field(default_factory=list)
    options: list[tuple[int, dict]] = field(default_factory=list)
    valid_from: date | None = None
    valid_to: date | None = None
    shared: dict = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    # field → column, to say where a row is wrong
    columns: dict[str, str] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)

    @property
    def faults(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == ERROR]

    def where(self, row: int, name: str) -> dict:
        """The params that name a cell, of the column that has ``name``."""
        column = self.columns.get(name) or next(iter(self.positions), "")
        place = letters(self.positions.get(column, 0))
        return {"cell": f"{place}{row}", "row": row, "column": column}
