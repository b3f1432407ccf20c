"""Questions put to their documents as the product would, for the training of the rankers."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from chat.evidence import DEPTH, EvidenceRanker, Reading
from chat.features import FEATURES
from chat.network import Network
from chat.reader.consult import consult
from chat.reader.joint import JointRanker
from chat.reader.reader import Reader
from corpus.types import Document
from index.encoder import Encoder
from index.library import assemble
from index.words import WordModel
from models.training import SEED
from models.training import data as source
from models.training.network import Array, blank
from models.training.questions import Labelled, astray, elsewhere, holds
from models.training.siblings import SHARE, Siblings
from retriever.places import Places, own_names, places_in
from retriever.question import understand
from retriever.search import Retriever
from retriever.vocabulary import shipped_vocabulary

FOLDS = 4
ELSEWHERE = 8  # questions of a document for each that is borrowed from another


@dataclass(frozen=True)
class Models:
    """What reads a document: word vectors and a reader that were not trained on it."""

    words: WordModel
    encoder: Encoder
    reader: Reader

    @classmethod
    def of(cls, encoder: Path, reader: Path) -> Models:
        """Read both from their folders."""
        words = WordModel(encoder)
        return cls(words, Encoder(str(encoder)), Reader(reader, words))


class Put:
    """A document that questions are put to, as the product does."""

    def __init__(self, document: Document, models: Models, network: Network | None = None) -> None:
        """Index the document.

        :param network: of the evidence ranker, the shipped one if None.
        """
        vocabulary = shipped_vocabulary()
        self._document, self._words = document, models.words
        self._retriever = Retriever(
            assemble([document], models.encoder), models.encoder, vocabulary
        )
        self._ranker = EvidenceRanker(self._retriever, models.words, vocabulary, network)

    def read(self, text: str) -> tuple[Reading, Places] | None:
        """Return what is found for a question, and the places that it names; None if nothing is."""
        document = self._document
        question = understand(text, document.year, self._words, own_names([document]))
        if not question.words:
            return None
        reading = self._ranker.read_hits(question, self._retriever.search(question, DEPTH))
        return (reading, places_in(question, [document])) if reading.evidence else None


@dataclass(frozen=True)
class Example:
    """One question put to its document.

    :ivar right: ``(segments,)`` 1 where the segment holds evidence and answer, in the order of
        ``reading``.
    :ivar reader: one that has not been trained on the document.
    """

    asked: Labelled
    document: Document
    reading: Reading
    right: Array
    places: Places
    weight: int
    fold: int
    reader: Reader


@dataclass(frozen=True)
class Read:
    """A question whose best places its reader has looked at, by a ranker that does not know its document."""

    item: Example
    reading: Reading


def examples(
    sets: Iterator[tuple[Document, list[Labelled]]],
    weight: int,
    foreign: list[source.Reading],
    models_for: Callable[[str], Models],
) -> list[Example]:
    """Put every question to its document and label the segments read.

    :param foreign: questions on other matters, for documents to refuse.
    :param models_for: models that have not been trained on the document of this id.
    """
    vocabulary = shipped_vocabulary()
    siblings: dict[int, Siblings] = {}
    rng = random.Random(SEED)
    result: list[Example] = []
    together = list(sets)
    pool = [q for _, questions in together for q in questions if q.answers and q.kind]
    for number, (document, questions) in enumerate(together):
        models = models_for(document.id)
        words, reader = models.words, models.reader
        put = Put(document, models, blank(FEATURES))
        if id(words) not in siblings:
            siblings[id(words)] = Siblings(words, vocabulary)
        kin = siblings[id(words)]
        fold = number % FOLDS
        near = [kin.led_astray(q, document, rng) for q in questions if rng.random() < SHARE]
        missing = [
            *astray(questions, document, foreign, rng),
            *elsewhere(pool, document, len(questions) // ELSEWHERE, rng, words),
            *(q for q in near if q is not None),
        ]
        for q in [*questions, *missing]:
            found = put.read(q.question)
            if found is None:
                continue
            reading, places = found
            right = np.array(
                [holds(document, e.segment.start, e.segment.end, q) for e in reading.evidence],
                dtype=np.float32,
            )
            result.append(Example(q, document, reading, right, places, weight, fold, reader))
    return result


def ranked(item: Example, network: Network) -> Reading:
    """Return the reading in the order of a network."""
    scores = network.scores(item.reading.matrix)
    order = np.argsort(-scores, kind="stable")
    evidence = [replace(item.reading.evidence[i], score=float(scores[i])) for i in order]
    return replace(item.reading, evidence=evidence, matrix=item.reading.matrix[order])


def read(items: Iterable[Example], evidence: Network) -> list[Read]:
    """Let its reader look at the best places of each question."""
    return [Read(i, consult(ranked(i, evidence), i.reader)) for i in items]


def joined(q: Read, joint: Network) -> Read:
    """Return the question with its places ranked by what ranker and reader say together."""
    return replace(q, reading=JointRanker(joint).rank(q.reading))
