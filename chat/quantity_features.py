"""What speaks for a quantity as the answer to a question, as numbers.

The quantity ranker is learnt over these features; their order is part of the shipped weights
(``models/ranker/quantity.safetensors``).
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from chat.disagreement import planned
from chat.evidence import Reading
from chat.features import unit_fits, year_relation
from chat.numbers import Candidate, two_clauses_before
from chat.tense import lies_ahead, looks_ahead, looks_back
from corpus.cleaning import fold_text
from retriever.kinds import figure_kind_of

_UNREAD = 1e-3
_LABEL = 12  # characters before a quantity that name what it measures
_EARLIER = re.compile(r"原来|原先|以前|之前|此前|当初|最初|起初")
_KINDS = ("share", "money", "person", "count", "time", "bare")
QUANTITY_FEATURES: tuple[str, ...] = (
    "score of the segment below the best segment's",
    "the segment is the best one",
    "the passage is the best one",
    "coverage of the question by the words around the quantity",
    "weight of the hardest word missing there",
    "coverage by the text from the clause before up to the quantity",
    "weight of the hardest word missing there too",
    "literal coverage by that text",
    "weight of the hardest word missing there literally",
    "share of the words that stand there literally",
    "weight of the most telling word right before the quantity that the question does not name",
    "likeness of such a word to one that the question misses",
    "another word stands before a head that the question names",
    "the thing counted is named right beside the quantity",
    "bigram coverage by the words around",
    "characters between the quantity and the last bigram of the question before it",
    "an owner is known",
    "unit is the one asked for",
    "unit is not the one asked for",
    "no unit asked for",
    "no unit asked for and the quantity is bare or a time",
    "years agree",
    "years conflict",
    "where a change began",
    "where a change began and the question asks for before",
    "the quantity stands in the question",
    "order of the quantity in its segment",
    "quantities in the segment",
    "log of the reader's best score in the segment where its answer there holds the quantity",
    "the reader has read the segment",
    *(f"kind is {kind}" for kind in _KINDS),
    "it is a figure",
    "coverage of the question by indicator and subject of the figure",
    "literal coverage by indicator and subject",
    "share of the words that stand literally in indicator and subject",
    "weight of the hardest word missing literally in indicator and subject",
    "weight of the most telling word of the indicator that the question does not name",
    "likeness of such a word of the indicator to one that the question misses",
    "another word stands before a head of the indicator that the question names",
    "the question's share of the indicator's words",
    "period of the figure agrees",
    "period of the figure conflicts",
    "the figure is of the kind asked for",
    "the figure is of another kind than asked for",
    "the quantity lies ahead",
    "the quantity lies ahead and the question asks for what was done",
    "the quantity lies ahead and the question does not say",
    "the quantity does not lie ahead and the question asks for what is to be done",
)
_NO_FIGURE = (0.0,) * 13


def quantity_features(reading: Reading, found: list[Candidate]) -> npt.NDArray[np.float32]:
    """Return ``(len(found), len(QUANTITY_FEATURES)) float32``."""
    count: dict[int, int] = {}
    for candidate in found:
        count[id(candidate.evidence)] = count.get(id(candidate.evidence), 0) + 1
    rows = []
    seen: dict[int, int] = {}
    for candidate in found:
        key = id(candidate.evidence)
        order = seen.get(key, 0)
        seen[key] = order + 1
        rows.append(_row(reading, candidate, order, count[key]))
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(QUANTITY_FEATURES))


def _row(reading: Reading, candidate: Candidate, order: int, count: int) -> list[float]:
    question, matcher = reading.question, reading.matcher
    quantity, text = candidate.quantity, candidate.text
    labels = candidate.labels
    around = reading.met(*labels)
    context = _context(candidate)
    wider = np.maximum(around, reading.met(context))
    spelt = reading.spelt(*labels, context)
    begin, end = candidate.before
    near = text[max(begin, end - _LABEL) : end]
    label = reading.words.cut(near)
    beside = reading.spelt(near, text[slice(*candidate.after)])
    wanted = bool(question.units)
    fits = wanted and unit_fits(quantity.unit, quantity.kind, question.units)
    bound = replace(candidate.evidence.segment, years=candidate.years)
    agree, conflict = year_relation(question.years, bound, counts=True)
    began = float(candidate.start_value)
    return [
        candidate.evidence.score - reading.evidence[0].score,
        float(candidate.evidence is reading.evidence[0]),
        float(candidate.evidence.passage is reading.evidence[0].passage),
        matcher.weighted(around),
        matcher.hardest(around),
        matcher.weighted(wider),
        matcher.hardest(wider),
        matcher.weighted(spelt),
        matcher.hardest(spelt),
        matcher.share(spelt),
        *matcher.siblings(spelt, label, reading.words.vectors(label)),
        matcher.rival(spelt, label),
        matcher.thing(beside),
        matcher.bigram_coverage("".join(labels)),
        _distance(matcher.last_bigram(text[: quantity.start]), quantity.start),
        float(candidate.owner is not None),
        float(fits),
        float(wanted and not fits),
        float(not wanted),
        float(not wanted and quantity.kind in ("bare", "time")),
        agree,
        conflict,
        began,
        began * float(bool(_EARLIER.search(question.folded)) or (agree > 0)),
        float(quantity.number in question.folded),
        float(order),
        math.log(count),
        *_read(candidate),
        *(float(quantity.kind == kind) for kind in _KINDS),
        *_figure_row(reading, candidate),
        *_tense_row(reading, candidate),
    ]


def _read(candidate: Candidate) -> tuple[float, float]:
    """Return what the reader says of a quantity."""
    read, quantity = candidate.evidence.read, candidate.quantity
    held = read.start < quantity.end and read.end > quantity.start
    return math.log((read.score if held else 0.0) + _UNREAD), float(read.end > 0)


def _tense_row(reading: Reading, candidate: Candidate) -> tuple[float, float, float, float]:
    """Return how what was done or is to be done agrees with what the question asks for."""
    asked, document = reading.question.folded, reading.document(candidate.evidence)
    figure = reading.figure_at(document.id, *candidate.source)
    stretch = replace(candidate.evidence.segment, years=candidate.years)
    ahead = lies_ahead(document, stretch) if figure is None else planned(reading, candidate)
    back, on = looks_back(asked), looks_ahead(asked)
    return (
        float(ahead),
        float(ahead and back),
        float(ahead and not back and not on),
        float(on and not ahead),
    )


def _figure_row(reading: Reading, candidate: Candidate) -> tuple[float, ...]:
    figure = reading.figure_at(candidate.evidence.passage.document_id, *candidate.source)
    if figure is None:
        return _NO_FIGURE
    matcher = reading.matcher
    texts = [fold_text(t) for t in (figure.indicator, figure.name, figure.subject)]
    spelt = reading.spelt(*texts)
    label = reading.words.cut(texts[0])
    total = sum(w.weight for w in label)
    named = sum(w.weight for w in label if w.text in reading.question.folded)
    years = (figure.period[0],) if figure.period and figure.period[0] == figure.period[1] else ()
    told = replace(candidate.evidence.segment, years=years, period=figure.period)
    agree, conflict = year_relation(reading.question.years, told, counts=True)
    asked = figure_kind_of(reading.question.folded)
    return (
        1.0,
        matcher.weighted(reading.met(*texts)),
        matcher.weighted(spelt),
        matcher.share(spelt),
        matcher.hardest(spelt),
        *matcher.siblings(spelt, label, reading.words.vectors(label)),
        matcher.rival(spelt, label),
        named / total if total else 0.0,
        agree,
        conflict,
        float(asked is not None and figure.kind is asked),
        float(asked is not None and figure.kind is not asked),
    )


def _context(candidate: Candidate) -> str:
    """Return the text from the beginning of the clause before up to the end of the label."""
    begin = two_clauses_before(candidate.text, candidate.quantity.start)
    return candidate.text[begin : candidate.after[1]]


def _distance(position: int, start: int) -> float:
    """Return log(1 + characters) from the last match to the quantity, 4 if there is none."""
    return math.log(1 + start - position) if position >= 0 else 4.0
