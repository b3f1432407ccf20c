"""The extractive answerer: what it says stands in the report, word for word."""

from __future__ import annotations

import time

from chat.confidence import THRESHOLD, Confidence, signals
from chat.conversation import standalone
from chat.definitions import glossary_span
from chat.evidence import EvidenceRanker, Reading
from chat.features import year_relation
from chat.places import foreign_places
from chat.span import Span, shown
from chat.spans import span_for
from chat.types import Answer, Citation, Evidence, Status
from corpus.types import Document
from index.library import Library
from index.words import WordModel
from retriever.kinds import Kind
from retriever.question import Question, understand
from retriever.search import Retriever
from retriever.vocabulary import Vocabulary

NEAREST = 3  # places shown beside a refusal
_LONG_SENTENCE = 260


class ExtractiveAnswerer:
    """Answers questions over one version of the library."""

    def __init__(self, retriever: Retriever, words: WordModel, vocabulary: Vocabulary, model: str) -> None:
        """Read the shipped networks.

        :param model: name of the encoder, told in every answer.
        """
        self._ranker = EvidenceRanker(retriever, words, vocabulary)
        self._confidence = Confidence()
        self._words = words
        self._model = model
        self._library: Library = retriever.library
        self._body = "\n".join(d.text for d in self._library.documents.values())

    def answer(
        self, text: str, history: list[str], documents: tuple[str, ...] = (), depth: int = 10
    ) -> Answer:
        """Answer a question.

        :param history: earlier questions of the conversation, oldest first.
        :param documents: ids to answer from; all if empty.
        :param depth: passages read.
        """
        started = time.perf_counter()
        alone = standalone(text, history, self._words)
        chosen = self._chosen(documents)
        question = understand(alone, _report_year(chosen), self._words)
        span, probability, reading, places = self._find(question, documents, chosen, depth)
        took = (time.perf_counter() - started) * 1000
        if span is not None and probability >= THRESHOLD:
            return self._answered(text, alone, span, probability, took)
        return self._refused(text, alone, question, reading, places, probability, took)

    def _chosen(self, documents: tuple[str, ...]) -> list[Document]:
        if documents:
            return [self._library.document(d) for d in documents]
        return list(self._library.documents.values())

    def _find(
        self, question: Question, documents: tuple[str, ...], chosen: list[Document], depth: int
    ) -> tuple[Span | None, float, Reading, frozenset[str]]:
        reading = self._ranker.read(question, documents, depth)
        defined = glossary_span(question, chosen)
        if defined is not None:
            return defined, 0.97, reading, frozenset()
        if not reading.evidence or not question.words:
            return None, 0.0, reading, frozenset()
        places = foreign_places(question, self._body)
        probability = self._confidence.probability(signals(question, reading, places))
        by_id = self._library.documents
        return span_for(question, reading, by_id, self._words), probability, reading, places

    def _answered(self, text: str, alone: str, span: Span, probability: float, took: float) -> Answer:
        lead = span.evidence[0]
        document = self._library.document(lead.passage.document_id)
        sentence = self._sentence(document, lead)
        explanation = sentence
        if span.explanation and span.explanation != sentence:
            # A reckoned result shows its working above the sentence that it comes from.
            explanation = (
                f"{span.explanation}。{sentence}" if "=" in span.explanation else span.explanation
            )
        return Answer(
            question=text,
            standalone_question=alone,
            status=Status.ANSWERED,
            answer=span.text,
            explanation=explanation,
            items=span.items,
            confidence=round(probability, 3),
            citations=tuple(self._citation(e) for e in span.evidence),
            answerer="extractive",
            model=self._model,
            took_ms=round(took, 1),
        )

    def _refused(
        self, text: str, alone: str, question: Question, reading: Reading,
        places: frozenset[str], probability: float, took: float,
    ) -> Answer:  # fmt: skip
        nearest: list[Evidence] = []
        for place in reading.evidence:
            if all(place.sentence != n.sentence for n in nearest):
                nearest.append(place)
        return Answer(
            question=text,
            standalone_question=alone,
            status=Status.UNANSWERABLE,
            answer=self._missing(question, nearest, places),
            explanation="",
            items=(),
            confidence=round(1.0 - probability, 3),
            citations=tuple(self._citation(e) for e in nearest[:NEAREST]),
            answerer="extractive",
            model=self._model,
            took_ms=round(took, 1),
        )

    def _missing(self, question: Question, nearest: list[Evidence], places: frozenset[str]) -> str:
        if not question.words:
            return "我只能回答报告里写到的内容，请换一个具体的问题。"
        if places:
            return f"报告没有提到“{'、'.join(sorted(places))}”的这项内容。"
        if question.years is not None and nearest:
            counts = question.kind is Kind.NUMBER
            best = nearest[0].segment
            _, conflict = year_relation(question.years, best, counts)
            if conflict >= 0.5 and (given := best.years or best.period):
                asked = "—".join(str(y) for y in sorted(set(question.years)))
                told = "—".join(str(y) for y in sorted(set(given)))
                return f"报告没有给出{asked}年的这项内容，最接近的内容说的是{told}年。"
        return "报告没有提到这项内容。"

    def _sentence(self, document: Document, evidence: Evidence) -> str:
        sentence = evidence.sentence
        if sentence.end - sentence.start > _LONG_SENTENCE:
            sentence = evidence.segment
        return shown(document, sentence.start, sentence.end)

    def _citation(self, evidence: Evidence) -> Citation:
        document = self._library.document(evidence.passage.document_id)
        sentence = evidence.sentence
        if sentence.end - sentence.start > _LONG_SENTENCE:
            sentence = evidence.segment
        return Citation(
            document=document.id,
            title=document.title,
            section=evidence.passage.section,
            start=sentence.start,
            end=sentence.end,
            quote=document.text[sentence.start : sentence.end],
        )


def _report_year(documents: list[Document]) -> int | None:
    """Return the year from which 去年 counts: that of the newest report asked."""
    return max((d.year for d in documents if d.year is not None), default=None)
