"""Reckon with amounts that a report gives: exact fractions, bounds kept, units checked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from chat.reports.series import SCALES, Aspect, Point, Series, split_unit
from corpus.figures.bounds import Bound

MINUS = "−"
PERCENT = frozenset({"%", "‰"})
POINTS = "个百分点"
_CENT = Decimal("0.01")
_STEPS = ("万亿", "亿", "万", "")  # scales that results are written in
_HUNDREDTH = Fraction(1, 100)
# What a difference is bounded by: (minuend, subtrahend) → result; all else is rough.
_DIFFERENCES = {
    (Bound.EXACT, Bound.EXACT): Bound.EXACT,
    (Bound.AT_LEAST, Bound.EXACT): Bound.AT_LEAST,
    (Bound.EXACT, Bound.AT_MOST): Bound.AT_LEAST,
    (Bound.AT_MOST, Bound.EXACT): Bound.AT_MOST,
    (Bound.EXACT, Bound.AT_LEAST): Bound.AT_MOST,
}
_PREFIX = {Bound.EXACT: "", Bound.AT_LEAST: "至少", Bound.AT_MOST: "至多", Bound.ABOUT: "约"}


@dataclass(frozen=True)
class Amount:
    """A value to reckon with.

    :ivar value: in single units: 元, not 亿元.
    :ivar scale: that it is written in: 亿.
    :ivar base: what is counted: 元; ``%``.
    :ivar text: as in the working: 2017年82.7万亿元.
    """

    value: Fraction
    scale: str
    base: str
    bound: Bound
    text: str


@dataclass(frozen=True)
class Result:
    """What reckoning came to.

    :ivar value: in single units, in percentage points, or the bare ratio.
    :ivar text: as told: 约8.3万亿元.
    :ivar working: 2017年82.7万亿元 − 2016年74.4万亿元 = 8.3万亿元.
    """

    value: Fraction
    text: str
    working: str


def amount_of(series: Series, point: Point, label: str = "") -> Amount:
    """Return a point of a series as an amount; ``label`` is written in front of it."""
    scale, base = split_unit(series.unit)
    sign = MINUS if point.value < 0 and series.aspect is Aspect.GROWTH else ""
    return Amount(
        point.value * SCALES[scale],
        split_unit(point.found.figure.unit)[0],
        base,
        point.bound,
        f"{label}{sign}{point.text}",
    )


def comparable(amounts: list[Amount]) -> bool:
    """Tell whether amounts count the same thing."""
    return len({a.base for a in amounts}) == 1


def difference(high: Amount, low: Amount) -> Result:
    """Return ``high − low``, without its sign where it is negative."""
    value = high.value - low.value
    if value < 0:
        high, low, value = low, high, -value
    bound = _DIFFERENCES.get((high.bound, low.bound), Bound.ABOUT)
    text = _written(value, high, bound)
    return Result(value, text, f"{high.text} {MINUS} {low.text} = {text}")


def total(amounts: list[Amount]) -> Result:
    """Return the sum of amounts of one unit."""
    value = sum((a.value for a in amounts), Fraction(0))
    bounds = {a.bound for a in amounts} - {Bound.EXACT}
    bound = Bound.EXACT if not bounds else bounds.pop() if len(bounds) == 1 else Bound.ABOUT
    text = _written(value, max(amounts, key=lambda a: a.value), bound)
    return Result(value, text, f"{' + '.join(a.text for a in amounts)} = {text}")


def ratio(high: Amount, low: Amount) -> Result | None:
    """Return how many times ``low`` is in ``high``; None where that has no meaning."""
    if low.value <= 0 or high.value <= 0:
        return None
    return _quotient(high, low, Fraction(1), "倍", f"{high.text} ÷ {low.text}")


def share(part: Amount, whole: Amount) -> Result | None:
    """Return what part of the whole something is, in %; None where it is larger than the whole."""
    if whole.value <= 0 or not 0 <= part.value <= whole.value:
        return None
    return _quotient(part, whole, Fraction(100), "%", f"{part.text} ÷ {whole.text}")


def growth(last: Amount, first: Amount) -> Result | None:
    """Return by how many percent a value grew (below zero: fell), None from nothing."""
    if first.value <= 0 or last.value < 0:
        return None
    value = (last.value - first.value) / first.value * 100
    rough = _rough(last, first)
    text = f"{_PREFIX[rough]}{number(abs(value))}%"
    sign = equals(abs(value)) if rough is Bound.EXACT else "≈"
    fell = MINUS if value < 0 else ""
    working = (
        f"（{last.text} {MINUS} {first.text}）÷ {first.text} {sign} {fell}{number(abs(value))}%"
    )
    return Result(value, text, working)


def number(value: Fraction) -> str:
    """Write a value: exact if it has at most two decimals or ends, else rounded half up."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    if _ends(value):
        return plain(exact)
    return plain(exact.quantize(_CENT, ROUND_HALF_UP))


def equals(value: Fraction) -> str:
    """Return the sign between working and a value that is written by :func:`number`."""
    return "=" if _ends(value) else "≈"


def plain(value: Decimal) -> str:
    """Write a decimal without exponent and trailing zeros: 300 stays 300."""
    return format(value.normalize(), "f") if value else "0"


def _quotient(first: Amount, second: Amount, times: Fraction, unit: str, working: str) -> Result:
    value = first.value / second.value * times
    rounded = Fraction(
        (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_CENT, ROUND_HALF_UP)
    )
    rough = _rough(first, second)
    text = f"{_PREFIX[rough]}{number(rounded)}{unit}"
    sign = "=" if rounded == value and rough is Bound.EXACT else "≈"
    return Result(value, text, f"{working} {sign} {number(rounded)}{unit}")


def _rough(first: Amount, second: Amount) -> Bound:
    exact = first.bound is Bound.EXACT and second.bound is Bound.EXACT
    return Bound.EXACT if exact else Bound.ABOUT


def _ends(value: Fraction) -> bool:
    """Tell whether a fraction ends as a decimal."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def _written(value: Fraction, like: Amount, bound: Bound) -> str:
    """Write a sum or difference in the scale of an amount, in a smaller one below one unit."""
    if like.base in PERCENT:
        return f"{_PREFIX[bound]}{number(value)}{POINTS}"
    scale = like.scale
    if scale in _STEPS:
        for smaller in _STEPS[_STEPS.index(scale) :]:
            scale = smaller
            if value >= SCALES[scale] or value < _HUNDREDTH:
                break
    return f"{_PREFIX[bound]}{number(value / SCALES[scale])}{scale}{like.base}"
