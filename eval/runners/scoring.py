"""Score one answer: everything that can be said of it, as figures from 0 to 1."""

from __future__ import annotations

from dataclasses import replace

from eval.datasets.types import QuestionRow
from eval.metrics import cmrc
from eval.metrics.matching import item_precision, item_recall, within
from eval.metrics.numbers import (
    amount_agrees,
    asks_number,
    holds_number,
    is_number,
    mostly_number,
    value_agrees,
    years_of,
)
from eval.runners.runs import Asked, Shown
from eval.runners.systems import Reply, Sources


def scored(
    row: QuestionRow,
    reply: Reply,
    sources: Sources | None,
    forced: Reply | None = None,
    passages: tuple[Shown, ...] = (),
) -> Asked:
    """Score what a system said to a question.

    :param forced: what it would say without refusing; ``reply`` itself where it answered.
    :param passages: what it found.
    """
    right = row.answerable and not reply.refused and within(row, reply.told)
    scores = _of_answer(row, reply, right=right)
    scores |= _of_citations(row, reply, sources)
    if row.answerable and not row.items and is_number(row.answers):
        scores |= _of_number(row, reply, sources)
    given = reply if not reply.refused else forced
    return Asked(
        id=row.id,
        type=row.type,
        question=row.question,
        answerable=row.answerable,
        golds=tuple(row.items or row.answers),
        evidence=row.evidence,
        refused=reply.refused,
        answer=reply.answer,
        explanation=reply.explanation,
        outcome=_outcome(row, reply, right=right),
        scores=scores,
        took_ms=round(reply.took_ms, 2),
        probability=reply.probability if given is None else given.probability,
        forced_right=None if given is None else row.answerable and within(row, given.told),
        history=tuple(row.history),
        items=reply.items,
        citations=tuple(_marked(row, c) for c in reply.citations),
        passages=tuple(_marked(row, p) for p in passages),
    )


def _outcome(row: QuestionRow, reply: Reply, *, right: bool) -> str:
    if reply.refused:
        return "withheld" if row.answerable else "refused"
    return "right" if right else "wrong"


def _of_answer(row: QuestionRow, reply: Reply, *, right: bool) -> dict[str, float]:
    answered = not reply.refused
    scores = {
        "correct": float(right if row.answerable else reply.refused),
        "wrong_number": float(answered and not right and _shows_number(row, reply)),
    }
    if answered:
        scores["answered_right"] = float(right)
    else:
        scores["refusal_precision"] = float(not row.answerable)
    if not row.answerable:
        refused = float(reply.refused)
        return scores | {"unanswerable_refused": refused, "refusal_recall": refused}
    told = reply.answer if answered else ""
    scores |= {
        "answerable_right": float(right),
        "answerable_direct": float(answered and within(row, reply.answer)),
        "answerable_refused": float(reply.refused),
        "em": float(cmrc.exact(row.answers, told)),
        "f1": cmrc.f1(row.answers, told),
    }
    if row.items:
        listed = "\n".join((reply.told, *reply.items)) if answered else ""
        scores["item_recall"] = item_recall(row, listed)
        if answered and reply.items:
            scores["item_precision"] = item_precision(row, reply.items)
    return scores


def _shows_number(row: QuestionRow, reply: Reply) -> bool:
    """Tell whether an answer gives a number for its answer, not a sentence that happens to hold one."""
    if mostly_number(reply.answer):
        return True
    return asks_number(row.question) and holds_number(reply.answer)


def _of_number(row: QuestionRow, reply: Reply, sources: Sources | None) -> dict[str, float]:
    if reply.refused:
        return {"number_right": 0.0, "number_value": 0.0}
    value = value_agrees(row.answers, reply.answer)
    whole = amount_agrees(row.answers, reply.answer)
    scores = {"number_value": float(value), "number_right": float(whole)}
    if value:
        scores["number_unit"] = float(whole)
        year = _year_agrees(row, reply, sources)
        if year is not None:
            scores["number_year"] = float(year)
    return scores


def _year_agrees(row: QuestionRow, reply: Reply, sources: Sources | None) -> bool | None:
    """Tell whether the figure cited is of the year of the right one; None if neither is a figure."""
    if sources is None or not row.evidence:
        return None
    document = row.document or next((c.document for c in reply.citations), None)
    if document is None or document not in sources.ids():
        return None
    figures = sources.figures(document)
    right = years_of(figures, [(row.start, row.end)], row.answers)
    ranges = [(c.start, c.end) for c in reply.citations if c.document == document]
    told = years_of(figures, ranges, [reply.answer])
    return bool(right & told) if right and told else None


def _of_citations(row: QuestionRow, reply: Reply, sources: Sources | None) -> dict[str, float]:
    scores: dict[str, float] = {}
    if sources is None:
        return scores
    held = set(sources.ids())
    if reply.citations:
        scores["quotes_exact"] = float(
            all(
                c.document in held and sources.text(c.document)[c.start : c.end] == c.text
                for c in reply.citations
            )
        )
    if not row.answerable or not row.evidence:
        return scores
    hits = [_overlap(row, c) for c in reply.citations]
    scores["answerable_cited"] = float(not reply.refused and any(hits))
    if not reply.refused and hits:
        scores["citation_precision"] = sum(h > 0 for h in hits) / len(hits)
        scores["citation_recall"] = _covered(row, reply.citations) / (row.end - row.start)
    return scores


def _overlap(row: QuestionRow, shown: Shown) -> int:
    if row.document is not None and shown.document != row.document:
        return 0
    return max(0, min(shown.end, row.end) - max(shown.start, row.start))


def _covered(row: QuestionRow, citations: tuple[Shown, ...]) -> int:
    positions: set[int] = set()
    for c in citations:
        if _overlap(row, c):
            positions.update(range(max(c.start, row.start), min(c.end, row.end)))
    return len(positions)


def _marked(row: QuestionRow, shown: Shown) -> Shown:
    return replace(shown, right=bool(row.evidence) and _overlap(row, shown) > 0)
