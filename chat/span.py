"""The piece of evidence that is shown as the short answer."""

from __future__ import annotations

from dataclasses import dataclass

from chat.types import Evidence
from corpus.cleaning import CleanText, clean, fold
from corpus.types import Document


@dataclass(frozen=True)
class Support:
    """How well a chosen quantity, date or name fits the question.

    :ivar score: of the quantity ranker, else 0; comparable within one question only.
    :ivar margin: score above the best quantity of another value, at most 5.
    :ivar coverage: share of the question's weight met by the words around the quantity.
    :ivar missing: weight of the most telling word of the question not met there.
    :ivar unspelt: weight of the most telling word that neither stands there nor its partner.
    :ivar spelt: share of the question's words that stand there literally.
    :ivar unit: 1 the unit asked for, 0 none was asked for, -1 another one.
    :ivar year: 1 the year asked for, 0 none was asked for or told, -1 another one.
    :ivar unnamed: weight of the most telling word before the quantity that is not asked for.
    :ivar indicator: of a figure: literal coverage of the question by indicator and subject.
    :ivar period: as ``year``, by the period of the figure.
    :ivar kind: 1 the kind of figure asked for (growth, target), 0 none was asked, -1 another one.
    :ivar sibling: how alike such a word is to one that is asked for and missing (农业, 工业).
    :ivar rival: 1 where another word stands before a head that is asked for (工业总产值, 农业总产值).
    :ivar thing: how well the thing counted (多少名教师) is named right beside the quantity.
    """

    score: float
    margin: float
    coverage: float
    missing: float
    unspelt: float
    spelt: float
    unit: float
    year: float
    unnamed: float = 0.0
    sibling: float = 0.0
    rival: float = 0.0
    thing: float = 1.0
    indicator: float = 0.0
    period: float = 0.0
    kind: float = 0.0


@dataclass(frozen=True)
class Span:
    """A short answer and the places that bear it out.

    :ivar text: as shown, footnote marks removed.
    :ivar evidence: the places cited, the deciding one first.
    :ivar items: members of an enumeration.
    :ivar explanation: what is read under the answer; empty for the sentence of the evidence.
    :ivar found: False where nothing of the wanted kind stood in the evidence and a clause is
        given in its place.
    :ivar titled: share of the question that the heading above the answer names.
    :ivar reckoned: the text was reckoned from figures; the explanation is the working.
    :ivar support: for a single quantity, how well it fits.
    :ivar notes: what a reader should know, a sentence each: members that the report does not name.
    :ivar amiss: why it cannot be the answer although it is the nearest, as a sentence; else empty.
    :ivar instead: what is shown if this is worth showing: what was reached of the thing that it plans.
    """

    text: str
    evidence: tuple[Evidence, ...]
    items: tuple[str, ...] = ()
    explanation: str = ""
    found: bool = True
    support: Support | None = None
    titled: float = 0.0
    reckoned: bool = False
    notes: tuple[str, ...] = ()
    amiss: str = ""
    instead: Span | None = None


def shown(document: Document, start: int, end: int) -> str:
    """Return a range of a document as people read it: no footnote marks, no stray spaces."""
    return clean(document.text, start, end, document.marks).text


def folded(document: Document, evidence: Evidence) -> CleanText:
    """Return the folded text of an evidence segment with its source offsets."""
    segment = evidence.segment
    return fold(clean(document.text, segment.start, segment.end, document.marks))
