"""Train the network that tells questions on a report's matters from questions on anything else.

    python -m models.training.topic --data ../shared/data --halves DIR DIR --out models/ranker

The sets of questions hold near misses, and hardly one on cooking or pop songs, least of all one that begins
with 怎么: the decision would take measures against floods for an answer to 怎么做红烧肉. Here questions that
documents answer stand against everyday questions on other matters (``offtopic.txt``, written for this),
each put to a document by models that have not seen it.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from chat.confidence import SIGNALS, signals
from chat.reader.consult import consult
from chat.reader.joint import JointRanker
from chat.reader.reader import FOLDER
from chat.spans import SpanFinder
from index.encoder import SHIPPED_FOLDER
from models.training import SEED
from models.training.directions import DIRECTIONS
from models.training.examples import Models, Put
from models.training.network import Array, Recipe, fit, save
from models.training.questions import govqa_sets, half_of

OFF_TOPIC = Path(__file__).parent / "offtopic.txt"
TOPIC = Recipe(hidden=12, epochs=12, decay=0.3, listwise=False, directions=DIRECTIONS)
SHARE, ASKED = 0.5, 40  # of the answerable questions of a document; off-topic ones put to it
_LEVELS = (0.1, 0.2, 0.3, 0.4, 0.5)


def rows(
    split: str, data: Path, halves: list[Models], off_topic: list[str]
) -> Iterator[tuple[Array, float]]:
    """Yield signals of questions, and 1 where the document is on their matter."""
    rng = random.Random(SEED)
    half, joint, finder = half_of(split), JointRanker(), SpanFinder()
    for document, questions in govqa_sets(split, data):
        models = halves[half[document.id] % len(halves)]
        put = Put(document, models)
        asked = [(q.question, 1.0) for q in questions if q.answers and rng.random() < SHARE]
        asked += [(q, 0.0) for q in rng.sample(off_topic, min(ASKED, len(off_topic)))]
        for text, on in asked:
            if (found := put.read(text)) is not None:
                reading = joint.rank(consult(found[0], models.reader))
                yield signals(reading, found[1], finder.find(reading)), on


def groups(found: list[tuple[Array, float]]) -> list[tuple[Array, Array]]:
    """Return the rows as the networks are fitted to them, both sides weighing the same."""
    on = [(r[None, :], np.array([t], np.float32)) for r, t in found if t]
    off = [(r[None, :], np.array([t], np.float32)) for r, t in found if not t]
    return on * max(1, round(len(off) / len(on))) + off * max(1, round(len(on) / len(off)))


def main() -> None:
    """Train, print how many are told apart on validation, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--halves", type=Path, nargs=2, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    halves = [Models.of(folder / "encoder", folder / "reader") for folder in args.halves]
    off_topic = OFF_TOPIC.read_text(encoding="utf-8").split("\n")[:-1]
    random.Random(SEED).shuffle(off_topic)
    kept = len(off_topic) // 5
    found = list(rows("train", args.data, halves, off_topic[kept:]))
    network = fit(groups(found), TOPIC)
    whole = [Models.of(SHIPPED_FOLDER, FOLDER)]
    check = list(rows("validation", args.data, whole, off_topic[:kept]))
    chances = 1 / (1 + np.exp(-network.scores(np.stack([r for r, _ in check]))))
    on = np.array([t > 0 for _, t in check])
    print(len(found), "questions;", int(on.sum()), "and", int((~on).sum()), "for validation")
    for level in _LEVELS:
        print(
            level,
            "on",
            float((chances[on] < level).mean()),
            "off",
            float((chances[~on] < level).mean()),
        )
    save(network, args.out / "topic.safetensors", SIGNALS)


if __name__ == "__main__":
    main()
