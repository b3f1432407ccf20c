"""The extractive answerer: what it says stands in the report, word for word."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from chat.arithmetic import needs_sum
from chat.confidence import THRESHOLD, Confidence, signals
from chat.conversation import standalone
from chat.definitions import glossary_span
from chat.evidence import EvidenceRanker, displayed
from chat.facts import fact_span
from chat.reader.consult import consult
from chat.reader.reader import shipped_reader
from chat.refusal import missing_text
from chat.span import Span, shown
from chat.spans import SpanFinder
from chat.stages import Stage, stage
from chat.types import Answer, Citation, Evidence, Status
from corpus.cleaning import fold_text
from corpus.types import Document, newest_year
from index.library import Library
from index.words import WordModel
from retriever.places import Places, named_documents, own_names, places_in
from retriever.question import Question, understand
from retriever.search import Retriever
from retriever.vocabulary import Vocabulary

NEAREST = 3  # places shown beside a refusal
_ELSEWHERE = 0.05
_TITLED, _NAMED, _LIKELY = 0.99, 0.6, 0.8
_CERTAIN = 0.97  # of the glossary and the title block, which are looked up, not searched


@dataclass(frozen=True)
class _Finding:
    """What was found for a question: the best answer, if any, and how likely it is right.

    :ivar evidence: places read, best first.
    """

    question: Question
    span: Span | None
    answerable: float
    probability: float
    evidence: list[Evidence]
    places: Places


Lookup = Callable[[Question, list[Document]], Span | None]


def look_up(question: Question, documents: list[Document]) -> Span | None:
    """Return what the glossary or the title block of the reports tells, None if neither does."""
    return glossary_span(question, documents) or fact_span(question, documents)


class ExtractiveAnswerer:
    """Answers questions over one version of the library."""

    def __init__(
        self,
        retriever: Retriever,
        words: WordModel,
        vocabulary: Vocabulary,
        model: str,
        *,
        ranker: EvidenceRanker | None = None,
        finder: SpanFinder | None = None,
        reads: bool = True,
        lookup: Lookup | None = None,
    ) -> None:
        """Read the shipped networks unless pieces are given.

        :param model: name of the encoder, told in every answer.
        :param reads: let the reader look at the best places.
        :param lookup: what is looked up before anything is searched.
        """
        self._ranker = ranker or EvidenceRanker(retriever, words, vocabulary)
        self._confidence = Confidence()
        self._finder = finder or SpanFinder()
        self._reader = shipped_reader() if reads else None
        self._lookup = lookup or look_up
        self._words = words
        self._model = model
        self._library: Library = retriever.library

    def answer(
        self,
        text: str,
        history: list[str],
        documents: tuple[str, ...] = (),
        depth: int = 10,
        *,
        threshold: float = THRESHOLD,
    ) -> Answer:
        """Answer a question.

        :param history: earlier questions of the conversation, oldest first.
        :param documents: ids to answer from; all if empty.
        :param depth: passages read.
        :param threshold: mean of the probabilities that the reports answer and that the answer is
            right, from which it is given; 0 gives one always.
        """
        started = time.perf_counter()
        alone = standalone(text, history, self._words)
        finding = self._find(alone, documents, depth)
        worth = (finding.answerable + finding.probability) / 2
        if finding.span is not None and worth >= threshold:
            answer = self._answered(finding, finding.span)
        else:
            answer = self._refused(finding)
        took = (time.perf_counter() - started) * 1000
        return replace(answer, question=text, took_ms=round(took, 1))

    def _find(self, alone: str, documents: tuple[str, ...], depth: int) -> _Finding:
        chosen = (
            [self._library.document(d) for d in documents]
            if documents
            else list(self._library.documents.values())
        )
        chosen = named_documents(fold_text(alone), chosen)
        with stage(Stage.UNDERSTAND):
            question = understand(alone, newest_year(chosen), self._words, own_names(chosen))
            certain = self._lookup(question, chosen)
        if certain is not None:
            return _Finding(question, certain, _CERTAIN, _CERTAIN, [], Places())
        searched = (
            () if len(chosen) == len(self._library.documents) else tuple(d.id for d in chosen)
        )
        reading = self._ranker.read(question, searched, depth)
        if not reading.evidence or not question.words:
            return _Finding(question, None, 0.0, 0.0, reading.evidence, Places())
        if self._reader is not None:
            with stage(Stage.READ):
                reading = consult(reading, self._reader)
        with stage(Stage.DECIDE):
            places = places_in(question, chosen)
            span = self._finder.find(reading)
            row = signals(reading, places, span)
            answerable = self._confidence.answerable(row)
            probability = self._confidence.probability(row)
        sure = span.reckoned and span.support is not None and span.support.coverage >= _NAMED
        if span.titled >= _TITLED or sure:
            # The report itself gives these as the measures for it; or all figures that the question
            # names were found. Both are too rare in training to be learnt.
            answerable, probability = max(answerable, _LIKELY), max(probability, _LIKELY)
        # One of two figures to be added would mislead; and whatever else agrees, what is said of
        # another place does not answer.
        if (needs_sum(question) and not span.reckoned) or places.unknown:
            answerable, probability = min(answerable, _ELSEWHERE), min(probability, _ELSEWHERE)
        return _Finding(question, span, answerable, probability, reading.evidence, places)

    def _answered(self, finding: _Finding, span: Span) -> Answer:
        lead = span.evidence[0]
        document = self._library.document(lead.passage.document_id)
        sentence = shown(document, *displayed(lead))
        explanation = span.explanation or sentence
        if span.reckoned:
            # A reckoned result shows its working above the sentence that it comes from.
            explanation = f"{span.explanation}。{sentence}"
        return replace(
            self._unanswered(finding.question),
            status=Status.ANSWERED,
            answer=span.text,
            explanation=explanation,
            items=span.items,
            confidence=round(finding.probability, 3),
            citations=tuple(self._citation(e) for e in span.evidence),
        )

    def _refused(self, finding: _Finding) -> Answer:
        nearest: list[Evidence] = []
        for place in finding.evidence:
            if all(place.sentence != n.sentence for n in nearest):
                nearest.append(place)
        return replace(
            self._unanswered(finding.question),
            answer=missing_text(finding.question, finding.evidence, finding.places),
            confidence=round(1.0 - finding.answerable, 3),
            citations=tuple(self._citation(e) for e in nearest[:NEAREST]),
        )

    def _unanswered(self, question: Question) -> Answer:
        """Return what every answer to a question has in common."""
        return Answer(
            question=question.text,
            standalone_question=question.text,
            status=Status.UNANSWERABLE,
            answer="",
            explanation="",
            items=(),
            confidence=0.0,
            citations=(),
            answerer="extractive",
            model=self._model,
            took_ms=0.0,
        )

    def _citation(self, evidence: Evidence) -> Citation:
        document = self._library.document(evidence.passage.document_id)
        start, end = displayed(evidence)
        return Citation(
            document=document.id,
            title=document.title,
            section=evidence.passage.section,
            start=start,
            end=end,
            quote=document.text[start:end],
            page=document.page_of(start),
        )
