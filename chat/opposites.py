"""Opposite verbs: what one side says the other denies, read from one table for all who need it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "opposites.toml"


@dataclass(frozen=True)
class Pair:
    """Two sides that deny one another; the first index of everything is the side, 0 or 1.

    :ivar words: words of each side that tell wherever they stand.
    :ivar asked: words that tell only in a question, against ``words`` of the other side.
    :ivar negated: words of side 1 hold words of side 0 (未完成, 完成).
    """

    words: tuple[tuple[str, ...], tuple[str, ...]]
    asked: tuple[tuple[str, ...], tuple[str, ...]]
    negated: bool = False


@lru_cache(maxsize=1)
def opposites() -> tuple[Pair, ...]:
    """Return the pairs of the table, in its order."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["pair"]
    return tuple(
        Pair(
            (tuple(row["one"]), tuple(row["other"])),
            (tuple(row.get("asked_one", ())), tuple(row.get("asked_other", ()))),
            bool(row.get("negated", False)),
        )
        for row in rows
    )


def sides_taken(
    folded: str, one: re.Pattern[str], other: re.Pattern[str], *, negated: bool
) -> frozenset[int]:
    """Return which sides of a pair a folded text takes: 未完成 holds 完成 where the pair is negated.

    :param one: the words of side 0; ``other`` those of side 1.
    """
    rest = other.sub("＿", folded) if negated else folded
    return frozenset(
        side for side, held in enumerate((one.search(rest), other.search(folded))) if held
    )


def any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern of these words, longest first; of none it never matches."""
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)) or r"(?!)")
