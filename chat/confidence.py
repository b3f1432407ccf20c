"""Decide whether the reports answer: two calibrated probabilities, and a threshold on the first."""

from __future__ import annotations

import math
import re
from dataclasses import astuple

import numpy as np
import numpy.typing as npt

from chat.evidence import Reading
from chat.features import FEATURES
from chat.forms import lacks_body, lacks_site
from chat.network import RANKER_FOLDER, Network, log_odds, sigmoid
from chat.span import Span, Support, folded
from chat.types import Evidence
from corpus.cleaning import fold_text
from retriever.places import Places

# Showing an answer is worth r where it is right (p), costs w where the reports do not answer (1 - a)
# and v where they do but elsewhere (a - p): shown while r p - w (1 - a) - v (a - p) > 0. With w = r
# and v nought, for the place is quoted beside the answer, that is (a + p) / 2 > 1/2. On govqa validation
# and the invented districts 0.65 refuses three more of 209 unanswerable questions for eight of 976 right answers.
THRESHOLD = 0.6
# Probability that a question is on a matter of the reports, below which nothing is shown, unless the mean of the
# two others is as high as the second. Of everyday questions on other matters that no training saw 94% lie below the
# first; of those that documents answer, 0.2%.
ON_TOPIC, DESPITE = 0.1, 0.92
# Behind the networks stand comparisons that they do not know (``chat.forms``, ``chat.disagreement``):
# what passes them too is right more often than the networks say, most where they doubt. Platt's
# scaling of the logits, fitted to what is shown of govqa validation; expected calibration error there
# 0.070 without, 0.018 with it.
_SLOPE, _SHIFT = 0.6, 0.7
_LEAST = 1e-6

SIGNALS: tuple[str, ...] = (
    *FEATURES,
    "score of the best segment",
    "score above the best segment of another passage",
    "score of the best segment by softmax",
    "share of the question's weight in words met nowhere",
    "weight of the hardest word met nowhere",
    "number of telling words",
    "weight of all telling words",
    "share of the question's bigrams found nowhere",
    "share of the question's weight in words that the reports do not hold",
    "weight of the hardest word that the reports do not hold",
    "share of jieba's words of the question that the reports do not hold",
    "a place is named that the reports do not name",
    "a place is named that the evidence does not name",
    "the question gives instructions or asks for a text to be written",
    "nothing of the wanted kind was found",
    "a quantity, date or name was chosen",
    "score of the quantity",
    "score of the quantity above the next",
    "coverage of the question around the quantity",
    "weight of the hardest word missing around the quantity",
    "weight of the hardest word missing literally around the quantity",
    "share of the question's words that stand literally around the quantity",
    "unit of the quantity agrees",
    "year of the quantity agrees",
    "weight of a word before the quantity that the question does not name",
    "likeness of such a word to one that the question misses",
    "another word stands before a head that the question names",
    "the thing counted is named right beside the quantity",
    "coverage of the question by the figure's indicator",
    "period of the figure agrees",
    "kind of the figure agrees",
    "share of the question that the heading above the answer names",
    "log of the number of passages read from",
    "log odds of the reader that no passage answers",
    "the reader's best score anywhere",
    "log of the reader's probability that the answer begins in the segment",
    "the reader's best score is in the chosen segment",
    "the answer holds the reader's likeliest answer, or is held by it",
    "a person or body is asked for and none is told",
    "a place is asked for and none is told",
)

_INSTRUCTION = re.compile(
    r"忽略|无视|忘(记|掉)|扮演|假(装|设|如)你|你是谁|系统提示|提示词|prompt|ignore|写(一)?(首|篇|段|封|个)|"
    r"翻译|编(一)?(个|段|首)|讲(一)?个(笑话|故事)|代码|程序|作诗|唱"
)


