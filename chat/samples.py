"""Questions worth showing: drawn from the reports, each tried before it is shown."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator

from chat.service import Service
from chat.types import Answer, Status
from corpus.types import Document, Figure, FigureKind, GlossaryEntry

SURE = 0.75  # probability of being right from which a question may be offered
_PLACE = re.compile(r".+?(?:省|市|区|县|州|旗|镇|乡)")
_ASKS = {
    FigureKind.ACTUAL: "是多少",
    FigureKind.GROWTH: "增长多少",
    FigureKind.SHARE: "是多少",
    FigureKind.TARGET: "的目标是多少",
}
_LEAD = re.compile(
    r"^(?:推进|推动|打好|完善|提升|持续优化|全面激发|全力扩大|加快|培育|构建)[\u4e00-\u9fff]{3,12}$"
)
_LONGEST = 10  # characters of an indicator that people still use
_NEAR = 600  # characters around an answer in which follow-ups are looked for
_TRIES = 18
_SAMPLE_TRIES = 40
_REPORTS = 5  # newest reports from which samples are drawn


class Samples:
    """The sample questions of the published library, found anew when it changes."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._version: int | None = None
        self._questions: list[str] = []

    def questions(self) -> list[str]:
        """Return the samples of the version published now."""
        with self._lock:
            version = self._service.library.version
            if version != self._version:
                self._questions = sample_questions(self._service)
                self._version = version
            return list(self._questions)


def sample_questions(service: Service, count: int = 6) -> list[str]:
    """Return up to ``count`` questions of different kinds that the reports answer, the newest first."""
    library = service.library
    kept: list[str] = []
    documents = sorted(library.documents.values(), key=lambda d: (d.year or 0, d.date, d.id))
    for document in reversed(documents[-_REPORTS:]):
        reached: list[Figure] = []
        aimed_at: list[Figure] = []
        for figure in library.figures[document.id]:
            (aimed_at if figure.kind is FigureKind.TARGET else reached).append(figure)
        sources = [
            _figures(document, reached),
            _measures(document),
            _terms(document.glossary),
            _figures(document, aimed_at),
        ]
        kept += _answered(service, _in_turn(sources), count - len(kept), _SAMPLE_TRIES)
        if len(kept) == count:
            break
    return kept


def follow_ups(service: Service, answer: Answer, asked: list[str], count: int = 3) -> list[str]:
    """Return questions near to an answer that the service answers with high confidence.

    :param asked: questions of the conversation, which are not offered again.
    """
    if not answer.citations:
        return []
    first = answer.citations[0]
    library = service.library
    document = library.documents.get(first.document)
    if document is None:
        return []
    near = sorted(
        (f for f in library.figures[document.id] if abs(f.start - first.start) < _NEAR),
        key=lambda f: abs(f.start - first.start),
    )
    names = {f.name for f in near if first.start <= f.start < first.end and f.text in answer.answer}
    same = [f for f in library.figures[document.id] if f.name in names]
    terms = [e for e in document.glossary if any(abs(a - first.start) < _NEAR for a, _ in e.uses)]
    sources = [
        _figures(document, [f for f in same if f.text not in answer.answer]),
        _terms(terms),
        _figures(document, near),
        _measures(document, first.section),
    ]
    before = {q.strip() for q in (*asked, answer.question, answer.standalone_question)}
    return _answered(service, (q for q in _in_turn(sources) if q not in before), count, _TRIES)


def _answered(service: Service, questions: Iterable[str], count: int, tries: int) -> list[str]:
    """Return the first questions that are answered with confidence, each with another answer."""
    kept: list[str] = []
    answers: set[str] = set()
    for number, question in enumerate(questions):
        if len(kept) == count or number == tries:
            break
        answer = service.quote(question)  # a model would take too long for so many
        sure = answer.status is Status.ANSWERED and answer.confidence >= SURE
        if sure and question not in kept and answer.answer not in answers:
            kept.append(question)
            answers.add(answer.answer)
    return kept


def _in_turn(sources: list[Iterator[str]]) -> Iterator[str]:
    """Yield from each source in turn until all are empty."""
    waiting = list(sources)
    while waiting:
        source = waiting.pop(0)
        question = next(source, None)
        if question is not None:
            waiting.append(source)
            yield question


def _figures(document: Document, figures: Iterable[Figure]) -> Iterator[str]:
    """Yield questions for levels, growth and targets of indicators in a single year."""
    parts = _PLACE.findall(document.region)
    place = parts[-1] if parts else ""
    asked: set[tuple[str, FigureKind]] = set()
    for figure in figures:
        ask = _ASKS.get(figure.kind)
        single = figure.period is not None and figure.period[0] == figure.period[1]
        if ask is None or not single or (figure.indicator, figure.kind) in asked:
            continue
        if not 2 < len(figure.indicator) <= _LONGEST:
            continue
        assert figure.period is not None
        asked.add((figure.indicator, figure.kind))
        link = "的" if place else ""
        yield f"{figure.period[0]}年{place}{link}{figure.indicator}{ask}？"


def _measures(document: Document, within: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield questions for the measures under a paragraph that names its aim."""
    chapter = within[:1]
    for paragraph in document.paragraphs:
        lead = paragraph.section[-1] if paragraph.section else ""
        if _LEAD.match(lead) and paragraph.section[: len(chapter)] == chapter:
            yield f"怎么{lead}？"


def _terms(entries: Iterable[GlossaryEntry]) -> Iterator[str]:
    """Yield questions for the terms of the glossary."""
    for entry in entries:
        yield f"“{entry.term.strip('“”')}”是什么意思？"
