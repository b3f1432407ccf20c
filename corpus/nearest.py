"""Find the known names that are most like one that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from heapq import nlargest

_COMPARED = 100  # names with most characters in common, which are looked at closely


def nearest(wanted: str, held: Iterable[str], most: int = 5) -> list[str]:
    """Return the names most like the one wanted, the likest first; of equal ones the earlier."""
    letters = frozenset(wanted)
    close = nlargest(_COMPARED, held, key=lambda name: len(letters & frozenset(name)))
    matcher = SequenceMatcher(b=wanted, autojunk=False)

    def likeness(name: str) -> float:
        matcher.set_seq1(name)
        return matcher.ratio()

    return nlargest(most, close, key=likeness)
