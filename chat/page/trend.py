"""Find the series behind an answer about change over time, if the reports hold one."""

from __future__ import annotations

import re
from dataclasses import replace

from chat.reports.series import Series, series_of
from chat.skills.naming import key_of
from chat.types import Answer, Status
from corpus.cleaning import fold_text
from index.library import Library
from retriever.figures import FoundFigure, find_figures

_POINTS = 3
_CHANGE = re.compile(
    r"变化|趋势|走势|历年|逐年|近[几两三四五六七八九十\d]+年|这[几两三四五六七八九十]+年|各年|每年|以来|"
    r"怎么变|如何变|对比|相比|比较|(?:19|20)\d\d年?[^，。]*(?:到|至|—|-|和|与)[^，。]*(?:19|20)\d\d"
)


def trend_of(answer: Answer, library: Library) -> Series | None:
    """Return the series of what an answer speaks of, if its question asks about change.

    An answer that itself tells a series (2017年3%，2018年2.6%) is drawn with the very values that it
    tells. Else at least three years must be known, and where the answer is a refusal, the question
    must name the indicator.
    """
    told = _told(answer, library)
    if told is not None:
        return told
    question = fold_text(answer.standalone_question)
    if not _CHANGE.search(question):
        return None
    cited = _cited(answer, library)
    named = [f for f in cited if fold_text(f.figure.indicator) in question]
    for figure in named or (cited if answer.status is Status.ANSWERED else []):
        region = figure.document.region
        there = [d.id for d in library.store.descriptions() if d.region == region]
        same = find_figures(library, figure.figure.name, documents=there)
        for series in series_of(same):
            fits = series.name == figure.figure.name and series.region == region
            years = {p.year for p in series.points}
            holds = any(p.found.figure.unit[-1:] == figure.figure.unit[-1:] for p in series.points)
            if fits and holds and len(years) >= _POINTS:
                return series
    return None


def _told(answer: Answer, library: Library) -> Series | None:
    """Return the series whose values, each with its year, are the members of an answer."""
    if answer.status is not Status.ANSWERED or len(answer.items) < _POINTS:
        return None
    told = set(answer.items)
    groups: dict[tuple[str, str], list[FoundFigure]] = {}
    for found in _cited(answer, library):
        key = key_of(found.figure.name)
        # One name for all ways to write it, as the answer has brought them together.
        named = FoundFigure(found.document, replace(found.figure, name=key))
        groups.setdefault((key, found.document.region), []).append(named)
    for members in groups.values():
        for series in series_of(members):
            points = [
                p
                for p in series.points
                if {f"{p.year}年：{p.text}", f"{p.year}年：下降{p.text}"} & told
            ]
            if len(points) == len(answer.items):
                return series.of(points)
    return None


def _cited(answer: Answer, library: Library) -> list[FoundFigure]:
    """Return the figures that stand in the places cited, those in the answer's words first."""
    found = []
    for citation in answer.citations:
        document = library.documents.get(citation.document)
        if document is None:
            continue
        found += [
            FoundFigure(document, f)
            for f in library.figures[document.id]
            if citation.start <= f.start and f.end <= citation.end
        ]
    return sorted(found, key=lambda f: f.figure.text not in answer.answer)
