"""Choose the quantity that a question asks for: indicator, unit, year and owner must agree."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from chat.features import Matcher, unit_fits, year_relation
from chat.span import Span, folded, shown
from chat.types import Evidence
from corpus.quantities import Quantity, quantities
from corpus.sentences import clause_ranges
from corpus.types import Document, Sentence
from corpus.years import named_years
from index.words import WordModel

# Weights of what speaks for a quantity, chosen on govqa validation by hand, in units of the
# evidence score.
_LOCAL, _UNIT, _YEAR, _LATER = 4.0, 2.5, 2.0, 0.5
_WINDOW_BEFORE, _WINDOW_AFTER = 30, 10
_FROM = re.compile(r"(?:从|由)[^，。；]{0,14}$")
_TO = re.compile(r"(?:到|至|为|达)[^，。；、]{0,10}$")
_EARLIER = re.compile(r"原来|原先|以前|之前|此前|当初|最初")
_JOINER = re.compile(r"[、和与及]")


@dataclass(frozen=True)
class Candidate:
    """A quantity with the words that say what it measures.

    :ivar before: range of the folded segment that names its indicator.
    :ivar after: range behind it (the thing counted).
    :ivar owner: range of the quantity or name that it belongs to in a parallel list.
    :ivar years: years bound to it.
    """

    evidence: Evidence
    quantity: Quantity
    before: tuple[int, int]
    after: tuple[int, int]
    owner: tuple[int, int] | None
    years: tuple[int, ...]
    start_value: bool


def candidates(document: Document, evidence: Evidence) -> list[Candidate]:
    """Return every quantity of an evidence segment with its owner and years."""
    text = folded(document, evidence).text
    found = quantities(text)
    owners = _owners(text, found)
    result = []
    for i, quantity in enumerate(found):
        clause = next(
            (r for r in clause_ranges(text, 0, len(text)) if r[0] <= quantity.start < r[1]),
            (0, len(text)),
        )
        previous = max((q.end for q in found[:i]), default=0)
        begin = clause[0] if previous <= clause[0] else previous
        if quantity.start - begin < 4:  # 年均增长18.8%: the indicator stands a clause earlier
            begin = min(begin, max(0, quantity.start - _WINDOW_BEFORE))
        stop = re.search(r"[，。；：、]", text[quantity.end : quantity.end + _WINDOW_AFTER])
        end = quantity.end + (stop.start() if stop else _WINDOW_AFTER)
        head = text[clause[0] : quantity.start]
        named = [y for p, y in named_years(text) if clause[0] <= p < quantity.start]
        result.append(
            Candidate(
                evidence=evidence,
                quantity=quantity,
                before=(begin, quantity.start),
                after=(quantity.end, min(end, len(text))),
                owner=owners.get(i),
                years=(named[-1],) if named else evidence.segment.years,
                start_value=bool(_FROM.search(head)) and not _TO.search(head),
            )
        )
    return result


def _owners(text: str, found: list[Quantity]) -> dict[int, tuple[int, int]]:
    """Match the i-th of a run of quantities with the i-th owner named before it.

    收入781.1亿元、预算391.9亿元，年均增长18.8%和17.8%: 17.8% belongs to 预算391.9亿元;
    甲、乙分别为3家和5家: 5家 belongs to 乙.
    """
    owners: dict[int, tuple[int, int]] = {}
    for run in _runs(text, found):
        first = found[run[0]]
        earlier = [q for q in found[: run[0]] if q.kind != first.kind]
        if len(earlier) >= len(run):
            mates = earlier[-len(run) :]
            starts = [
                max((q.end for q in found if q.end <= m.start), default=0) for m in mates
            ]
            begins = [max(s, _clause_start(text, m.start)) for s, m in zip(starts, mates, strict=True)]
            for index, begin, mate in zip(run, begins, mates, strict=True):
                owners[index] = (begin, mate.end)
            continue
        head = text[_clause_start(text, first.start) : first.start]
        if "分别" in head:
            names = list(re.finditer(r"[^、和与及]+", head.split("分别")[0]))
            if len(names) >= len(run):
                offset = _clause_start(text, first.start)
                for index, name in zip(run, names[-len(run) :], strict=True):
                    owners[index] = (offset + name.start(), offset + name.end())
    return owners


def _runs(text: str, found: list[Quantity]) -> list[list[int]]:
    runs: list[list[int]] = []
    for i in range(1, len(found)):
        gap = text[found[i - 1].end : found[i].start]
        if len(gap) == 1 and _JOINER.match(gap) and found[i].kind == found[i - 1].kind:
            if runs and runs[-1][-1] == i - 1:
                runs[-1].append(i)
            else:
                runs.append([i - 1, i])
    return runs


def _clause_start(text: str, position: int) -> int:
    return max((text.rfind(c, 0, position) + 1 for c in "，。；：,;"), default=0)


def choose(
    matcher: Matcher,
    model: WordModel,
    evidence: list[Evidence],
    documents: dict[str, Document],
    reach: float = 3.0,
) -> tuple[Candidate, float] | None:
    """Return the best quantity of the evidence and its score, or None if there is none.

    :param reach: segments whose score is this far below the best are not looked at.
    """
    best: tuple[Candidate, float] | None = None
    for place in evidence:
        if place.score < evidence[0].score - reach:
            break
        document = documents[place.passage.document_id]
        for candidate in candidates(document, place):
            text = folded(document, place).text
            score = place.score + _score(matcher, model, text, candidate)
            if best is None or score > best[1]:
                best = (candidate, score)
    return best


def _score(matcher: Matcher, model: WordModel, text: str, candidate: Candidate) -> float:
    question = matcher.question
    parts = [text[slice(*candidate.before)], text[slice(*candidate.after)], candidate.quantity.unit]
    if candidate.owner is not None:
        parts.append(text[slice(*candidate.owner)])
    words = [tuple(model.cut(p)) for p in parts]
    met = matcher.matches(parts, words, [model.vectors(list(w)) for w in words])
    score = _LOCAL * matcher.weighted(met)
    quantity = candidate.quantity
    if question.units:
        score += _UNIT * (1 if unit_fits(quantity.unit, quantity.kind, question.units) else -1)
    elif quantity.kind in ("bare", "time"):
        score -= _UNIT
    bound = replace(candidate.evidence.segment, years=candidate.years)
    agree, conflict = year_relation(question.years, bound, counts=True)
    score += _YEAR * (agree - conflict)
    if candidate.start_value and not (question.years and agree) and not _EARLIER.search(question.folded):
        score -= _LATER
    return score


def number_span(candidate: Candidate, documents: dict[str, Document]) -> Span:
    """Return the chosen quantity as an answer."""
    document = documents[candidate.evidence.passage.document_id]
    start, end = folded(document, candidate.evidence).source_range(
        candidate.quantity.start, candidate.quantity.end
    )
    return Span(shown(document, start, end), (candidate.evidence,))


def bound_segment(candidate: Candidate) -> Sentence:
    """Return the segment of a candidate with the years bound to the quantity itself."""
    return replace(candidate.evidence.segment, years=candidate.years)
