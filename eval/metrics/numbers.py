"""Exact numbers: value, unit and year of what was told against what is right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from corpus.cleaning import fold_text
from corpus.figures.mentions import mentions
from corpus.types import Figure
from retriever.kinds import Kind, kind_of

_MOST_OF_IT = 0.5  # share of an answer's characters that numbers take up, for it to be a number


@dataclass(frozen=True)
class Amount:
    """A number with its unit as written, the scale kept in the unit."""

    value: Decimal | Fraction
    unit: str

    @property
    def size(self) -> tuple[Fraction, str]:
        """Value in single units and the unit without its scale, so that 0.5亿元 is 5000万元."""
        value, unit = Fraction(self.value), self.unit.replace("％", "%")
        for scale, power in _SCALES:
            if unit.startswith(scale):
                return value * power, unit.removeprefix(scale)
        return value, unit


_SCALES = (("万亿", 10**12), ("千万", 10**7), ("百万", 10**6), ("亿", 10**8), ("万", 10**4))


def amounts(text: str) -> list[Amount]:
    """Return the numbers of a text with their units, in order."""
    return [Amount(m.value, m.unit) for m in mentions(fold_text(text))]


def is_number(answers: list[str]) -> bool:
    """Tell whether the shortest right answer is a number with its unit and little else."""
    return bool(answers) and mostly_number(min(answers, key=len))


def mostly_number(text: str) -> bool:
    """Tell whether numbers with their units take up at least half of a text."""
    folded = fold_text(text).strip()
    taken = sum(m.right - m.left for m in mentions(folded))
    return bool(folded) and taken >= _MOST_OF_IT * len(folded)


def asks_number(question: str) -> bool:
    """Tell whether a question asks for a number."""
    return kind_of(fold_text(question)) is Kind.NUMBER


def holds_number(text: str) -> bool:
    """Tell whether a text holds a number."""
    return bool(mentions(fold_text(text)))


def value_agrees(golds: list[str], told: str) -> bool:
    """Tell whether a told number has the value of a right one, whatever its unit."""
    right = {a.size[0] for g in golds for a in amounts(g)[:1]}
    return any(a.size[0] in right for a in amounts(told))


def amount_agrees(golds: list[str], told: str) -> bool:
    """Tell whether a told number has value and unit of a right one.

    A right answer without a unit asks for none.
    """
    right = {a.size for g in golds for a in amounts(g)[:1]}
    bare = {value for value, unit in right if not unit}
    return any(a.size in right or a.size[0] in bare for a in amounts(told))


def years_of(
    figures: Iterable[Figure], ranges: list[tuple[int, int]], texts: list[str]
) -> set[tuple[int, int]]:
    """Return the periods of the figures in some ranges that have the value of one of the texts."""
    values = {a.size[0] for t in texts for a in amounts(t)}
    return {
        f.period
        for f in figures
        if f.period is not None
        and any(start < f.end and f.start < end for start, end in ranges)
        and Amount(f.value, f.unit).size[0] in values
    }
