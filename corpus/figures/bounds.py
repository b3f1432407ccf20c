"""What the word beside a figure says of its value: at least, at most, about, or exactly."""

from __future__ import annotations

from enum import StrEnum


class Bound(StrEnum):
    """How a value is bounded."""

    EXACT = "exact"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    ABOUT = "about"


# (bound, qualifiers of figures, example)
BOUNDS: tuple[tuple[Bound, str, str], ...] = (
    (
        Bound.AT_LEAST,
        "大大超过 超过 突破 超 逾 以上 不低于 不少于 不小于 至少 最少 多 余 来",
        "超过100万亿元",
    ),
    (
        Bound.AT_MOST,
        "不到 不足 达到近 将近 接近 近 以下 以内 之内 不高于 不超过 不多于 最多",
        "不到70万亿元",
    ),
    (Bound.ABOUT, "左右 上下 大约 大体 约 之多", "3%左右"),
)
# Qualifiers that are written behind the number.
BEHIND_WORDS = frozenset("左右 以上 以下 以内 之内 上下 之多 多 余".split())
_BOUNDS = {word: bound for bound, words, _ in BOUNDS for word in words.split()}


def bound_of(qualifier: str) -> Bound:
    """Return what a qualifier says; an empty one, that the value is exact."""
    return _BOUNDS.get(qualifier, Bound.ABOUT if qualifier else Bound.EXACT)
