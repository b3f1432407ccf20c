"""Sample questions drawn from the reports of the library, each tried before it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chat.service import Service
from chat.types import Status
from corpus.types import Document, Figure, FigureKind

_SURE = 0.75
_PLACE = re.compile(r".+?(?:省|市|区|县|州|旗|镇|乡)")
_ASKS = {FigureKind.ACTUAL: "是多少", FigureKind.GROWTH: "增长多少", FigureKind.SHARE: "是多少"}
_LEAD = re.compile(
    r"^(?:推进|推动|打好|完善|提升|持续优化|全面激发|全力扩大|加快|培育|构建)[\u4e00-\u9fff]{3,12}$"
)


def sample_questions(service: Service, count: int = 6) -> list[str]:
    """Return up to ``count`` questions of different kinds that the newest report answers."""
    documents = sorted(service.library.documents.values(), key=lambda d: d.year or 0)
    if not documents:
        return []
    newest = documents[-1]
    figures = _figures(newest, service.library.figures[newest.id])
    sources = [figures, _measures(newest), _terms(newest)]
    result: list[str] = []
    tries = 0
    while sources and len(result) < count and tries < 60:
        source = sources.pop(0)
        question = next(source, None)
        if question is None:
            continue
        sources.append(source)
        tries += 1
        answer = service.ask(question)
        if answer.status is Status.ANSWERED and answer.confidence >= _SURE:
            result.append(question)
    return result


def _figures(document: Document, figures: tuple[Figure, ...]) -> Iterator[str]:
    """Yield questions for levels and growth of indicators in a single year."""
    parts = _PLACE.findall(document.region)
    place = parts[-1] if parts else ""
    asked: set[str] = set()
    for figure in figures:
        ask = _ASKS.get(figure.kind)
        single = figure.period is not None and figure.period[0] == figure.period[1]
        if ask is None or not single or figure.indicator in asked or len(figure.indicator) > 10:
            continue
        assert figure.period is not None
        asked.add(figure.indicator)
        link = "的" if place else ""
        yield f"{figure.period[0]}年{place}{link}{figure.indicator}{ask}？"


def _measures(document: Document) -> Iterator[str]:
    """Yield questions for the measures under a paragraph that names its aim."""
    for paragraph in document.paragraphs:
        if paragraph.section and _LEAD.match(paragraph.section[-1]):
            yield f"怎么{paragraph.section[-1]}？"


def _terms(document: Document) -> Iterator[str]:
    """Yield questions for the terms of the glossary."""
    for entry in document.glossary:
        yield f"“{entry.term.strip('“”')}”是什么意思？"
