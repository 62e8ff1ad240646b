"""What a room found out about a letter, in a form that any language can show.

The rooms never write sentences for people: they name a ``code`` and its figures, and
the Odoo side (``models/wording.py``) has one translated sentence for each code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

ERROR = "error"  # the letter cannot leave as it is
WARNING = "warning"  # it can leave, but a person should know
REPAIR = "repair"  # something was changed so that it can leave
LEVELS = (ERROR, WARNING, REPAIR)


@dataclass(frozen=True)
class Finding:
    """One fact about an address or a document.

    :param code: dotted name, ``address.line_too_long`` for instance; stable, since
        translations and support answers hang on it
    :param level: one of ``LEVELS``
    :param params: plain figures and texts for the sentence: ``line`` and ``page`` count
        from 1, lengths are characters, distances ``*_mm`` are millimetres
    """

    code: str
    level: str
    params: Mapping[str, str | int | float] = field(default_factory=dict)

    def __post_init__(self):
        if self.level not in LEVELS:
            raise ValueError(f"unknown level {self.level!r}")

    def as_dict(self) -> dict:
        """JSON-ready form; ``from_dict`` is its inverse."""
        return {"code": self.code, "level": self.level, "params": dict(self.params)}

    @classmethod
    def from_dict(cls, values: Mapping) -> Finding:
        return cls(values["code"], values["level"], dict(values.get("params") or {}))


class Refusal(Exception):
    """The letter cannot leave; ``findings`` says why (at least one is an error)."""

    def __init__(self, findings: Iterable[Finding]):
        self.findings = tuple(findings)
        super().__init__(", ".join(f"{f.code} {dict(f.params)}" for f in self.findings))


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.level == ERROR)
