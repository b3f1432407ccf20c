"""Cut paragraphs into passages of whole sentences, each sentence with its years."""

from __future__ import annotations

import re

from corpus.sentences import segment_ranges, sentence_ranges
from corpus.types import Document, Paragraph, Passage, Sentence
from corpus.years import named_years, plan_periods, relative_years

MAX_CHARACTERS = 350
MIN_CHARACTERS = 80

# A year that opens a sentence is its topic and holds for the sentences behind it:
# 2021年，全区实现…。财政总收入达到…（of 2021 too）. A year in the middle is not: 较2016年下降….
_TOPIC = re.compile(r"^(?:到|截至|力争到|其中，|预计)?((?:19|20)\d\d)年")
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
        title = Sentence(0, document.header_end, (document.year,) if document.year else ())
        result.insert(
            0,
            Passage(
                document.id,
                ("标题",),
                0,
                document.header_end,
                document.text[: document.header_end],
                (title,),
            ),
        )
    for entry in document.glossary:
        text = document.text[entry.start : entry.end]
        sentences = (Sentence(entry.start, entry.end),)
        result.append(
            Passage(document.id, ("名词解释", entry.term), entry.start, entry.end, text, sentences)
        )
    return result


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
    for start, end in sentence_ranges(document.text, paragraph.start, paragraph.end):
        text = document.text[start:end]
        if _CUMULATIVE.search(text[:8]):
            topic = ()
        named = years_in(text, document.year)
        if match := _TOPIC.match(text):
            topic = (int(match[1]),)
        result.append(Sentence(start, end, named or topic, paragraph.period))
    return result


def years_in(text: str, report_year: int | None) -> tuple[int, ...]:
    """Return the single years that a text names, by number or by word (去年), in order."""
    found = {year for _, year in named_years(text)}
    found |= {a for _, a, b in relative_years(text, report_year) if a == b}
    return tuple(sorted(found))


def segments(document: Document, sentence: Sentence) -> list[Sentence]:
    """Cut a sentence at its semicolons; a part that names no year keeps the topic of the first."""
    parts = []
    topic = sentence.years if not years_in(_text(document, sentence), document.year) else ()
    for start, end in segment_ranges(document.text, sentence.start, sentence.end):
        text = document.text[start:end]
        if match := _TOPIC.match(text):
            topic = (int(match[1]),)
        parts.append(
            Sentence(start, end, years_in(text, document.year) or topic, sentence.period)
        )
    return parts


def _text(document: Document, sentence: Sentence) -> str:
    return document.text[sentence.start : sentence.end]


def plans_in(text: str) -> list[tuple[int, int]]:
    """Return the five-year plans named in a text as year ranges."""
    return [(a, b) for _, a, b in plan_periods(text)]
