"""Rank the places found anew by what the ranker and the reader say of them together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from chat.evidence import Reading
from chat.network import RANKER_FOLDER, Network, log_odds

PLACE_SIGNALS: tuple[str, ...] = (
    "score below that of the best place",
    "log of the reader's probability that the answer begins in the place",
    "log of the reader's best score in the place",
    "the reader has read the place",
    "log odds of the reader that no passage answers",
)
_LEAST = 1e-3


class JointRanker:
    """Orders the places of a reading once they have been read."""

    def __init__(self, network: Network | None = None) -> None:
        """Read the shipped network unless one is given."""
        self._network = network or Network.load(RANKER_FOLDER / "joint.safetensors", PLACE_SIGNALS)

    def rank(self, reading: Reading) -> Reading:
        """Return the reading with its places in the new order and with their new scores."""
        if not reading.evidence:
            return reading
        scores = self._network.scores(place_signals(reading))
        order = np.argsort(-scores, kind="stable")
        evidence = [replace(reading.evidence[i], score=float(scores[i])) for i in order]
        return replace(reading, evidence=evidence, matrix=reading.matrix[order])


def place_signals(reading: Reading) -> npt.NDArray[np.float32]:
    """Return ``(places, signals) float32`` of a reading that has been read (``consult``)."""
    best = reading.evidence[0].score
    none = log_odds(reading.none, _LEAST)
    rows = [
        (
            place.score - best,
            np.log(place.read.mass + _LEAST),
            np.log(place.read.score + _LEAST),
            float(place.read.end > 0),
            none,
        )
        for place in reading.evidence
    ]
    return np.array(rows, dtype=np.float32)
