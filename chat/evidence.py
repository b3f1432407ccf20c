"""Choose the places of a report that carry the answer: search, take apart, rank segments."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chat.features import FEATURES, Anatomy, Matcher, anatomy, features
from chat.network import RANKER_FOLDER, Network
from chat.types import Evidence
from corpus.types import Passage
from index.words import WordModel
from retriever.question import Question
from retriever.search import Hit, Retriever
from retriever.vocabulary import Vocabulary

DEPTH = 10  # passages read for a question


@dataclass(frozen=True)
class Reading:
    """What was found for a question.

    :ivar evidence: segments, best first.
    :ivar matrix: ``(len(evidence), len(FEATURES)) float32``, rows in the order of ``evidence``.
    """

    hits: list[Hit]
    evidence: list[Evidence]
    matrix: npt.NDArray[np.float32]
    matcher: Matcher


class EvidenceRanker:
    """Ranks the segments of the passages found."""

    def __init__(
        self,
        retriever: Retriever,
        words: WordModel,
        vocabulary: Vocabulary,
        network: Network | None = None,
    ) -> None:
        """Read the shipped network unless one is given."""
        self.retriever = retriever
        self.words = words
        self.vocabulary = vocabulary
        self.network = network or Network.load(RANKER_FOLDER / "evidence.safetensors", FEATURES)
        self._taken: OrderedDict[tuple[str, int, int], Anatomy] = OrderedDict()

    def read(self, question: Question, documents: tuple[str, ...] = (), depth: int = DEPTH) -> Reading:
        """Return the evidence for a question, best first."""
        hits, rows, parts, matcher = self.candidates(question, documents, depth)
        if not hits:
            return Reading([], [], np.zeros((0, len(FEATURES)), np.float32), matcher)
        scores = self.network.scores(rows)
        order = np.argsort(-scores, kind="stable")
        segments = [(taken.passage, part) for taken in parts for part in taken.parts]
        evidence = [
            Evidence(
                passage=segments[i][0],
                sentence=segments[i][1].sentence,
                segment=segments[i][1].segment,
                score=float(scores[i]),
            )
            for i in order
        ]
        return Reading(hits, evidence, rows[order], matcher)

    def candidates(
        self, question: Question, documents: tuple[str, ...], depth: int
    ) -> tuple[list[Hit], npt.NDArray[np.float32], list[Anatomy], Matcher]:
        """Return hits, features of all their segments, and the passages taken apart."""
        matcher = Matcher(question, self.words, self.vocabulary)
        hits = self.retriever.search(question, depth, documents)
        parts = [self._anatomy(hit.passage) for hit in hits]
        return hits, features(matcher, hits, parts), parts, matcher

    def _anatomy(self, passage: Passage) -> Anatomy:
        key = (passage.document_id, passage.start, passage.end)
        if key not in self._taken:
            document = self.retriever.library.document(passage.document_id)
            self._taken[key] = anatomy(document, passage, self.words)
            if len(self._taken) > 5000:
                self._taken.popitem(last=False)
        return self._taken[key]
