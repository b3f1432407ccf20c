"""What speaks for a segment of a report as evidence for a question, as numbers.

The evidence ranker and the refusal decision are learnt over these features; their order is part
of the shipped weights (``models/ranker``).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from corpus.cleaning import clean, fold, fold_text
from corpus.passages import segments
from corpus.quantities import quantities
from corpus.types import Document, Passage, Sentence
from index.encoder import Vectors
from index.words import Word, WordModel
from retriever.kinds import Kind
from retriever.question import Question
from retriever.search import Hit
from retriever.vocabulary import Vocabulary

_KINDS = tuple(Kind)
FEATURES: tuple[str, ...] = (
    "exact coverage of the question's words by the segment",
    "soft coverage by the segment",
    "soft coverage by the sentence",
    "soft coverage by passage and headings",
    "weight of the hardest word missing in the sentence",
    "weight of the hardest word missing in passage and headings",
    "bigram coverage by the segment",
    "bigram coverage by the passage",
    "longest common run over question length",
    "fused score below the best hit's",
    "reciprocal rank of the passage",
    "cosine of question and passage",
    "years agree",
    "years conflict",
    "a quantity of the wanted unit is there",
    "no quantity though one is wanted",
    "a date is there though one is wanted",
    "a reason is given though one is wanted",
    "members are enumerated though a list is wanted",
    "glossary entry and a definition is wanted",
    "glossary entry and no definition is wanted",
    "terms in quotes found",
    "log length of the segment",
    "segment is the title block",
    *(f"kind is {kind}" for kind in _KINDS),
)
_REASON = re.compile(r"因为|由于|因|为了|以便|原因|导致|致使|得益于|归功于|根源|在于|所以|从而")
_DATE = re.compile(r"\d{1,4}年|\d{1,2}月|\d{1,2}日|年内|年底|[一二三四五六七八九〇零]{4}年")
_RUN = re.compile(r"[\u3400-\u9fff]+")
_SOFT_FLOOR = 0.40  # cosines below are noise between unrelated words
_PARTNER = 0.9  # worth of a vocabulary partner against the word itself


@dataclass(frozen=True)
class Part:
    """A segment of a passage, cut into words once for many questions."""

    sentence: Sentence
    segment: Sentence
    folded: str
    words: tuple[Word, ...]
    vectors: Vectors


@dataclass(frozen=True)
class Anatomy:
    """A passage taken apart: its segments, and the words of its headings."""

    passage: Passage
    parts: tuple[Part, ...]
    heading: str
    heading_words: tuple[Word, ...]
    heading_vectors: Vectors


def anatomy(document: Document, passage: Passage, model: WordModel) -> Anatomy:
    """Cut a passage into segments and words."""
    parts = []
    for sentence in passage.sentences:
        cuts = [sentence] if passage.section[:1] == ("标题",) else segments(document, sentence)
        for segment in cuts:
            text = fold(clean(document.text, segment.start, segment.end, document.marks)).text
            words = model.cut(text)
            parts.append(Part(sentence, segment, text, tuple(words), model.vectors(words)))
    heading = fold_text(" ".join((document.title, *passage.section)))
    words = model.cut(heading)
    return Anatomy(passage, tuple(parts), heading, tuple(words), model.vectors(words))


class Matcher:
    """Compares one question with many segments."""

    def __init__(self, question: Question, model: WordModel, vocabulary: Vocabulary) -> None:
        self.question = question
        self.weights = np.array([w.weight for w in question.words], dtype=np.float32)
        self._vectors = model.vectors(list(question.words))
        self._partners = self._linked(vocabulary)
        self._bigrams = _bigrams(" ".join(w.text for w in question.words))
        self._content = "".join(w.text for w in question.words)

    def _linked(self, vocabulary: Vocabulary) -> list[tuple[str, ...]]:
        """Return the vocabulary partners of each word of the question."""
        links = vocabulary.linked(self.question.folded)
        return [
            tuple(p for a, b, partners in links if a < w.end and b > w.start for p in partners)
            for w in self.question.words
        ]

    def matches(self, texts: list[str], words: list[tuple[Word, ...]], vectors: list[Vectors]) -> npt.NDArray[np.float32]:
        """Return ``(question words,) float32``: how well each word is met, 0 to 1."""
        joined = "\n".join(texts)
        count = len(self.question.words)
        result = np.zeros(count, dtype=np.float32)
        if any(len(w) for w in words) and count:
            cosines = self._vectors @ np.vstack([v for v in vectors if len(v)]).T
            best = cosines.max(axis=1)
            result = np.clip((best - _SOFT_FLOOR) / (1 - _SOFT_FLOOR), 0.0, 0.9)
        for i, word in enumerate(self.question.words):
            if word.text in joined:
                result[i] = 1.0
            elif any(p in joined for p in self._partners[i]):
                result[i] = max(result[i], _PARTNER)
        return result

    def weighted(self, met: npt.NDArray[np.float32]) -> float:
        """Return the share of the question's weight that is met."""
        total = float(self.weights.sum())
        return float((self.weights * met).sum()) / total if total else 0.0

    def hardest(self, met: npt.NDArray[np.float32]) -> float:
        """Return the weight of the most telling word that is not met."""
        return float((self.weights * (1 - met)).max(initial=0.0))

    def bigram_coverage(self, folded: str) -> float:
        """Return the share of the question's character bigrams that stand in a text."""
        if not self._bigrams:
            return 0.0
        return sum(b in folded for b in self._bigrams) / len(self._bigrams)

    def longest_run(self, folded: str) -> float:
        """Return the length of the longest common run over that of the question's words."""
        best = 0
        text = self._content
        for start in range(len(text)):
            while start + best < len(text) and text[start : start + best + 1] in folded:
                best += 1
        return best / len(text) if text else 0.0


