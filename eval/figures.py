"""Score the extraction of figures against figures annotated by hand."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import add
from pathlib import Path

from rich.console import Console
from rich.table import Table

from corpus.cleaning import fold_text
from corpus.figures import figures
from corpus.report import BUNDLED, read_report
from corpus.types import Document, Figure

GOLD = Path(__file__).parent / "data" / "figures"
FIELDS = ("range", "value", "unit", "period", "kind", "indicator", "qualifier", "subject")
# Annotated reports that the rules were written against, and those that they were not.
PARTS: dict[str, Path] = {"development": GOLD, "test": GOLD / "test"}
_RANGE = re.compile(r"[\d.]+-[\d.]+")
_QUOTES = str.maketrans("", "", "“”‘’\"'《》 的")


@dataclass(frozen=True)
class GoldFigure:
    """A figure as annotated; see ``eval/data/figures/README.md`` for the conventions.

    :ivar value: None for a range annotated as one figure (4-5): no found figure equals it.
    """

    start: int
    end: int
    text: str
    indicator: str
    value: Fraction | None
    unit: str
    period: tuple[int, int] | None
    kind: str
    qualifier: str
    subject: str


@dataclass(frozen=True)
class Score:
    """How many figures were annotated, found and right.

    :ivar fields: for each of ``FIELDS`` how many of the matched figures have it right.
    """

    gold: int
    found: int
    matched: int
    right: int
    fields: dict[str, int]

    @property
    def precision(self) -> float:
        """Share of the found figures with all fields right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of the annotated figures found with all fields right."""
        return self.right / self.gold if self.gold else 0.0

    def __add__(self, other: Score) -> Score:
        fields = {f: self.fields[f] + other.fields[f] for f in FIELDS}
        return Score(
            self.gold + other.gold,
            self.found + other.found,
            self.matched + other.matched,
            self.right + other.right,
            fields,
        )


def score(gold: Sequence[GoldFigure], found: Sequence[Figure]) -> Score:
    """Compare found figures with annotated ones, each matched at most once by overlap."""
    fields = dict.fromkeys(FIELDS, 0)
    right = matched = 0
    for g, figure in pairs(gold, found):
        if g is None or figure is None:
            continue
        matched += 1
        agreed = agreement(g, figure)
        right += all(agreed.values())
        for field, ok in agreed.items():
            fields[field] += ok
    return Score(len(gold), len(found), matched, right, fields)


def pairs(
    gold: Sequence[GoldFigure], found: Sequence[Figure]
) -> list[tuple[GoldFigure | None, Figure | None]]:
    """Return matches, then annotated figures that were missed and found ones that are none."""
    left = list(found)
    result: list[tuple[GoldFigure | None, Figure | None]] = []
    for g in gold:
        mate = next((f for f in left if f.start < g.end and g.start < f.end), None)
        if mate is not None:
            left.remove(mate)
        result.append((g, mate))
    return [*result, *((None, f) for f in left)]


def agreement(gold: GoldFigure, found: Figure) -> dict[str, bool]:
    """Return for each field whether it is right; the range is, for the two overlap."""
    return {
        "range": True,
        "value": gold.value is not None and gold.value == Fraction(found.value),
        "unit": gold.unit == found.unit,
        "period": gold.period == found.period,
        "kind": gold.kind == found.kind.value,
        "indicator": _same_indicator(gold.indicator, found.indicator),
        "qualifier": gold.qualifier == found.qualifier,
        "subject": gold.subject == found.subject,
    }


def _same_indicator(gold: str, found: str) -> bool:
    """Equal after folding, or one contains the other (of two characters at least)."""
    one, two = (fold_text(x).translate(_QUOTES) for x in (gold, found))
    return one == two or (min(len(one), len(two)) >= 2 and (one in two or two in one))


def read_gold(path: Path) -> list[GoldFigure]:
    """Read the annotated figures of one report."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [
        GoldFigure(
            start=row["start"],
            end=row["end"],
            text=row["text"],
            indicator=row["indicator"],
            value=None if _RANGE.fullmatch(row["value"]) else Fraction(row["value"]),
            unit=row["unit"],
            period=tuple(row["period"]) if row["period"] else None,
            kind=row["kind"],
            qualifier=row["qualifier"],
            subject=row["subject"],
        )
        for row in rows
    ]


def annotated_ranges(folder: Path) -> dict[str, list[tuple[int, int]]]:
    """Return the ranges annotated in full by report; none where the folder does not exist yet."""
    path = folder / "ranges.json"
    if not path.exists():
        return {}
    whole = json.loads(path.read_text("utf-8"))
    return {name: [(s, e) for s, e in ranges] for name, ranges in sorted(whole.items())}


def within(start: int, ranges: Iterable[tuple[int, int]]) -> bool:
    """Tell whether a position lies in one of the ranges."""
    return any(a <= start < b for a, b in ranges)


def load(name: str, data: Path) -> Document:
    """Read an annotated report; only Beilun's ships with the product."""
    return read_report(BUNDLED if name == BUNDLED.stem else data / f"{name}.txt")


def main() -> None:
    """Print a table of the scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with the reports other than Beilun's")
    data = parser.parse_args().data
    table = Table("part", "report", "gold", "found", "precision", "recall", *FIELDS)
    for part, folder in PARTS.items():
        scores = {
            name: score_report(folder, name, ranges, data or Path())
            for name, ranges in annotated_ranges(folder).items()
            if data is not None or name == BUNDLED.stem
        }
        for name, one in scores.items():
            table.add_row(*_row(part, name, one))
        if scores:
            total = reduce(add, scores.values())
            table.add_row(*_row(part, "together", total), end_section=True)
    Console(width=150).print(table)


def score_report(folder: Path, name: str, ranges: list[tuple[int, int]], data: Path) -> Score:
    """Score the figures found in the annotated ranges of one report."""
    gold = [g for g in read_gold(folder / f"{name}.jsonl") if within(g.start, ranges)]
    found = [f for f in figures(load(name, data)) if within(f.start, ranges)]
    return score(gold, found)


def _row(part: str, name: str, one: Score) -> list[str]:
    shares = [f"{one.fields[f] / one.matched:.1%}" if one.matched else "–" for f in FIELDS[1:]]
    overlap = f"{one.matched}"
    head = [part, name, str(one.gold), str(one.found)]
    return [*head, f"{one.precision:.1%}", f"{one.recall:.1%}", overlap, *shares]


if __name__ == "__main__":
    main()
