"""The piece of evidence that is shown as the short answer."""

from __future__ import annotations

from dataclasses import dataclass

from chat.types import Evidence
from corpus.cleaning import CleanText, clean, fold
from corpus.types import Document


@dataclass(frozen=True)
class Span:
    """A short answer and the places that bear it out.

    :ivar text: as shown, footnote marks removed.
    :ivar evidence: the places cited, the deciding one first.
    :ivar items: members of an enumeration.
    :ivar explanation: what is read under the answer; empty for the sentence of the evidence.
    :ivar found: False where nothing of the wanted kind stood in the evidence and a clause is
        given in its place.
    """

    text: str
    evidence: tuple[Evidence, ...]
    items: tuple[str, ...] = ()
    explanation: str = ""
    found: bool = True


def shown(document: Document, start: int, end: int) -> str:
    """Return a range of a document as people read it: no footnote marks, no stray spaces."""
    return clean(document.text, start, end, document.marks).text


def folded(document: Document, evidence: Evidence) -> CleanText:
    """Return the folded text of an evidence segment with its source offsets."""
    segment = evidence.segment
    return fold(clean(document.text, segment.start, segment.end, document.marks))
