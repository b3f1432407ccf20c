"""What speaks for a segment of a report as evidence for a question, as numbers.

The evidence ranker and the refusal decision are learnt over these features; their order is part
of the shipped weights (``models/ranker``).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt

from chat.matcher import ENDING, Matcher, Part, direction
from chat.tense import lies_ahead, looks_ahead, looks_back
from corpus.cleaning import clean, fold, fold_text
from corpus.passages import segments
from corpus.quantities import quantities
from corpus.types import Document, Passage, Sentence
from index.encoder import Vectors
from index.words import Word, WordModel
from retriever.kinds import Kind
from retriever.search import Hit

_KINDS = tuple(Kind)
FEATURES: tuple[str, ...] = (
    "exact coverage of the question's words by the segment",
    "soft coverage by the segment",
    "soft coverage by the sentence",
    "soft coverage by passage and headings",
    "soft coverage by the headings",
    "literal coverage by the sentence",
    "literal coverage by passage and headings",
    "weight of the hardest word missing literally in the sentence",
    "weight of the hardest word missing literally in passage and headings",
    "share of the words that stand literally in the sentence",
    "share of the words that stand literally in passage and headings",
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
    "the segment defines and a definition is wanted",
    "log length of the segment",
    "mean best cosine of the question's words in the segment",
    "cosine of the question's words and the segment's, each summed by weight",
    "share of the segment's weight that the question names",
    "the question speaks of an end or a stop that the passage does not",
    "coverage near the best quantity of the wanted unit",
    "the segment lies ahead",
    "the segment lies ahead and the question asks for what was done",
    "the segment lies ahead and the question does not say",
    "the segment does not lie ahead and the question asks for what is to be done",
    *(f"kind is {kind}" for kind in _KINDS),
)
_REASON = re.compile(r"因为|由于|因|为了|以便|原因|导致|致使|得益于|归功于|根源|在于|所以|从而")
_DEFINES = re.compile(r"是指|所称|指的是|^[^，。]{1,20}(?:，|：)?(?:即|指)|称为|叫做|简称|定义为")
_DATE = re.compile(r"\d{1,4}年|\d{1,2}月|\d{1,2}日|年内|年底|[一二三四五六七八九〇零]{4}年")


@dataclass(frozen=True)
class Anatomy:
    """A passage taken apart: its segments, and the words of its headings.

    :ivar vectors: of the words of the headings, then of each segment.
    :ivar bounds: where in ``vectors`` the headings and each segment begin, and the end.
    """

    passage: Passage
    parts: tuple[Part, ...]
    heading: str
    heading_words: tuple[Word, ...]
    vectors: Vectors
    bounds: tuple[int, ...]


def anatomy(document: Document, passage: Passage, model: WordModel) -> Anatomy:
    """Cut a passage into segments and words."""
    parts = []
    for sentence in passage.sentences:
        for segment in segments(document, sentence):
            text = fold(clean(document.text, segment.start, segment.end, document.marks)).text
            words = model.cut(text)
            vectors = model.vectors(words)
            weights = np.array([w.weight for w in words], dtype=np.float32)
            parts.append(
                Part(
                    sentence,
                    segment,
                    text,
                    tuple(words),
                    vectors,
                    weights,
                    direction(vectors, weights),
                    tuple(quantities(text)),
                    lies_ahead(document, segment),
                )
            )
    # The sentence that names its paragraph is a heading: it answers only where it stands alone.
    if (
        len(parts) > 1
        and passage.section
        and parts[0].folded.rstrip("。") == fold_text(passage.section[-1])
    ):
        del parts[0]
    heading = fold_text(" ".join((document.title, *passage.section)))
    words = model.cut(heading)
    rows = [model.vectors(words), *(p.vectors for p in parts)]
    bounds = tuple(accumulate(map(len, rows), initial=0))
    return Anatomy(passage, tuple(parts), heading, tuple(words), np.vstack(rows), bounds)


def year_relation(
    asked: tuple[int, int] | None, segment: Sentence, counts: bool
) -> tuple[float, float]:
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


def _of_passage(
    matcher: Matcher, hit: Hit, taken: Anatomy, rank: int, top: float
) -> list[list[float]]:
    question = matcher.question
    kind = question.kind
    everything = "\n".join([taken.heading, *(p.folded for p in taken.parts)])
    among = matcher.found_in(everything)
    # The headings are unit 0, the segments follow; groups of units are looked at together.
    standing = [
        matcher.standing(taken.heading, taken.heading_words, among),
        *(matcher.standing(p.folded, p.words, among) for p in taken.parts),
    ]
    sentences: dict[int, list[int]] = {}
    for unit, part in enumerate(taken.parts, start=1):
        sentences.setdefault(part.sentence.start, []).append(unit)
    units = range(len(standing))
    groups = [list(units), *([u] for u in units), *sentences.values()]
    of_sentence = {key: 1 + len(standing) + i for i, key in enumerate(sentences)}
    cosines = matcher.cosines(taken.vectors)
    by_unit = [cosines[:, a:b] for a, b in pairwise(taken.bounds)]
    best = np.array([c.max(axis=1, initial=-1.0) for c in by_unit])
    levels = np.array([matcher.level([standing[u] for u in g]) for g in groups], dtype=np.float32)
    literal = matcher.summed(levels)
    soft = matcher.summed(matcher.softened(levels, np.array([best[g].max(axis=0) for g in groups])))
    glossary = taken.passage.section[:1] == ("名词解释",)
    back, on = looks_back(question.folded), looks_ahead(question.folded)
    shared = [
        soft.weighted[0],
        soft.hardest[0],
        matcher.bigram_coverage(everything),
        hit.score - top,
        1.0 / (1 + rank),
        hit.dense or 0.0,
    ]
    rows = []
    exact = [
        float(sum(w for i, w in enumerate(matcher.weights.tolist()) if i in s.held))
        for s in standing
    ]
    total = float(matcher.weights.sum()) or 1.0
    for unit, part in enumerate(taken.parts, start=1):
        own, whole = 1 + unit, of_sentence[part.sentence.start]
        agree, conflict = year_relation(question.years, part.segment, kind is Kind.NUMBER)
        wanted = [
            q for q in part.quantities
            if not question.units or unit_fits(q.unit, q.kind, question.units)
        ] if kind is Kind.NUMBER else []  # fmt: skip
        rows.append(
            [
                exact[unit] / total,
                soft.weighted[own],
                soft.weighted[whole],
                shared[0],
                soft.weighted[1],
                literal.weighted[whole],
                literal.weighted[0],
                literal.hardest[whole],
                literal.hardest[0],
                literal.share[whole],
                literal.share[0],
                soft.hardest[whole],
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
                float(kind is Kind.DEFINITION and bool(_DEFINES.search(part.folded))),
                math.log(1 + len(part.folded)),
                *matcher.closeness(part, by_unit[unit]),
                float(matcher.ending and ENDING.search(everything) is None),
                matcher.near_quantity(part, wanted),
                float(part.ahead),
                float(part.ahead and back),
                float(part.ahead and not back and not on),
                float(on and not part.ahead),
                *(float(kind is k) for k in _KINDS),
            ]
        )
    return rows


@lru_cache(maxsize=4096)
def unit_fits(unit: str, kind: str, wanted: tuple[str, ...]) -> bool:
    """Tell whether a quantity has one of the wanted units (亿元 is 元, 百分之五 is %)."""
    return any(unit.endswith(w) for w in wanted) or (kind == "share" and "%" in wanted)
