"""Sum up a topic: what the whole report says of it, quoted, chapter by chapter."""

from __future__ import annotations

from itertools import groupby

from chat.skills.asking import Wanted, wanted
from chat.skills.base import Inquiry, Outcome, Quoted
from chat.skills.chapters import Role
from chat.skills.gather import Speaks, Told, gather
from chat.span import shown
from chat.types import Group, Status
from corpus.types import Document
from retriever.question import understand

MOST = 10  # items told
_CONFIDENCE = 0.9
_OWN_WORDS = 0.75  # for a subject that no list of topics names
_DONE = {Role.PAST, Role.OTHER}


def topic_summary(inquiry: Inquiry) -> Outcome | None:
    """Sum up what the reports say of the topic asked for, None for any other question."""
    asked = wanted(inquiry.question.folded, inquiry.scope.own)
    if asked is None:
        return None
    found = [(d, told) for d in by_fit(inquiry, asked.role) if (told := _told(inquiry, d, asked))]
    if not found:
        # The search may still find what is meant, or say that nothing is.
        return None
    document, told = found[0]
    fitting = [t for t in told if _fits(t.role, asked.role)]
    if not fitting:
        return _other_side(document, told, asked)
    fitting = _of_years(inquiry, document, fitting)
    return _summary(inquiry, document, fitting, asked)


def by_fit(inquiry: Inquiry, role: Role | None) -> list[Document]:
    """Return the reports that may answer, those of the years asked first, then the newest first.

    Work of 2011 is told by the report of 2012; plans for 2011 by that of 2011.
    """
    years = inquiry.question.years

    def fit(document: Document) -> tuple[int, int]:
        year = document.year or 0
        if years is None:
            return 0, -year
        wished = years[1] + 1 if role is Role.PAST else years[0]
        return abs(year - wished), -year

    return sorted(inquiry.documents, key=fit)


def which_report(inquiry: Inquiry, document: Document) -> tuple[str, ...]:
    """Return the note that says which report was taken, where there were several to take from."""
    if len(inquiry.documents) < 2:
        return ()
    if inquiry.question.years is not None:
        return (f"以上内容摘自《{document.title}》。",)
    return (f"问题没有写明年份和地区，以上内容摘自较新的《{document.title}》。",)


def outcome_of(
    document: Document,
    lead: str,
    chosen: list[Told],
    confidence: float,
    notes: tuple[str, ...] = (),
) -> Outcome:
    """Return the answer that quotes the stretches chosen, grouped by chapter."""
    items = [shown(document, t.start, t.end).rstrip("，；,;：:") for t in chosen]
    pairs = list(zip(chosen, items, strict=True))
    groups = tuple(
        Group(heading, tuple(item for _, item in members))
        for heading, members in groupby(pairs, key=lambda pair: pair[0].chapter)
    )
    return Outcome(
        Status.ANSWERED,
        lead,
        explanation="\n".join(f"【{g.heading}】{'；'.join(g.items)}" for g in groups),
        items=tuple(items),
        confidence=confidence,
        quotes=tuple(Quoted(document.id, t.start, t.end) for t in chosen),
        notes=notes,
        groups=groups,
    )


def _told(inquiry: Inquiry, document: Document, asked: Wanted) -> list[Told]:
    if asked.topics:
        names = tuple(n for t in asked.topics for n in t.names)
        return gather(document, Speaks(asked.topics, inquiry.words), names, inquiry.words)
    # A subject of the asker's own must stand in the report, or what the vocabulary calls it.
    understood = understand(asked.subject, None, inquiry.words)
    linked = inquiry.vocabulary.linked(understood.folded, understood.words)
    names = (asked.subject, *(p for _, _, partners in linked for p in partners))
    return gather(document, Speaks((), inquiry.words, names), names, inquiry.words)


def _fits(role: Role, asked: Role | None) -> bool:
    if asked is Role.PAST:
        return role in _DONE
    if asked is Role.PLAN:
        return role is Role.PLAN
    return role is not Role.PROBLEM


def _of_years(inquiry: Inquiry, document: Document, told: list[Told]) -> list[Told]:
    """Return what belongs to the years asked, everything if nothing is told of just these."""
    years = inquiry.question.years
    if years is None or document.year is None or years[1] >= document.year:
        return told
    periods = {(p.start, p.end): p.period for p in document.paragraphs}

    def period(t: Told) -> tuple[int, int] | None:
        return next((q for (a, b), q in periods.items() if a <= t.start < b), None)

    exact = [t for t in told if period(t) == years]
    return exact or told


def _summary(
    inquiry: Inquiry, document: Document, told: list[Told], asked: Wanted
) -> Outcome | None:
    best = {t.start for t in sorted(told, key=lambda t: -t.weight)[:MOST]}
    chosen = [t for t in told if t.start in best]
    lead = f"报告里关于“{asked.subject}”的内容摘录如下。"
    if asked.role is Role.PAST:
        lead = f"报告讲到“{asked.subject}”已经做的工作，摘录如下。"
    elif asked.role is Role.PLAN:
        lead = f"报告讲到“{asked.subject}”今后的安排，摘录如下。"
    notes = which_report(inquiry, document)
    if len(told) > len(chosen):
        notes = (
            f"报告里说到它的地方一共有{len(told)}处，这里摘录最相关的{len(chosen)}处。",
            *notes,
        )
    confidence = _CONFIDENCE if asked.topics else _OWN_WORDS
    return outcome_of(document, lead, chosen, confidence, notes)


def _other_side(document: Document, told: list[Told], asked: Wanted) -> Outcome | None:
    """Say that only plans are told where work done was asked for, or the other way round."""
    nearest = sorted(told, key=lambda t: -t.weight)[:3]
    if asked.role is Role.PAST:
        missing = f"报告没有写“{asked.subject}”方面已经做了什么，只写了今后的安排。"
    else:
        missing = f"报告没有写“{asked.subject}”方面今后的安排，只写了已经做的工作。"
    return Outcome(
        Status.UNANSWERABLE,
        missing,
        confidence=_CONFIDENCE,
        quotes=tuple(Quoted(document.id, t.start, t.end) for t in nearest),
    )
