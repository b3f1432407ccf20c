"""Choose the places of a report that carry the answer: search, take apart, rank segments."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chat.features import FEATURES, Anatomy, anatomy, features
from chat.matcher import Matcher
from chat.network import RANKER_FOLDER, Network
from chat.span import Support
from chat.stages import Stage, stage
from chat.types import Evidence
from corpus.passages import TITLE_BLOCK
from corpus.types import Document, Figure, Passage
from index.words import WordModel
from retriever.question import Question
from retriever.search import Hit, Retriever
from retriever.vocabulary import Vocabulary

DEPTH = 10  # passages read for a question

LONG_SENTENCE = 260  # characters; of a longer sentence only the segment is shown


def displayed(evidence: Evidence) -> tuple[int, int]:
    """Return the range that is shown and cited for a piece of evidence."""
    sentence = evidence.sentence
    if sentence.end - sentence.start > LONG_SENTENCE:
        sentence = evidence.segment
    return sentence.start, sentence.end


@dataclass(frozen=True)
class Reading:
    """What was found for a question.

    :ivar evidence: segments, best first.
    :ivar unheard_of: ``(question words,) float32``, 1 for a word that the reports do not hold.
    :ivar strange: share of jieba's words of the question that they do not hold.
    :ivar library_size: passages in the library.
    :ivar figures: figures of each document, in the order of its text.
    :ivar none: the reader's probability that the places it read do not answer; 0.5 unread.
    :ivar matrix: ``(len(evidence), len(FEATURES)) float32``, rows in the order of ``evidence``.
    """

    hits: list[Hit]
    evidence: list[Evidence]
    matrix: npt.NDArray[np.float32]
    matcher: Matcher
    words: WordModel
    documents: Mapping[str, Document]
    unheard_of: npt.NDArray[np.float32]
    strange: float
    library_size: int
    figures: Mapping[str, tuple[Figure, ...]]
    none: float = 0.5

    @property
    def question(self) -> Question:
        """The question that was read for."""
        return self.matcher.question

    def document(self, place: Evidence) -> Document:
        """Return the document that a piece of evidence stands in."""
        return self.documents[place.passage.document_id]

    def figure_at(self, document_id: str, start: int, end: int) -> Figure | None:
        """Return the figure that stands in a range of a document, if there is one."""
        figures = self.figures[document_id]
        at = bisect_left(figures, start, key=lambda f: f.end - 1)
        return figures[at] if at < len(figures) and figures[at].start < end else None

    def position(self, place: Evidence) -> int:
        """Return the rank of a place in the evidence, 0 if it stands outside it."""
        return next((i for i, e in enumerate(self.evidence) if e is place), 0)

    def coverage(self, *texts: str) -> float:
        """Return the share of the question's weight that stretches of folded text meet together."""
        return self.matcher.weighted(self.met(*texts))

    def spelt(self, *texts: str) -> npt.NDArray[np.float32]:
        """Return ``(question words,) float32``: how well the texts meet each word literally."""
        return self.matcher.literal(list(texts), [tuple(self.words.cut(t)) for t in texts])

    def support(self, *texts: str) -> Support:
        """Return how well stretches of folded text fit the question, unit and year taken to agree."""
        met, spelt = self.met(*texts), self.spelt(*texts)
        return Support(
            score=0.0,
            margin=0.0,
            coverage=self.matcher.weighted(met),
            missing=self.matcher.hardest(met),
            unspelt=self.matcher.hardest(spelt),
            spelt=self.matcher.share(spelt),
            unit=1.0,
            year=0.0,
        )

    def met(self, *texts: str) -> npt.NDArray[np.float32]:
        """Return ``(question words,) float32``: how well the texts meet each word, 0 to 1."""
        cut = [self.words.cut(text) for text in texts]
        return self.matcher.matches(
            list(texts), [tuple(w) for w in cut], [self.words.vectors(w) for w in cut]
        )


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

    def read(
        self, question: Question, documents: tuple[str, ...] = (), depth: int = DEPTH
    ) -> Reading:
        """Return the evidence for a question, best first."""
        with stage(Stage.SEARCH):
            hits = self.retriever.search(question, depth, documents)
        with stage(Stage.READ):
            return self.read_hits(question, hits)

    def read_hits(self, question: Question, hits: list[Hit]) -> Reading:
        """Return the evidence of the passages found, best first.

        The title block is left out: what it tells is looked up (``chat.facts``).
        """
        hits = [h for h in hits if h.passage.section[:1] != (TITLE_BLOCK,)]
        matcher = Matcher(question, self.words, self.vocabulary)
        parts = [self._anatomy(hit.passage) for hit in hits]
        rows = features(matcher, hits, parts)
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
        library = self.retriever.library
        return Reading(
            hits=hits,
            evidence=evidence,
            matrix=rows[order],
            matcher=matcher,
            words=self.words,
            documents=library.documents,
            unheard_of=matcher.unheard_of(library.store.holds),
            strange=matcher.strange(library.store.holds),
            library_size=library.store.counts().passages,
            figures=library.figures,
        )

    def _anatomy(self, passage: Passage) -> Anatomy:
        key = (passage.document_id, passage.start, passage.end)
        if key not in self._taken:
            document = self.retriever.library.document(passage.document_id)
            self._taken[key] = anatomy(document, passage, self.words)
            if len(self._taken) > 5000:
                self._taken.popitem(last=False)
        return self._taken[key]