def signals(reading: Reading, places: Places, span: Span) -> npt.NDArray[np.float32]:
    """Return ``(len(SIGNALS),) float32`` of what speaks for and against answering.

    :param places: places named in the question.
    :param span: the answer that would be given.
    """
    question, told = reading.question, fold_text(span.text)
    matcher = reading.matcher
    scores = np.array([e.score for e in reading.evidence], dtype=np.float32)
    lead = reading.position(span.evidence[0])
    best = reading.evidence[lead]
    others = [e.score for e in reading.evidence if e.passage is not best.passage]
    exponentials = np.exp(scores - scores.max())
    # Over all passages read: a word met in none of them is one the reports hardly speak of.
    column = {name: i for i, name in enumerate(FEATURES)}
    soft = reading.matrix[:, column["soft coverage by passage and headings"]]
    hard = reading.matrix[:, column["weight of the hardest word missing in passage and headings"]]
    bigrams = reading.matrix[:, column["bigram coverage by the passage"]]
    row = [
        best.score,
        best.score - max(others, default=best.score - 5.0),
        float(exponentials[lead] / exponentials.sum()),
        1.0 - float(soft.max()),
        float(hard.min()),
        float(len(matcher.weights)),
        float(matcher.weights.sum()),
        1.0 - float(bigrams.max()),
        matcher.weighted(reading.unheard_of),
        float((matcher.weights * reading.unheard_of).max(initial=0.0)),
        reading.strange,
        float(bool(places.unknown)),
        float(any(p not in best.passage.text for p in places.other)),
        float(bool(_INSTRUCTION.search(question.folded))),
        float(not span.found),
        *_support(span.support),
        span.titled,
        math.log(1 + reading.library_size),
        log_odds(reading.none, 1e-4),
        *_read(reading, best, told),
        float(lacks_body(question.folded, told)),
        float(lacks_site(question.folded, told)),
    ]
    return np.concatenate([reading.matrix[lead], np.array(row, dtype=np.float32)])


def of_shown(probability: float) -> float:
    """Return the probability that an answer is right which was found fit to be shown.

    :param probability: what the network says, 0 to 1.
    """
    return sigmoid(_SLOPE * log_odds(probability, _LEAST) + _SHIFT)


def _read(reading: Reading, best: Evidence, told: str) -> tuple[float, ...]:
    """Return what the reader says of a folded answer."""
    top = max(reading.evidence, key=lambda e: e.read.score)
    text = folded(reading.document(top), top).text[top.read.start : top.read.end]
    agrees = bool(text) and (text in told or told in text)
    return (
        top.read.score,
        math.log(best.read.mass + 1e-4),
        float(top.segment == best.segment),
        float(agrees),
    )


def _support(support: Support | None) -> tuple[float, ...]:
    return (0.0,) * 16 if support is None else (1.0, *astuple(support))


class Confidence:
    """Whether the reports answer a question, and whether the answer found is right."""

    def __init__(self, network: Network | None = None, answerable: Network | None = None) -> None:
        """Read the shipped networks unless others are given."""
        self._topic = Network.load(RANKER_FOLDER / "topic.safetensors", SIGNALS)
        self.network = network or Network.load(RANKER_FOLDER / "confidence.safetensors", SIGNALS)
        self._answerable = answerable or Network.load(
            RANKER_FOLDER / "answerable.safetensors", SIGNALS
        )

    def probability(self, row: npt.NDArray[np.float32]) -> float:
        """Return the probability, 0 to 1, that the answer found is right, for one row of signals."""
        return sigmoid(float(self.network.scores(row[None, :])[0]))

    def on_topic(self, row: npt.NDArray[np.float32]) -> float:
        """Return the probability that the question is on a matter that the reports speak of."""
        return sigmoid(float(self._topic.scores(row[None, :])[0]))

    def answerable(self, row: npt.NDArray[np.float32]) -> float:
        """Return the probability, 0 to 1, that the reports hold an answer at all."""
        return sigmoid(float(self._answerable.scores(row[None, :])[0]))
