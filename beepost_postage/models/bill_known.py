"""Lines of statements that are there already, by whichever reference they come again.

A provider's answer has both references, its file often one; and the letter that they
mean may be in our books only later.
"""

import hashlib
from collections import defaultdict


class Reference:
    """A line as ``_find_letters`` reads a row."""

    def __init__(self, line):
        self.client_reference = line.client_reference or ""
        self.provider_reference = line.provider_reference or ""


class KnownLines:
    """What is there; each line answers for one that comes, once.

    :param lines: [(line, its letter)] of one account, all of the days that come
    """

    def __init__(self, lines):
        self._free = defaultdict(list)
        self._fingerprints = set()
        for line, letter in lines:
            self._fingerprints.add(line.fingerprint)
            known = _Known(line, letter)
            for key in known.keys():
                self._free[key].append(known)

    def take(self, vals, letter):
        """Whether this line is there, as one that no other one has answered for."""
        came = _Known(vals, letter)
        for key in came.keys():
            for known in self._free[key]:
                if not known.taken and came.may_be(known):
                    known.taken = True
                    return True
        return False

    def name(self, vals, letter):
        """A fingerprint for a new line. Whoever brings the same at this moment gives it
        the same one, and only one of them gets through."""
        reference = (
            letter.client_reference
            or _small(vals["client_reference"])
            or vals["provider_reference"]
        )
        parts = (reference, *map(str, _what(vals)))
        key = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
        number = 1
        while f"{key}/{number}" in self._fingerprints:
            number += 1
        self._fingerprints.add(f"{key}/{number}")
        return f"{key}/{number}"


class _Known:
    """A line with all that it may be known by.

    :param line: a record, or the values of one
    """

    def __init__(self, line, letter):
        self.letter = letter
        self.what = _what(line)
        self.ours = _small(line["client_reference"])
        self.theirs = line["provider_reference"] or ""
        self.taken = False

    def keys(self):
        """The surest first."""
        for kind, reference in (
            ("letter", self.letter.id),
            ("ours", self.ours),
            ("theirs", self.theirs),
        ):
            if reference:
                yield kind, reference, self.what

    def may_be(self, other):
        """Two that share a reference are two lines where what counts more differs."""
        if self.letter and other.letter:
            return self.letter == other.letter
        return not (self.ours and other.ours) or self.ours == other.ours


def _what(line):
    return (
        " ".join(line["label"].casefold().split()),
        line["exact_amount"],
        line["exact_rate"],
        line["billed_on"].isoformat(),
    )


def _small(reference):
    return (reference or "").lower()
