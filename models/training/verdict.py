"""Train the network that says yes or no, on the yes-or-no questions of the training sets.

    python -m models.training.verdict --data ../shared/data --out models/ranker

Folds by document tell how often it is right, and from which probability on the word is worth saying
(``chat.verdict.SAID_FROM``).
"""

from __future__ import annotations

import argparse
import random
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from chat.matcher import Matcher
from chat.tense import lies_ahead
from chat.verdict import VERDICT_FEATURES, verdict_features
from corpus.cleaning import fold_text
from corpus.passages import dated_sentences, segments
from corpus.types import Document
from index.encoder import SHIPPED_FOLDER
from index.words import WordModel
from models.training import SEED
from models.training.network import Array, Recipe, fit, save
from models.training.questions import govqa_sets
from retriever.places import own_names
from retriever.question import understand
from retriever.vocabulary import shipped_vocabulary

VERDICT = Recipe(hidden=16, epochs=15, decay=0.1, listwise=False)
FOLDS = 4
_LEVELS = (0.5, 0.7, 0.8, 0.85, 0.9, 0.95)
_NO = re.compile(r"否|不|没|未|无|禁止")
_YES = re.compile(r"是|能|可以|有|会|要|对|允许|[\u4e00-\u9fff]{1,3}了|受保护|收费")


@dataclass(frozen=True)
class Decided:
    """A question beside the sentence that decides it.

    :ivar row: ``(len(VERDICT_FEATURES),)``.
    :ivar holds: 1 where what the question states holds.
    """

    row: Array
    holds: float
    document: str


def decided(split: str, data: Path, words: WordModel) -> list[Decided]:
    """Return the yes-or-no questions of a split, each beside its evidence."""
    vocabulary = shipped_vocabulary()
    found = []
    for document, rows in govqa_sets(split, data):
        for row in rows:
            answer = row.answers[0] if row.answers else ""
            no, yes = _NO.match(answer), _YES.match(answer)
            if row.kind != "yesno" or not (no or yes):
                continue
            told = fold_text(document.text[row.start : row.end])
            asked = understand(row.question, document.year, words, own_names([document]))
            ahead = _ahead(document, row.start)
            features = verdict_features(Matcher(asked, words, vocabulary), words, told, ahead=ahead)
            found.append(Decided(features, float(not no), document.id))
    return found


def _ahead(document: Document, at: int) -> bool:
    for paragraph in document.paragraphs:
        if paragraph.start <= at < paragraph.end:
            for sentence in dated_sentences(document, paragraph):
                for part in segments(document, sentence):
                    if part.start <= at < part.end:
                        return lies_ahead(document, part)
    return False


def groups(rows: list[Decided]) -> list[tuple[Array, Array]]:
    """Return the rows as the networks are fitted to them, one by one."""
    return [(r.row[None, :], np.array([r.holds], np.float32)) for r in rows]


def figures(scores: Array, rows: list[Decided]) -> dict[str, tuple[float, float]]:
    """Return by level how often the word would be right, and how often it would be said."""
    sure = 1 / (1 + np.exp(-np.abs(scores)))
    right = (scores > 0) == np.array([r.holds > 0 for r in rows])
    return {
        f"{level:.2f}": (round(float(right[said].mean()), 3), round(float(said.mean()), 3))
        for level in _LEVELS
        if (said := sure >= level).any()
    }


def main() -> None:
    """Print the figures of the folds and of validation, train on all, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, default=SHIPPED_FOLDER)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    words = WordModel(args.encoder)
    rows = decided("train", args.data, words)
    check = decided("validation", args.data, words)
    print(len(rows), "questions;", len(check), "for validation", flush=True)
    names = sorted({r.document for r in rows})
    random.Random(SEED).shuffle(names)
    held: list[Decided] = []
    scores: list[Array] = []
    for fold in range(FOLDS):
        out = set(names[fold::FOLDS])
        network = fit(groups([r for r in rows if r.document not in out]), VERDICT)
        left = [r for r in rows if r.document in out]
        held += left
        scores.append(network.scores(np.stack([r.row for r in left])))
    print("left out", figures(np.concatenate(scores), held))
    network = fit(groups(rows), VERDICT)
    print("validation", figures(network.scores(np.stack([r.row for r in check])), check))
    save(network, args.out / "verdict.safetensors", VERDICT_FEATURES)


if __name__ == "__main__":
    main()
