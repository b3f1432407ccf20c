"""Questions worth showing: drawn from the reports, each tried before it is shown."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chat.service import Service
from chat.types import Answer, Status
from corpus.types import Document, Figure, FigureKind, GlossaryEntry

SURE = 0.6  # probability of being right from which a question may be offered
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
# What people ask the size of: 财政总收入, 城镇调查失业率; not 做到团结, 新建公办幼儿园.
_MEASURE = re.compile(
    r"^(?!这|那|加上|其他|其它|本年|上年).*(?:总值|收入|支出|投资|总额|额|产量|产值|增加值|储量|销量|客流量|吞吐量|人数|人口|面积|率|比重|"
    r"浓度|新增就业|价格|里程|用户|能耗|强度|规模|贷款|存款|余额|赤字|储备|寿命|收入比|指数|装机)$"
)
_LONGEST = 10  # characters of an indicator that people still use
_NEAR = 600  # characters around an answer in which follow-ups are looked for
_TRIES = 18
_SAMPLE_TRIES = 40
_REPORTS = 5  # newest reports from which samples are drawn


@dataclass(frozen=True)
class _Candidate:
    """A question, and the range of a report in which its answer has to stand."""

    question: str
    document: str
    start: int
    end: int


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
    """Return up to ``count`` questions of different kinds that the newest reports answer.

    Every second one is of the newest report.
    """
    library = service.library
    held = sorted(library.store.descriptions(), key=lambda d: (d.year or 0, d.date, d.id))
    documents = [library.document(d.id) for d in held[-_REPORTS:]]
    newest, *others = [
        _of_report(document, library.figures[document.id], first=place)
        for place, document in enumerate(reversed(documents))
    ] or [iter(())]
    mixed = _in_turn([newest, _in_turn(others)])
    return _answered(service, mixed, count, _SAMPLE_TRIES)


def follow_ups(service: Service, answer: Answer, asked: list[str], count: int = 3) -> list[str]:
    """Return questions near to an answer that the service answers from where they were drawn.

    :param asked: questions of the conversation, which are not offered again.
    """
    if not answer.citations:
        return []
    first = answer.citations[0]
    library = service.library
    document = library.documents.get(first.document)
    if document is None:
        return []
    here = document.section_of(first.start)
    near = sorted(
        (
            f
            for f in library.figures[document.id]
            if abs(f.start - first.start) < _NEAR and document.section_of(f.start) == here
        ),
        key=lambda f: abs(f.start - first.start),
    )
    names = {f.name for f in near if first.start <= f.start < first.end and f.text in answer.answer}
    same = [f for f in library.figures[document.id] if f.name in names]
    terms = [e for e in document.glossary if any(abs(a - first.start) < _NEAR for a, _ in e.uses)]
    sources = [
        _figures(document, [f for f in same if f.text not in answer.answer]),
        _terms(document, terms),
        _figures(document, near),
        _measures(document, first.section),
    ]
    before = {q.strip() for q in (*asked, answer.question, answer.standalone_question)}
    fresh = (c for c in _in_turn(sources) if c.question not in before)
    return _answered(service, fresh, count, _TRIES)


def _of_report(document: Document, figures: Iterable[Figure], first: int) -> Iterator[_Candidate]:
    """Yield questions of different kinds in turn.

    :param first: the kind to begin with, so that several reports do not all begin alike.
    """
    reached: list[Figure] = []
    aimed_at: list[Figure] = []
    for figure in figures:
        (aimed_at if figure.kind is FigureKind.TARGET else reached).append(figure)
    kinds = [
        _figures(document, reached),
        _measures(document),
        _terms(document, document.glossary),
        _figures(document, aimed_at),
    ]
    first %= len(kinds)
    return _in_turn(kinds[first:] + kinds[:first])


def _answered(
    service: Service, candidates: Iterable[_Candidate], count: int, tries: int
) -> list[str]:
    """Return the first questions answered from where they were drawn, each with another answer."""
    kept: list[str] = []
    answers: set[str] = set()
    for number, candidate in enumerate(candidates):
        if len(kept) == count or number == tries:
            break
        answer = service.quote(candidate.question)  # a model would take too long for so many
        sure = answer.status is Status.ANSWERED and answer.confidence >= SURE
        there = any(
            c.document == candidate.document and c.start < candidate.end and candidate.start < c.end
            for c in answer.citations
        )
        fresh = candidate.question not in kept and answer.answer not in answers
        if sure and there and fresh:
            kept.append(candidate.question)
            answers.add(answer.answer)
    return kept


def _in_turn(sources: list[Iterator[_Candidate]]) -> Iterator[_Candidate]:
    """Yield from each source in turn until all are empty."""
    waiting = list(sources)
    while waiting:
        source = waiting.pop(0)
        candidate = next(source, None)
        if candidate is not None:
            waiting.append(source)
            yield candidate


def _figures(document: Document, figures: Iterable[Figure]) -> Iterator[_Candidate]:
    """Yield questions for levels, growth and targets of indicators in a single year."""
    parts = _PLACE.findall(document.region)
    place = parts[-1] if parts else ""
    asked: set[tuple[str, FigureKind]] = set()
    for figure in figures:
        ask = _ASKS.get(figure.kind)
        single = figure.period is not None and figure.period[0] == figure.period[1]
        if ask is None or not single or (figure.indicator, figure.kind) in asked:
            continue
        if len(figure.indicator) > _LONGEST or not _MEASURE.search(figure.indicator):
            continue
        assert figure.period is not None
        asked.add((figure.indicator, figure.kind))
        link = "的" if place else ""
        question = f"{figure.period[0]}年{place}{link}{figure.indicator}{ask}？"
        yield _Candidate(question, document.id, figure.start, figure.end)


def _measures(document: Document, within: tuple[str, ...] = ()) -> Iterator[_Candidate]:
    """Yield questions for the measures under a paragraph that names its aim."""
    chapter = within[:1]
    for paragraph in document.paragraphs:
        lead = paragraph.section[-1] if paragraph.section else ""
        if _LEAD.match(lead) and paragraph.section[: len(chapter)] == chapter:
            yield _Candidate(f"怎么{lead}？", document.id, paragraph.start, paragraph.end)


def _terms(document: Document, entries: Iterable[GlossaryEntry]) -> Iterator[_Candidate]:
    """Yield questions for the terms of the glossary."""
    for entry in entries:
        term = entry.term.strip("“”")
        if "“" not in term and "”" not in term:  # in quotation marks it would be hard to read
            yield _Candidate(f"“{term}”是什么意思？", document.id, entry.start, entry.end)
