"""Choose the quantity that a question asks for: indicator, unit, year and owner must agree.

Like the evidence ranker, a small network over named features; their order is part of the shipped
weights (``models/ranker/quantity.safetensors``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from chat.disagreement import ADDED, asks_difference, disagreement, planned
from chat.evidence import Reading
from chat.forms import fits
from chat.network import RANKER_FOLDER, Network
from chat.numbers import Candidate, candidates
from chat.quantity_features import QUANTITY_FEATURES, quantity_features
from chat.span import Span, Support, shown
from chat.tense import lies_ahead, looks_ahead, looks_back
from corpus.sentences import clause_ranges
from index.lexical import pairs

REACH = 4.0  # segments whose score is this far below the best are not looked at
_MOST = 60  # quantities looked at for one question
_MARGIN = 5.0
_NEXT, _NEAR = 5, 2.0  # quantities that one which disagrees may give way to, and how far below it
_NEAR_BEFORE = 3.5  # the same where the best is a plan and the question asks for what was done
_AROUND = "coverage of the question by the words around the quantity"
_BARELY, _BETTER = 1.0, 0.3  # below the best, and how much better its label is met
_MET, _LESS = "coverage by the text from the clause before up to the quantity", 0.1
_COMMON, _ALIKE = 4, 0.4  # pairs of characters that name the same thing, and their share
_FIGURES = re.compile(r"[\d.]+")


@dataclass(frozen=True)
class Ranked:
    """The quantities that might answer, best first, with their scores."""

    candidates: tuple[Candidate, ...]
    scores: tuple[float, ...]
    rows: npt.NDArray[np.float32]


class QuantityRanker:
    """Ranks the quantities of the evidence."""

    def __init__(self, network: Network | None = None) -> None:
        """Read the shipped network unless one is given."""
        self.network = network or Network.load(
            RANKER_FOLDER / "quantity.safetensors", QUANTITY_FEATURES
        )

    def rank(self, reading: Reading) -> Ranked | None:
        """Return the quantities of the evidence, best first; None if there is none."""
        found = within_reach(reading)
        if not found:
            return None
        rows = quantity_features(reading, found)
        scores = self.network.scores(rows)
        order = np.argsort(-scores, kind="stable")
        return Ranked(
            tuple(found[i] for i in order), tuple(float(scores[i]) for i in order), rows[order]
        )

    def span(self, reading: Reading) -> Span | None:
        """Return the best quantity as an answer, None if the evidence holds none."""
        ranked = self.rank(reading)
        if ranked is None:
            return None
        at, amiss = _agreeing(reading, ranked)
        best = ranked.candidates[at]
        reached = None if amiss else _reached(reading, best)
        others = [
            s
            for c, s in zip(ranked.candidates, ranked.scores, strict=True)
            if c.quantity.number != best.quantity.number
        ]
        margin = min(_MARGIN, ranked.scores[at] - max(others, default=-math.inf))
        row = dict(zip(QUANTITY_FEATURES, map(float, ranked.rows[at]), strict=True))
        support = Support(
            score=ranked.scores[at],
            margin=margin,
            coverage=row["coverage by the text from the clause before up to the quantity"],
            missing=row["weight of the hardest word missing there too"],
            unspelt=row["weight of the hardest word missing there literally"],
            spelt=row["share of the words that stand there literally"],
            unit=row["unit is the one asked for"] - row["unit is not the one asked for"],
            year=row["years agree"] - row["years conflict"],
            indicator=row["literal coverage by indicator and subject"],
            period=row["period of the figure agrees"] - row["period of the figure conflicts"],
            kind=row["the figure is of the kind asked for"]
            - row["the figure is of another kind than asked for"],
            unnamed=row[
                "weight of the most telling word right before the quantity that the question does not name"
            ],
            sibling=row["likeness of such a word to one that the question misses"],
            rival=max(
                row["another word stands before a head that the question names"],
                row["another word stands before a head of the indicator that the question names"],
            ),
            thing=row["the thing counted is named right beside the quantity"],
        )
        instead = None if reached is None else quantity_span(reached, reading)
        return replace(quantity_span(best, reading), support=support, amiss=amiss, instead=instead)


def _agreeing(reading: Reading, ranked: Ranked) -> tuple[int, str]:
    """Return the place of the best quantity that agrees with the question, and an empty text.

    Where none near the best agrees: that of the best, and what is amiss with it; or, where the best is a
    plan to add and the question asks how many there are, that of what was added.
    """
    asked, best = reading.question.folded, ranked.candidates[0]
    amiss = disagreement(reading, best)
    met = ranked.rows[:, QUANTITY_FEATURES.index(_MET)]
    around = ranked.rows[:, QUANTITY_FEATURES.index(_AROUND)]
    for at in _near(ranked, _BARELY):
        # 专任教师1260人，在校学生2.1万人: of neighbours about as likely, the one whose label is named.
        other = ranked.candidates[at]
        beside = other.evidence is best.evidence and other.quantity.unit == best.quantity.unit
        beside = beside and around[at] >= around[0] + _BETTER
        if beside and _of_form(asked, other) and not disagreement(reading, other):
            return at, ""
    if (amiss and not asks_difference(asked)) or not _of_form(asked, best):
        for at in _near(ranked, _NEAR):
            candidate = ranked.candidates[at]
            fit = met[at] >= met[0] - _LESS and _of_form(asked, candidate)
            if fit and not disagreement(reading, candidate):
                return at, ""
    if ADDED in amiss and not looks_ahead(asked) and planned(reading, best):
        # What was added tells more of how many there are than what is planned, though it is not all.
        for at, candidate in _done(reading, ranked):
            said = disagreement(reading, candidate)
            if ADDED in said:
                return at, said
    if not amiss and looks_back(asked) and planned(reading, best):
        for at, candidate in _done(reading, ranked):
            if not disagreement(reading, candidate):
                return at, ""
    return 0, amiss


def _reached(reading: Reading, best: Candidate) -> Candidate | None:
    """Return what was reached of the very thing that the best quantity plans, where no plan is asked for.

    占比达到92%以上 among the plans, 90%行政村总收入达100万元以上 in the look back: a question that names neither year
    nor plan asks how it is.
    """
    question = reading.question
    if question.years is not None or looks_ahead(question.folded) or not planned(reading, best):
        return None
    named = _pairs(best)
    found: list[tuple[float, Candidate]] = []
    for place in reading.evidence:
        document = reading.document(place)
        if place is best.evidence or lies_ahead(document, place.segment):
            continue
        for other in candidates(document, place):
            same = other.quantity.unit == best.quantity.unit and not planned(reading, other)
            common = named & _pairs(other) if same else set()
            if len(common) >= _COMMON:
                found.append((len(common) / len(named), other))
    share, reached = max(found, key=lambda f: f[0], default=(0.0, best))
    return reached if share >= _ALIKE and not disagreement(reading, reached) else None


def _pairs(candidate: Candidate) -> set[str]:
    """Return the pairs of characters of the clause that a quantity stands in, figures aside."""
    text, at = candidate.text, candidate.quantity.start
    start, end = next((r for r in clause_ranges(text, 0, len(text)) if r[0] <= at < r[1]), (at, at))
    return set(pairs(_FIGURES.sub("，", text[start:end])))


def _of_form(asked: str, candidate: Candidate) -> bool:
    return fits(asked, candidate.text[candidate.quantity.start : candidate.quantity.end])


def _done(reading: Reading, ranked: Ranked) -> Iterator[tuple[int, Candidate]]:
    """Yield those near the best, with their places, that were done and have its unit."""
    unit = ranked.candidates[0].quantity.unit
    for at in _near(ranked, _NEAR_BEFORE):
        candidate = ranked.candidates[at]
        if candidate.quantity.unit == unit and not planned(reading, candidate):
            yield at, candidate


def _near(ranked: Ranked, below: float) -> list[int]:
    """Return the places of the few quantities behind the best whose scores are not far below it."""
    return [i for i, s in enumerate(ranked.scores[:_NEXT]) if i and s >= ranked.scores[0] - below]


def within_reach(reading: Reading) -> list[Candidate]:
    """Return the quantities of the segments that are not far below the best."""
    found: list[Candidate] = []
    for place in reading.evidence:
        if place.score < reading.evidence[0].score - REACH or len(found) >= _MOST:
            break
        found.extend(candidates(reading.document(place), place))
    return found


def quantity_span(candidate: Candidate, reading: Reading) -> Span:
    """Return a quantity as an answer."""
    told = shown(reading.document(candidate.evidence), *candidate.source)
    return Span(told, (candidate.evidence,))