def _bigrams(text: str) -> set[str]:
    return {run[i : i + 2] for run in _RUN.findall(text) for i in range(len(run) - 1)}


def year_relation(asked: tuple[int, int] | None, segment: Sentence, counts: bool) -> tuple[float, float]:
    """Return (agreement, conflict), each 0 to 1, of the years asked for and spoken of.

    A sum over five years does not answer for one of them: ``counts`` tells that a number is asked.
    """
    if asked is None:
        return 0.0, 0.0
    first, last = asked
    if segment.years:
        inside = any(first <= y <= last for y in segment.years)
        if first < last and inside and segment.period and segment.period != asked:
            return 0.7, 0.0
        return (1.0, 0.0) if inside else (0.0, 1.0)
    if segment.period is None:
        return 0.0, 0.0
    a, b = segment.period
    if (a, b) == (first, last):
        return 1.0, 0.0
    if b < first or a > last:
        return 0.0, 1.0
    if first == last and a < b:
        return (0.0, 0.6) if counts else (0.4, 0.0)
    return 0.5, 0.0


def features(matcher: Matcher, hits: list[Hit], parts: list[Anatomy]) -> npt.NDArray[np.float32]:
    """Return ``(segments, len(FEATURES)) float32``, segments in the order of the hits."""
    rows = []
    for rank, (hit, taken) in enumerate(zip(hits, parts, strict=True)):
        rows.extend(_of_passage(matcher, hit, taken, rank, hits[0].score))
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(FEATURES))


def _of_passage(matcher: Matcher, hit: Hit, taken: Anatomy, rank: int, top: float) -> list[list[float]]:
    question = matcher.question
    kind = question.kind
    everything = "\n".join([taken.heading, *(p.folded for p in taken.parts)])
    around = matcher.matches(
        [everything],
        [taken.heading_words, *(p.words for p in taken.parts)],
        [taken.heading_vectors, *(p.vectors for p in taken.parts)],
    )
    glossary = taken.passage.section[:1] == ("名词解释",)
    shared = [
        matcher.weighted(around),
        matcher.hardest(around),
        matcher.bigram_coverage(everything),
        hit.score - top,
        1.0 / (1 + rank),
        hit.dense or 0.0,
    ]
    rows = []
    by_sentence: dict[int, npt.NDArray[np.float32]] = {}
    for part in taken.parts:
        met = matcher.matches([part.folded], [part.words], [part.vectors])
        key = part.sentence.start
        if key not in by_sentence:
            mates = [p for p in taken.parts if p.sentence.start == key]
            by_sentence[key] = matcher.matches(
                [p.folded for p in mates], [p.words for p in mates], [p.vectors for p in mates]
            )
        whole = by_sentence[key]
        agree, conflict = year_relation(question.years, part.segment, kind is Kind.NUMBER)
        wanted = [
            q for q in quantities(part.folded)
            if not question.units or unit_fits(q.unit, q.kind, question.units)
        ] if kind is Kind.NUMBER else []  # fmt: skip
        exact = np.array([float(w.text in part.folded) for w in question.words], dtype=np.float32)
        rows.append(
            [
                matcher.weighted(exact),
                matcher.weighted(met),
                matcher.weighted(whole),
                shared[0],
                matcher.hardest(whole),
                shared[1],
                matcher.bigram_coverage(part.folded),
                shared[2],
                matcher.longest_run(part.folded),
                shared[3],
                shared[4],
                shared[5],
                agree,
                conflict,
                float(bool(wanted)),
                float(kind is Kind.NUMBER and not wanted),
                float(kind is Kind.DATE and bool(_DATE.search(part.folded))),
                float(kind is Kind.REASON and bool(_REASON.search(part.folded))),
                min(3, part.folded.count("、")) / 3 if kind is Kind.LIST else 0.0,
                float(glossary and kind is Kind.DEFINITION),
                float(glossary and kind is not Kind.DEFINITION),
                float(bool(question.quoted) and all(q in everything for q in question.quoted)),
                math.log(1 + len(part.folded)),
                float(taken.passage.section[:1] == ("标题",)),
                *(float(kind is k) for k in _KINDS),
            ]
        )
    return rows


@lru_cache(maxsize=4096)
def unit_fits(unit: str, kind: str, wanted: tuple[str, ...]) -> bool:
    """Tell whether a quantity has one of the wanted units (亿元 is 元, 百分之五 is %)."""
    return any(unit.endswith(w) for w in wanted) or (kind == "share" and "%" in wanted)
