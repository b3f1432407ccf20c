"""Find what a report says of a topic: sentences and runs of clauses, in its order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from chat.skills.asking import Topic
from chat.skills.chapters import Role, roles
from corpus.cleaning import fold_text
from corpus.sentences import SEGMENT_ENDS, clause_ranges, flowing_ranges
from corpus.types import Document, Paragraph
from index.words import WordModel

LONGEST_ITEM = 160  # characters; a longer sentence is quoted from its first clause on the topic
_WHOLE = 0.5  # share of a sentence's clauses that speak of the topic from which it is quoted whole
_SHORTEST = 6
_MEANING = 0.35  # weight of likeness in meaning against one word of the topic
_LEAD = 24  # characters up to which a first sentence only names what follows, and goes with it
_FRAGMENT = re.compile(
    r"^(?:特别是|尤其是|面对|针对|随着|围绕|受[^，]{2,20}影响|在[^，]{2,30}(?:下|中|时候|同时)$)"
)
_GREETING = re.compile(r"各位代表|请予审议|致以崇高的敬意|表示衷心的?感谢|表示诚挚")


@dataclass(frozen=True)
class Told:
    """A stretch of a report that speaks of a topic.

    :ivar weight: how much it says of the topic: words of it, and likeness in meaning.
    """

    start: int
    end: int
    chapter: str
    role: Role
    weight: float


class Speaks:
    """Counts the words by which a text speaks of topics."""

    def __init__(
        self, topics: tuple[Topic, ...], model: WordModel, more: tuple[str, ...] = ()
    ) -> None:
        """:param more: words beside those of the topics: a subject of the asker's own."""
        self._model = model
        self.words = tuple(dict.fromkeys([*(w for t in topics for w in t.words), *more]))
        apart = [w for t in topics for w in t.apart]
        self._listed = _any_of(self.words)
        self._apart = _any_of(apart) if apart else None

    def count(self, folded: str) -> int:
        """Return how many different words of the topics a folded text holds."""
        if self._apart is not None:
            folded = self._apart.sub("＿", folded)
        found = [(m.start(), m.end(), m[0]) for m in self._listed.finditer(folded)]
        if not found:
            return 0
        cuts = {w.start: w.end for w in self._model.cut(folded)}
        return len({text for a, b, text in found if not _straddles(a, b, cuts)})


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of any of some words, the longest that fits."""
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


def _straddles(start: int, end: int, cuts: dict[int, int]) -> bool:
    """Tell whether a match begins inside one word and ends inside another: 入学 in 深入学习."""
    begins = next(((a, b) for a, b in cuts.items() if a < start < b), None)
    ends = next(((a, b) for a, b in cuts.items() if a < end < b), None)
    return begins is not None and ends is not None and begins != ends


def gather(
    document: Document, speaks: Speaks, names: tuple[str, ...], words: WordModel
) -> list[Told]:
    """Return what a report says of topics, in its order.

    Under a heading that names a topic every sentence counts.

    :param names: of the topics, folded; by these headings are known.
    """
    found: list[Told] = []
    direction = _direction(words, " ".join((*names[:4], *speaks.words)))
    for paragraph, role in zip(document.paragraphs, roles(document), strict=True):
        headed = _headed(paragraph, speaks, names)
        for start, end in opened(document.text, paragraph):
            for a, b, count in _runs(document.text, start, end, speaks, headed=headed):
                text = fold_text(document.text[a:b])
                if _GREETING.search(text) or _FRAGMENT.search(text):
                    continue
                alike = float(_direction(words, text) @ direction)
                opens = headed and a == paragraph.start
                weight = count + 2.0 * headed + 2.0 * opens + alike / _MEANING
                found.append(Told(a, b, _chapter(document, paragraph), role, weight))
    return found


def opened(text: str, paragraph: Paragraph) -> list[tuple[int, int]]:
    """Return the sentences of a paragraph; a lead (推进乡村振兴。) goes with the one behind it."""
    ranges = flowing_ranges(text, paragraph.start, paragraph.end, SEGMENT_ENDS)
    if (
        len(ranges) > 1
        and ranges[0][1] - ranges[0][0] <= _LEAD
        and ranges[1][1] - ranges[0][0] <= LONGEST_ITEM
    ):
        return [(ranges[0][0], ranges[1][1]), *ranges[2:]]
    return ranges[1:] if len(ranges) > 1 and ranges[0][1] - ranges[0][0] <= _LEAD else ranges


def _headed(paragraph: Paragraph, speaks: Speaks, names: tuple[str, ...]) -> bool:
    """Tell whether a heading below the chapter, or the lead of the paragraph, names the topic."""
    below = [fold_text(h) for h in paragraph.section[1:]]
    # A heading of several fields (大力发展社会事业) says nothing of the single sentence.
    return any(
        speaks.count(h) > 0
        and any(n in h and (3 * len(n) >= len(_bare(h)) or _single(h)) for n in names)
        for h in below
    )


def _single(heading: str) -> bool:
    """Tell whether a heading is short and names one field: 发展更加公平更高质量的教育."""
    return len(_bare(heading)) <= _LEAD and re.search(r"[、，,和与及]", heading) is None


def _bare(heading: str) -> str:
    return re.sub(r"^[（(]?[一二三四五六七八九十\d]+[）)、.]?|[，,。、]", "", heading)


def _chapter(document: Document, paragraph: Paragraph) -> str:
    return paragraph.section[0] if paragraph.section else document.title


def _runs(
    text: str, start: int, end: int, speaks: Speaks, *, headed: bool
) -> list[tuple[int, int, int]]:
    """Return the stretches of a sentence that speak of the topic, with the words that they hold."""
    whole = speaks.count(fold_text(text[start:end]))
    if not whole and not headed:
        return []
    clauses = clause_ranges(text, start, end)
    counts = [speaks.count(fold_text(text[a:b])) for a, b in clauses]
    share = sum(1 for c in counts if c) / max(1, len(counts))
    if end - start <= LONGEST_ITEM and (headed or share >= _WHOLE or len(clauses) <= 2):
        return [(start, end, whole)] if end - start >= _SHORTEST else []
    runs: list[tuple[int, int, int]] = []
    for (a, b), count in zip(clauses, counts, strict=True):
        if not count and not (headed and runs):
            continue
        joins = bool(runs) and a - runs[-1][1] <= 1 and b - runs[-1][0] <= LONGEST_ITEM
        if joins:
            runs[-1] = (runs[-1][0], b, runs[-1][2] + count)
        elif count:
            runs.append((a, b, count))
    return [(a, b, c) for a, b, c in runs if b - a >= _SHORTEST]


def _direction(words: WordModel, text: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Return the unit vector of the weighted sum of a text's word vectors."""
    cut = words.cut(text)
    if not cut:
        return np.zeros(words.table.shape[1], dtype=np.float32)
    weights = np.array([w.weight for w in cut], dtype=np.float32)
    total = (words.vectors(cut) * weights[:, None]).sum(axis=0)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-6), dtype=np.float32)
