"""Cut paragraphs into passages of whole sentences, each sentence with its years."""

from __future__ import annotations

import re

from corpus.sentences import SEGMENT_ENDS, flowing_ranges
from corpus.types import Document, Paragraph, Passage, Sentence
from corpus.years import named_years, plan_periods, relative_years

TITLE_BLOCK = "标题"
MAX_CHARACTERS = 350
MIN_CHARACTERS = 80

# A year that opens a sentence is its topic and holds for the sentences behind it:
# 2021年，全区实现…。财政总收入达到…（of 2021 too）. A year in the middle is not: 较2016年下降….
_TOPIC = re.compile(r"^(?:到|截至|力争到|其中，|预计)?((?:19|20)\d\d)年")
# A year that something is compared with (由2016年的88.5%跃升至96%, 较2016年下降) is not the year spoken of.
_REFERENCE = re.compile(r"(?:由|从|较|比|对比|相比|同)(?:[^，。；]{0,6})$")
# Words that end the reach of a topic year: what follows is a sum over a longer period.
_CUMULATIVE = re.compile(r"累计|五年|年来|先后")


def passages(document: Document) -> list[Passage]:
    """Return the passages of the title block, the body and the glossary, in order."""
    result = [
        passage
        for paragraph in document.paragraphs
        for passage in _of_paragraph(document, paragraph)
    ]
    if document.header_end:
        result.insert(0, title_passage(document))
    for entry in document.glossary:
        text = document.text[entry.start : entry.end]
        term_start = document.text.index(entry.term, entry.start)
        sentences = (Sentence(term_start, entry.end),)
        result.append(
            Passage(document.id, ("名词解释", entry.term), entry.start, entry.end, text, sentences)
        )
    return result


def title_passage(document: Document) -> Passage:
    """Return the title block as a passage of one sentence."""
    start, end = document.header_start, document.header_end
    sentence = Sentence(start, end, (document.year,) if document.year else ())
    return Passage(document.id, (TITLE_BLOCK,), start, end, document.text[start:end], (sentence,))


def context(document: Document, passage: Passage) -> str:
    """Return what a passage stands under, for retrieval: title of the report, then headings."""
    return " › ".join((document.title, *passage.section))


def _of_paragraph(document: Document, paragraph: Paragraph) -> list[Passage]:
    sentences = dated_sentences(document, paragraph)
    groups: list[list[Sentence]] = []
    for sentence in sentences:
        if groups and sentence.end - groups[-1][0].start <= MAX_CHARACTERS:
            groups[-1].append(sentence)
        else:
            groups.append([sentence])
    # A short rest says little alone: it stays with the sentences before it.
    if len(groups) > 1 and groups[-1][-1].end - groups[-1][0].start < MIN_CHARACTERS:
        groups[-2].extend(groups.pop())
    return [
        Passage(
            document.id,
            paragraph.section,
            group[0].start,
            group[-1].end,
            document.text[group[0].start : group[-1].end],
            tuple(group),
        )
        for group in groups
    ]


def dated_sentences(document: Document, paragraph: Paragraph) -> list[Sentence]:
    """Return the sentences of a paragraph with the years that each speaks of."""
    result = []
    topic: tuple[int, ...] = ()
    for start, end in flowing_ranges(document.text, paragraph.start, paragraph.end):
        text = document.text[start:end]
        if _CUMULATIVE.search(text[:8]):
            topic = ()
        if match := _TOPIC.match(text):
            topic = (int(match[1]),)
        years = _spoken_of(text, document.year, topic, paragraph.period)
        result.append(Sentence(start, end, years, paragraph.period))
    return result


def _spoken_of(
    text: str, report_year: int | None, topic: tuple[int, ...], period: tuple[int, int] | None
) -> tuple[int, ...]:
    """Return the years of a stretch of text: those it names, else the topic.

    Where it names only years that it compares with, it speaks of the topic, or of the last year
    of its period, too.
    """
    named = years_in(text, report_year)
    if not named:
        return topic
    if all(_REFERENCE.search(text[:position]) for position, _ in named_years(text)):
        now = topic or ((period[1],) if period is not None else ())
        return tuple(sorted({*named, *now}))
    return named


def years_in(text: str, report_year: int | None) -> tuple[int, ...]:
    """Return the single years that a text names, by number or by word (去年), in order."""
    found = {year for _, year in named_years(text)}
    found |= {a for _, a, b in relative_years(text, report_year) if a == b}
    return tuple(sorted(found))


def segments(document: Document, sentence: Sentence) -> list[Sentence]:
    """Cut a sentence at its semicolons; a part that names no year keeps the topic of the first."""
    parts = []
    topic = sentence.years if not years_in(_text(document, sentence), document.year) else ()
    for start, end in flowing_ranges(document.text, sentence.start, sentence.end, SEGMENT_ENDS):
        text = document.text[start:end]
        if match := _TOPIC.match(text):
            topic = (int(match[1]),)
        years = _spoken_of(text, document.year, topic, sentence.period)
        parts.append(Sentence(start, end, years, sentence.period))
    return parts


def _text(document: Document, sentence: Sentence) -> str:
    return document.text[sentence.start : sentence.end]


def plans_in(text: str) -> list[tuple[int, int]]:
    """Return the five-year plans named in a text as year ranges."""
    return [(a, b) for _, a, b in plan_periods(text)]
