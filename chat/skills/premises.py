"""See where a question takes for granted what the report says the other way round."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from chat.evidence import Reading
from chat.features import year_relation
from chat.generative.polarity import NEGATION
from chat.opposites import any_of, opposites
from chat.skills.base import Outcome, Quoted
from chat.span import folded, shown
from chat.types import Evidence, Status
from corpus.sentences import clause_ranges
from index.words import Word
from retriever.kinds import Kind

# Questions that take something for granted: why, since when, who had it done.
_GRANTED = re.compile(
    r"为什么|为啥|为何|何以|凭什么|什么原因|啥原因|原因(?:是|有)?(?:什么|哪些)?|怎么(?:就|会|又|还|没)|"
    r"(?:什么时候|何时|哪年|哪一年|几月|谁).{0,6}(?:取消|停|废|撤|终止|中止|关闭)"
)
_NAMED = 0.75  # share of the object's weight that a clause must name literally
_READ = 40  # segments looked at
_CONFIDENCE = 0.85
_OTHER_YEAR = 0.5  # conflict of years from which a place speaks of another time
_OPENING = 4  # characters before 为什么 that do not make it stand in the middle
_SAYS_NOTHING = frozenset("原因 政策 提前 突然 反而 却 越来越 区政府 政府 当地 国家 决定".split())
_SIDES = tuple(
    (
        (any_of(pair.words[0]), any_of(pair.words[1])),
        (any_of(pair.words[0] + pair.asked[0]), any_of(pair.words[1] + pair.asked[1])),
        pair.negated,
    )
    for pair in opposites()
)


@dataclass(frozen=True)
class Verb:
    """A word that takes a side.

    :ivar row: of the table of opposites.
    :ivar strong: it tells wherever it stands, not only in a question.
    """

    text: str
    row: int
    side: int
    start: int
    end: int
    strong: bool


def contradicted(reading: Reading) -> Outcome | None:
    """Say what the report does say where a question has it the wrong way round, else None.

    A clause contradicts if it names the object of the question and takes only the other side; one
    that takes the side asked for, as fitting as the others, bears the question out.
    """
    asked = reading.question.folded
    if _GRANTED.search(asked) is None and reading.question.kind is not Kind.REASON:
        return None
    taken = _main_verbs(asked)
    object_ = [i for i, w in enumerate(reading.question.words) if not _in_verb(w, taken)]
    if not taken or not object_:
        return None
    best: tuple[float, Evidence, Verb, Verb, str] | None = None
    for place in reading.evidence[:_READ]:
        if place.passage.section[:1] == ("名词解释",):
            continue
        _, elsewhen = year_relation(reading.question.years, place.segment, counts=False)
        if elsewhen >= _OTHER_YEAR:
            continue
        for clause in _stretches(reading, place, {t.row for t in taken}):
            named = _named(reading, clause, object_)
            if named < _NAMED or (best is not None and named <= best[0]):
                continue
            said = verbs(clause)
            if any((v.row, v.side) in {(t.row, t.side) for t in taken} for v in said):
                return None
            pair = next(((t, v) for t in taken for v in said if _opposed(t, v)), None)
            if pair is None:
                continue
            if NEGATION.search(clause):
                return None  # 不能完成 says what 没完成 asks
            best = (named, place, *pair, clause)
    if best is None:
        return None
    _, place, question, report, _ = best
    document = reading.document(place)
    sentence = shown(document, place.segment.start, place.segment.end)
    return Outcome(
        Status.UNANSWERABLE,
        f"报告没有说“{question.text}”，说的是“{report.text}”：“{sentence.rstrip('。；，')}”。",
        explanation=shown(document, place.sentence.start, place.sentence.end),
        confidence=_CONFIDENCE,
        quotes=(Quoted(document.id, place.sentence.start, place.sentence.end),),
    )


def verbs(text: str) -> list[Verb]:
    """Return the words of a folded text that take a side, in its order."""
    found: list[Verb] = []
    for row, (strong, wide, negated) in enumerate(_SIDES):
        hidden = wide[1].sub(lambda m: "＿" * len(m[0]), text) if negated else text
        for side in (0, 1):
            for match in wide[side].finditer(hidden if side == 0 else text):
                found.append(
                    Verb(
                        match[0],
                        row,
                        side,
                        *match.span(),
                        strong=strong[side].fullmatch(match[0]) is not None,
                    )
                )
    # 停止 is no 停, 不再实施 no 实施: the longest word counts.
    return sorted(
        (
            v
            for v in found
            if not any(
                w.start <= v.start and v.end <= w.end and w.end - w.start > v.end - v.start
                for w in found
            )
        ),
        key=lambda v: v.start,
    )


def _opposed(asked: Verb, said: Verb) -> bool:
    return asked.row == said.row and asked.side != said.side and (asked.strong or said.strong)


def _main_verbs(asked: str) -> list[Verb]:
    """Return the sides that the verb takes which a question takes for granted.

    It is the first behind 为什么 where that opens the question (为什么停止了提高标准), else the last: in
    降低电价的政策为什么提前结束 it is 结束.
    """
    asking = _GRANTED.search(asked)
    found = verbs(asked)
    if asking is None or not found:
        return found
    behind = [v for v in found if v.start >= asking.end()] or found
    opens = asking.start() <= _OPENING
    at = behind[0].start if opens else behind[-1].start
    return [v for v in found if v.start == at]


def _in_verb(word: Word, taken: list[Verb]) -> bool:
    """Tell whether a word of the question is the verb itself, or says nothing of the object."""
    if word.text in _SAYS_NOTHING:
        return True
    return any(word.start < v.end and v.start < word.end for v in taken)


def _named(reading: Reading, clause: str, object_: list[int]) -> float:
    met = reading.spelt(clause)[object_]
    weights = np.array([reading.question.words[i].weight for i in object_], dtype=np.float32)
    return float((met * weights).sum() / max(float(weights.sum()), 1e-6))


def _stretches(reading: Reading, place: Evidence, rows: set[int]) -> list[str]:
    """Return the clauses of a segment; one without a verb of these rows goes with the next too.

    实现财政总收入781.1亿元、一般公共预算收入391.9亿元，年均增长18.8%和17.8%.
    """
    text = folded(reading.document(place), place).text
    clauses = [text[a:b] for a, b in clause_ranges(text, 0, len(text))]
    result = list(clauses)
    result += [
        f"{one}，{other}"
        for one, other in pairwise(clauses)
        if not any(v.row in rows for v in verbs(one))
    ]
    return result
