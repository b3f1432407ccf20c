"""The extractive answerer: what it says stands in the report, word for word."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chat.arithmetic import lacks_sum
from chat.asking import asked_plainly, report_month, time_notes
from chat.confidence import DESPITE, ON_TOPIC, THRESHOLD, Confidence, of_shown, signals
from chat.definitions import glossary_span
from chat.evidence import EvidenceRanker, Reading, displayed
from chat.facts import fact_span
from chat.lists import asked_count, counted
from chat.reader.consult import consult
from chat.reader.joint import JointRanker
from chat.reader.reader import PassageReader, shipped_reader
from chat.refusal import Missing, missing
from chat.skills import SKILLS, Inquiry, Outcome, Quoted, Skill
from chat.skills.premises import contradicted
from chat.skills.yesno import threshold_of, verdict
from chat.span import Span, shown
from chat.spans import SpanFinder, of_form
from chat.stages import Stage, stage
from chat.types import Answer, Citation, Evidence, Status
from corpus.cleaning import fold_text
from corpus.types import Document
from index.library import Library
from index.words import WordModel
from retriever.kinds import Kind
from retriever.lexicon import Lexicon
from retriever.places import Places, places_named
from retriever.question import Question, understand
from retriever.scope import Reports, Scope
from retriever.search import Retriever
from retriever.vocabulary import Vocabulary

NEAREST = 3  # places shown beside a refusal
_ELSEWHERE = 0.05
_TITLED, _NAMED, _LIKELY = 0.99, 0.6, 0.8
_PLAINLY = 0.75  # worth from which a report is quoted to somebody who asks for himself
_TOLD_TO_ONE = (Kind.NUMBER, Kind.DATE)  # kinds of question; ways and means would mislead
_FOR_ALL = "报告说的是一般情况；您个人能否享受、怎样办理，请拨打12345或到窗口询问。"
_CERTAIN = 0.97  # of the glossary and the title block, which are looked up, not searched


@dataclass(frozen=True)
class _Finding:
    """What was found for a question: the best answer, if any, and how likely it is right.

    :ivar evidence: places read, best first.
    :ivar reading: what was read, None where nothing was to be read.
    """

    question: Question
    span: Span | None
    answerable: float
    probability: float
    evidence: list[Evidence]
    places: Places
    reading: Reading | None = None


Lookup = Callable[[Question, Sequence[Document]], Span | None]


def look_up(question: Question, documents: Sequence[Document]) -> Span | None:
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
        reader: PassageReader | None = None,
        joint: JointRanker | None = None,
        lookup: Lookup | None = None,
        skills: Sequence[Skill] = SKILLS,
    ) -> None:
        """Read the shipped networks unless pieces are given.

        :param model: name of the encoder, told in every answer.
        :param reads: let a reader look at the best places.
        :param reader: the shipped one if None; ``joint`` likewise, which ranks what was read.
        :param lookup: what is looked up before anything is searched.
        :param skills: tried before that, in this order.
        """
        self._ranker = ranker or EvidenceRanker(retriever, words, vocabulary)
        self._confidence = Confidence()
        self._finder = finder or SpanFinder()
        self._reader = (reader or shipped_reader()) if reads else None
        self._joint = (joint or JointRanker()) if reads else None
        self._lookup = lookup or look_up
        self._skills = tuple(skills)
        self._words = words
        self._model = model
        self._retriever = retriever
        self._library: Library = retriever.library
        self._lexicon = Lexicon(retriever.library)

    def prepare(self) -> None:
        """Read what only a misspelt question needs, so that none has to wait for it."""
        self._lexicon.prepare()

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
        asked = asked_plainly(text, history, self._words, self._lexicon)
        alone = asked.text
        scope = self._retriever.scope(fold_text(alone), documents)
        with stage(Stage.UNDERSTAND):
            month = report_month(alone, scope.rows)
            question = understand(alone, scope.year, self._words, scope.own, month)
            notes = asked.notes + time_notes(question, scope.year, month)
            reports = self._retriever.examined(question, scope)
            decided = self._decided(question, scope, documents, depth, threshold)
            outcome = None if decided else self._skilled(text, question, scope, reports)
        if decided is not None:
            answer = decided
        elif outcome is not None and not outcome.yields:
            answer = self._told(question, outcome)
        else:
            answer = self._searched(
                question, scope, reports, depth, least=threshold, otherwise=outcome
            )
        took = (time.perf_counter() - started) * 1000
        told = tuple(dict.fromkeys((*notes, *answer.notes)))
        return replace(answer, question=text, notes=told, took_ms=round(took, 1))

    def _searched(
        self,
        question: Question,
        scope: Scope,
        reports: Reports,
        depth: int,
        *,
        least: float,
        otherwise: Outcome | None,
    ) -> Answer:
        """Answer from what the reports say, if that is worth showing; else refuse.

        :param otherwise: what is said unless the reports plainly answer.
        """
        finding = self._find(question, scope, reports, depth)
        worth = (finding.answerable + finding.probability) / 2
        premise = _premise(finding)
        if premise is not None and least > 0:
            return self._told(question, premise)
        plain = question.kind in _TOLD_TO_ONE and worth >= max(least, _PLAINLY)
        if otherwise is not None and not plain:
            return self._told(question, otherwise)
        if finding.span is None or worth < least:
            return self._refused(finding)
        answer = self._answered(finding, finding.span)
        return answer if otherwise is None else replace(answer, notes=(*answer.notes, _FOR_ALL))

    def _skilled(
        self, text: str, question: Question, scope: Scope, reports: Reports
    ) -> Outcome | None:
        """Return what the first skill that knows the question says, None if none does."""
        inquiry = Inquiry(
            text,
            question,
            reports,
            self._library,
            self._retriever,
            self._words,
            self._ranker.vocabulary,
            scope,
        )
        return next((o for s in self._skills if (o := s(inquiry)) is not None), None)

    def _decided(
        self,
        question: Question,
        scope: Scope,
        documents: tuple[str, ...],
        depth: int,
        least: float,
    ) -> Answer | None:
        """Answer whether a figure passes a threshold by asking for the figure; None if it does not tell."""
        limit = threshold_of(question.folded, scope.year)
        if limit is None:
            return None
        given = self.answer(limit.asked, [], documents, depth, threshold=least)
        if given.status is not Status.ANSWERED:
            return None
        said = verdict(limit, given.answer, given.explanation or given.citations[0].quote)
        if said is None:
            return None
        return replace(
            given, standalone_question=question.text, answer=f"{said}，报告给出的是{given.answer}"
        )

    def _find(self, question: Question, scope: Scope, reports: Reports, depth: int) -> _Finding:
        with stage(Stage.UNDERSTAND):
            certain = self._lookup(question, reports)
        if certain is not None:
            return _Finding(question, certain, _CERTAIN, _CERTAIN, [], Places())
        reading = self._ranker.read(question, scope.searched, depth)
        if not reading.evidence or not question.words:
            return _Finding(question, None, 0.0, 0.0, reading.evidence, Places())
        if self._reader is not None and self._joint is not None:
            with stage(Stage.READ):
                reading = self._joint.rank(consult(reading, self._reader))
        with stage(Stage.DECIDE):
            places = places_named(
                question, scope.own, lambda name: self._retriever.mentions(name, scope)
            )
            span = counted(reading, self._finder.find(reading))
            row = signals(reading, places, span)
            answerable = self._confidence.answerable(row)
            probability = self._confidence.probability(row)
        sure = span.reckoned and span.support is not None and span.support.coverage >= _NAMED
        if span.titled >= _TITLED or sure:
            # The report itself gives these as the measures for it; or all figures that the question
            # names were found. Both are too rare in training to be learnt.
            answerable, probability = max(answerable, _LIKELY), max(probability, _LIKELY)
        if question.kind is Kind.LIST and not span.found and asked_count(question.folded):
            answerable, probability = min(answerable, _ELSEWHERE), min(probability, _ELSEWHERE)
        # One of two figures to be added would mislead; and whatever else agrees, what is said of
        # another place does not answer, nor does what is no date when it was, nor anything a question
        # on something else altogether.
        off = answerable + probability < 2 * DESPITE and self._confidence.on_topic(row) < ON_TOPIC
        amiss = lacks_sum(reading, span) or off
        if amiss or places.unknown or not of_form(reading, span):
            answerable, probability = min(answerable, _ELSEWHERE), min(probability, _ELSEWHERE)
        told = span.instead or span
        return _Finding(question, told, answerable, probability, reading.evidence, places, reading)

    def _told(self, question: Question, outcome: Outcome) -> Answer:
        return replace(
            self._unanswered(question),
            status=outcome.status,
            answer=outcome.answer,
            explanation=outcome.explanation,
            items=outcome.items,
            confidence=round(outcome.confidence, 3),
            citations=tuple(self._quotation(q) for q in outcome.quotes),
            notes=outcome.notes,
            groups=outcome.groups,
        )

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
            confidence=round(of_shown(finding.probability), 3),
            citations=tuple(self._citation(e) for e in span.evidence),
            notes=span.notes,
        )

    def _refused(self, finding: _Finding) -> Answer:
        lacking = missing(finding.question, finding.evidence, finding.places, finding.reading)
        span = finding.span
        near = span is not None and span.support is not None and span.support.coverage >= _NAMED
        if span is not None and near and span.amiss and not finding.places.unknown:
            lacking = Missing(span.amiss, span.evidence[0])
        nearest: list[Evidence] = [] if lacking.place is None else [lacking.place]
        for place in finding.evidence:
            if all(place.sentence != n.sentence for n in nearest):
                nearest.append(place)
        return replace(
            self._unanswered(finding.question),
            answer=lacking.text,
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
        start, end = displayed(evidence)
        return self._cited(evidence.passage.document_id, start, end, evidence.passage.section)

    def _quotation(self, quoted: Quoted) -> Citation:
        section = self._library.document(quoted.document).section_of(quoted.start)
        return self._cited(quoted.document, quoted.start, quoted.end, section)

    def _cited(self, name: str, start: int, end: int, section: tuple[str, ...]) -> Citation:
        document = self._library.document(name)
        return Citation(
            document=document.id,
            title=document.title,
            section=section,
            start=start,
            end=end,
            quote=document.text[start:end],
            page=document.page_of(start),
        )


def _premise(finding: _Finding) -> Outcome | None:
    """Return what the report says where the question has it the wrong way round, else None."""
    if finding.reading is None or finding.places.unknown:
        return None
    return contradicted(finding.reading)
