"""Decide whether an amount that a model wrote measures what the same amount of the report does."""

from __future__ import annotations

import re

from chat.generative.sources import SourceAmount, SourceSentence
from corpus.figures import figures
from corpus.figures.names import NORMAL_NAMES, normal_name
from corpus.figures.periods import time_phrases
from corpus.types import Document, Figure, FigureKind, Paragraph
from retriever.places import own_names

# Words of an indicator's name that change nothing of what it measures.
_NEUTRAL = re.compile(
    "全区|全市|全县|全省|全国|我区|我市|我县|我省|我国|本区|本市|区域|地区|国内|实现|完成|达到|累计|同比|年度|全年|总额|总量|规模|数量|总数|额|的"
)
# What lies between the parts of a list: 极氪电动汽车等重点项目.
_JOINERS = re.compile("[等、和与及的]")
_RATES = frozenset({FigureKind.GROWTH, FigureKind.SHARE, FigureKind.CHANGE})
_TABLED = frozenset(name.lower() for name, _ in NORMAL_NAMES)


def written_figures(folded: str, document: Document) -> tuple[Figure, ...]:
    """Return the figures of a generated sentence, read as a sentence of that report would be."""
    alone = Document(
        id="",
        title="",
        text=folded,
        region=document.region,
        year=document.year,
        paragraphs=(Paragraph((), 0, len(folded)),),
    )
    return tuple(figures(alone))


def agrees(
    written: Figure | None, folded: str, source: SourceAmount, sentence: SourceSentence
) -> bool | None:
    """Tell whether two equal amounts measure the same; None if the words do not determine it.

    :param written: the figure of the generated sentence, if it is one.
    :param folded: the generated sentence.
    """
    given = source.figure
    if written is None or given is None:
        return None
    if written.direction and given.direction and written.direction != given.direction:
        return False
    if written.kind in _RATES and given.kind in _RATES and written.kind is not given.kind:
        return False
    ends = {f.comparison.form for f in (written, given) if f.comparison is not None}
    if {"from", "to"} <= ends:
        return False
    if _other_period(written, folded, given, sentence.document.year):
        return False
    return _same_name(written, folded, given, sentence)


def _other_period(written: Figure, folded: str, given: Figure, year: int | None) -> bool:
    if not time_phrases(folded, year, None) or written.period is None or given.period is None:
        return False
    return written.period[1] < given.period[0] or given.period[1] < written.period[0]


def _same_name(
    written: Figure, folded: str, given: Figure, sentence: SourceSentence
) -> bool | None:
    own = own_names([sentence.document])
    one = normal_name(_without(written.indicator, own)).lower()
    other = normal_name(_without(given.indicator, own)).lower()
    if not one or not other:
        return None
    if one == other:
        return True
    if one in _TABLED and other in _TABLED:
        return False
    one, other = _bare(one), _bare(other)
    if sorted(one) == sorted(other):
        return True
    if one in other:  # the report says more exactly what: 规上工业总产值, not 工业总产值
        return all(part in folded for part in other.split(one) if part)
    if other in one:
        heading = " ".join(sentence.passage.section)
        held = sentence.folded + heading
        return all(p in held for part in one.split(other) for p in _JOINERS.split(part) if p)
    return False


def _without(name: str, own: tuple[str, ...]) -> str:
    """Return a name without the place that the whole report is about: 北仑区的地区生产总值."""
    for place in own:
        name = re.sub(rf"^{re.escape(place)}(?:的|本级)?(?=..)", "", name)
    return name


def _bare(name: str) -> str:
    return _NEUTRAL.sub("", name) or name
