"""Decide whether the evidence carries the question: a calibrated probability, and a threshold."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from chat.evidence import Reading
from chat.features import FEATURES
from chat.network import RANKER_FOLDER, Network, sigmoid
from retriever.kinds import Kind
from retriever.question import Question

# Below this probability the question is refused; chosen by cost on govqa validation, where a
# wrong answer costs as much as two refusals of answerable questions (models/ranker/README.md).
THRESHOLD = 0.5

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
    "a place is named that the evidence does not name",
    "the question gives instructions or asks for a text to be written",
)

# A place of one's own: 镇海区, 上海市, 广东, 鄞州. Names come from the words of the question.
_INSTRUCTION = re.compile(
    r"忽略|无视|忘(记|掉)|扮演|假(装|设|如)你|你是谁|系统提示|提示词|prompt|ignore|写(一)?(首|篇|段|封|个)|"
    r"翻译|编(一)?(个|段|首)|讲(一)?个(笑话|故事)|代码|程序|作诗|唱"
)


def signals(question: Question, reading: Reading, places: frozenset[str]) -> npt.NDArray[np.float32]:
    """Return ``(len(SIGNALS),) float32`` of what speaks for and against answering.

    :param places: places named in the question that the reports do not name.
    """
    matcher = reading.matcher
    scores = np.array([e.score for e in reading.evidence], dtype=np.float32)
    best = reading.evidence[0]
    others = [e.score for e in reading.evidence if e.passage is not best.passage]
    exponentials = np.exp(scores - scores.max())
    # Over all passages read: a word met in none of them is one the reports hardly speak of.
    column = {name: i for i, name in enumerate(FEATURES)}
    soft = reading.matrix[:, column["soft coverage by passage and headings"]]
    hard = reading.matrix[:, column["weight of the hardest word missing in passage and headings"]]
    bigrams = reading.matrix[:, column["bigram coverage by the passage"]]
    row = [
        float(scores[0]),
        float(scores[0]) - max(others, default=float(scores[0]) - 5.0),
        float(exponentials[0] / exponentials.sum()),
        1.0 - float(soft.max()),
        float(hard.min()),
        float(len(matcher.weights)),
        float(matcher.weights.sum()),
        1.0 - float(bigrams.max()),
        float(bool(places)),
        float(bool(_INSTRUCTION.search(question.folded))),
    ]
    return np.concatenate([reading.matrix[0], np.array(row, dtype=np.float32)])


class Confidence:
    """The probability that the best evidence answers the question."""

    def __init__(self) -> None:
        self.network = Network.load(RANKER_FOLDER / "confidence.safetensors", SIGNALS)

    def probability(self, row: npt.NDArray[np.float32]) -> float:
        """Return the probability, 0 to 1, for one row of signals."""
        return sigmoid(float(self.network.scores(row[None, :])[0]))
