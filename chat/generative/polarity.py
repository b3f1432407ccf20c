"""Which way a statement is turned: by opposite verbs, and by negation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chat.opposites import any_of, opposites, sides_taken

# 不断, 不仅 and the like deny nothing.
NEGATION = re.compile(
    "没有|没能|未能|尚未|并未|从未|未曾|仍未|还未|未(?=完成|实现|达|通过|获|建成|列入|提|按|开|落实|发生|出现)|"
    "不再|不得|不能|不会|不予|不准|不允许|无法|并非|不是|不存在|无(?=一例|一起|新增)|没(?=完成|实现|达|有)|杜绝|避免|防止"
)
_SIDES = tuple((any_of(p.words[0]), any_of(p.words[1]), p.negated) for p in opposites())
# Both sides may stand in one sentence of a report; only words of one kind are weighed.


@dataclass(frozen=True)
class Polarity:
    """Which sides of ``chat/opposites.toml`` a stretch of text takes, and whether it denies.

    :ivar sides: (row, side) of each opposite word that stands in it.
    """

    sides: frozenset[tuple[int, int]]
    denies: bool


def polarity(folded: str) -> Polarity:
    """Return the polarity of a folded stretch of text."""
    sides = frozenset(
        (row, side)
        for row, (one, other, negated) in enumerate(_SIDES)
        for side in sides_taken(folded, one, other, negated=negated)
    )
    return Polarity(sides, NEGATION.search(folded) is not None)


def opposed(said: Polarity, clause: Polarity, sentence: Polarity) -> bool:
    """Tell whether a statement turns its source round.

    :param said: of the generated clause.
    :param clause: of the clause of the report most like it.
    :param sentence: of the whole sentence that this clause stands in.
    """
    for row, side in said.sides:
        given = clause.sides if any(r == row for r, _ in clause.sides) else sentence.sides
        if (row, side) not in given and (row, 1 - side) in given:
            return True
    if said.denies:
        return not sentence.denies
    return clause.denies


def unfounded(said: Polarity, sentence: Polarity) -> bool:
    """Tell whether a statement takes a side that its source does not speak of at all."""
    return any(pair not in sentence.sides for pair in said.sides)
