"""The passages given to a model, numbered, and taken apart for checking what it writes."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from chat.generative.amounts import Amount, amounts, surroundings
from chat.generative.dates import Dated, dated
from chat.generative.names import mask_names
from chat.generative.polarity import Polarity, polarity
from corpus.cleaning import CleanText, clean, fold, fold_text
from corpus.sentences import clause_ranges
from corpus.types import Document, Figure, Passage, Sentence
from index.library import Library
from retriever.places import own_names


@dataclass(frozen=True)
class SourceAmount:
    """An amount of a report.

    :ivar figure: that it is part of, where there is one.
    :ivar around: the words around it, folded.
    """

    amount: Amount
    figure: Figure | None
    around: str


@dataclass(frozen=True, eq=False)
class SourceSentence:
    """A sentence of a numbered passage.

    :ivar text: as people read it, footnote marks removed; ``folded`` for matching.
    :ivar clauses: folded, between commas and stronger marks.
    """

    document: Document
    passage: Passage
    sentence: Sentence
    text: str
    folded: str
    clauses: tuple[str, ...]
    amounts: tuple[SourceAmount, ...]
    dates: tuple[Dated, ...]

    @cached_property
    def polarity(self) -> Polarity:
        """The polarity of the whole sentence."""
        return polarity(self.folded)

    def years(self) -> set[int]:
        """Return the single years that the sentence speaks of, by name or by its topic."""
        named = {y for d in self.dates if d.years is not None for y in d.years}
        of_figures = {
            y
            for a in self.amounts
            if a.figure is not None and a.figure.period
            for y in a.figure.period
        }
        return named | set(self.sentence.years) | of_figures


@dataclass(frozen=True, eq=False)
class Source:
    """A numbered passage.

    :ivar text: as given to the model.
    :ivar heading: title of the report and headings above the passage, folded.
    :ivar known: what may be named besides the passage's own words: region, title, headings.
    """

    number: int
    document: Document
    passage: Passage
    text: str
    folded: str
    heading: str
    known: str
    sentences: tuple[SourceSentence, ...]


def sources(library: Library, passages: list[Passage]) -> tuple[Source, ...]:
    """Return the passages numbered from 1 in the order given."""
    return tuple(_source(library, number, p) for number, p in enumerate(passages, 1))


def _source(library: Library, number: int, passage: Passage) -> Source:
    document = library.document(passage.document_id)
    text = clean(document.text, passage.start, passage.end, document.marks).text
    heading = fold_text(" ".join((document.title, *passage.section)))
    return Source(
        number=number,
        document=document,
        passage=passage,
        text=text,
        folded=fold_text(text),
        heading=heading,
        known=" ".join((heading, fold_text(document.region), *own_names([document]))),
        sentences=tuple(_sentence(library, document, passage, s) for s in passage.sentences),
    )


def _sentence(
    library: Library, document: Document, passage: Passage, sentence: Sentence
) -> SourceSentence:
    shown = clean(document.text, sentence.start, sentence.end, document.marks)
    folded = fold(shown)
    times = dated(folded.text, document.year)
    figures = library.figures[document.id]
    found = amounts(mask_names(mask_dates(folded.text, times)))
    return SourceSentence(
        document=document,
        passage=passage,
        sentence=sentence,
        text=shown.text,
        folded=folded.text,
        clauses=tuple(folded.text[a:b] for a, b in clause_ranges(folded.text, 0, len(folded.text))),
        amounts=tuple(
            SourceAmount(a, _figure_at(figures, folded, a), surroundings(folded.text, found, i))
            for i, a in enumerate(found)
        ),
        dates=tuple(times),
    )


def mask_dates(folded: str, times: list[Dated]) -> str:
    """Return the text, as long as before, without its dates, so that no amount is read there."""
    chars = list(folded)
    for time in times:
        chars[time.start : time.end] = "＿" * (time.end - time.start)
    return "".join(chars)


def _figure_at(figures: tuple[Figure, ...], folded: CleanText, amount: Amount) -> Figure | None:
    start, end = folded.source_range(amount.start, amount.end)
    at = bisect_left(figures, start, key=lambda f: f.end - 1)
    return figures[at] if at < len(figures) and figures[at].start < end else None
