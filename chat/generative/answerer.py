"""The generative answerer: a model words the answer, the guard lets through what the report bears out.

Whether the report carries the question at all, the extractive answerer decides, as ever; its answer
is given where the model fails or nothing of what it wrote stands.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace

from chat.extractive import ExtractiveAnswerer
from chat.generative.breaker import Breaker
from chat.generative.draft import Draft
from chat.generative.prompt import Message, messages
from chat.generative.sentences import DraftSentence, Splitter
from chat.generative.sources import Source, sources
from chat.generative.writer import Writer
from chat.streaming import Cited, Done, Event, Retrieved, Token
from chat.types import Answer, Citation, Status
from corpus.cleaning import fold_text
from corpus.errors import GenerationError
from corpus.passages import TITLE_BLOCK
from corpus.types import Document, Passage, Sentence
from index.problems import Problems
from index.words import WordModel
from retriever.question import understand
from retriever.search import Hit, Retriever

PART = "answerer"
# Probability that the report carries the question, from which a model is asked; below it the
# question is refused without one. Lower than the threshold of the extractive answerer: the model
# may refuse, too, and the guard cuts what the report does not bear out.
LEAST_CARRIED = 0.15
MAX_PASSAGES = 8
MAX_CHARACTERS = 4000  # of a model's text; what comes behind is not read
_FALLBACK = "以下是直接摘引报告的回答。"


class GenerativeAnswerer:
    """Answers questions over one version of the library."""

    def __init__(
        self,
        extractive: ExtractiveAnswerer,
        retriever: Retriever,
        words: WordModel,
        *,
        writer: Writer,
        breaker: Breaker,
        problems: Problems,
    ) -> None:
        """Take what is loaded already.

        :param breaker: of the writer, shared by all versions of the library.
        :param problems: where a failing model is told to those who run the service.
        """
        self._extractive = extractive
        self._retriever = retriever
        self._words = words
        self._writer = writer
        self._breaker = breaker
        self._problems = problems

    def answer(
        self, text: str, history: list[str], documents: tuple[str, ...] = (), depth: int = 10
    ) -> Answer:
        """Answer a question; see ``chat.streaming.Answerer``."""
        *_, last = self.stream(text, history, documents, depth)
        assert isinstance(last, Done)
        return last.answer

    def stream(
        self, text: str, history: list[str], documents: tuple[str, ...] = (), depth: int = 10
    ) -> Iterator[Event]:
        """Yield the events of an answer; text only once it has passed the guard."""
        started = time.perf_counter()
        basis = self._extractive.answer(text, history, documents, depth)
        hits = self._hits(basis.standalone_question, documents, depth)
        yield Retrieved(basis.standalone_question, tuple(hits), self._retriever.library)
        given = self._sources(basis, hits)
        if not given or not basis.citations or _carried(basis) < LEAST_CARRIED:
            yield from _told(basis, started)
            return
        prompt, given = self._prompt(basis.standalone_question, given)
        if not self._breaker.allow():
            yield from _told(_noted(basis, f"生成模型暂时停用，{_FALLBACK}"), started)
            return
        draft = Draft(given, self._words)
        failure = ""
        with closing(written_by(self._writer, prompt)) as sentences:
            try:
                for sentence in sentences:
                    if piece := draft.take(sentence):
                        yield Cited(draft.citations())
                        yield Token(piece)
            except GenerationError as error:
                failure = error.message
        self._tell(failure)
        if draft.stands:
            yield Done(_finished(self._generated(basis, draft, failure), started))
        else:
            fallback = _noted(basis, _why_fallen(draft, failure))
            seen = draft.grounding
            yield from _told(replace(fallback, grounding=seen if seen.sentences else None), started)

    def _tell(self, failure: str) -> None:
        """Let breaker and operators know how the call went."""
        if failure:
            self._breaker.failed()
            self._problems.report(
                PART, f"生成模型“{self._writer.name}”不可用（{failure}），暂时改为直接摘引报告。"
            )
        else:
            self._breaker.succeeded()
            self._problems.clear(PART)

    def _generated(self, basis: Answer, draft: Draft, failure: str) -> Answer:
        return replace(
            basis,
            status=Status.ANSWERED,
            answer=draft.text,
            explanation=draft.leading,
            items=(),
            confidence=round(_carried(basis), 3),
            citations=draft.citations(),
            answerer="generative",
            model=self._writer.name,
            grounding=draft.grounding,
            notes=(*basis.notes, *([f"{failure}，只显示已经核对的部分。"] if failure else [])),
        )

    def _hits(self, question: str, documents: tuple[str, ...], depth: int) -> list[Hit]:
        scope = self._retriever.scope(fold_text(question), documents)
        understood = understand(question, scope.year, self._words, scope.own)
        return self._retriever.search(understood, depth, scope.searched)

    def _sources(self, basis: Answer, hits: list[Hit]) -> tuple[Source, ...]:
        """Return the passages for the model: those of the extractive answer first."""
        library = self._retriever.library
        found = [h.passage for h in hits if h.passage.section[:1] != (TITLE_BLOCK,)]
        first: list[Passage] = []
        for citation in basis.citations:
            home = next((p for p in found if _within(citation, p)), None)
            passage = home or _alone(citation, library.document(citation.document))
            if passage not in first:
                first.append(passage)
        chosen = first + [p for p in found if p not in first]
        return sources(library, chosen[:MAX_PASSAGES])

    def _prompt(
        self, question: str, given: tuple[Source, ...]
    ) -> tuple[list[Message], tuple[Source, ...]]:
        """Return the prompt with as many of the passages as the model can read."""
        while len(given) > 1 and not self._writer.fits(messages(question, given)):
            given = given[:-1]
        return messages(question, given), given


def written_by(writer: Writer, prompt: list[Message]) -> Generator[DraftSentence, None, None]:
    """Yield the sentences that a model writes, each once it is complete.

    :raises GenerationError: if the model fails; what it had not finished is left out.
    """
    splitter = Splitter()
    length = 0
    with closing(writer.write(prompt)) as pieces:
        for piece in pieces:
            length += len(piece)
            yield from splitter.feed(piece)
            if length > MAX_CHARACTERS:
                return
    yield from splitter.finish()


def _within(citation: Citation, passage: Passage) -> bool:
    return (
        citation.document == passage.document_id
        and passage.start <= citation.start
        and citation.end <= passage.end
    )


def _alone(citation: Citation, document: Document) -> Passage:
    """Return a citation as a passage of its own, where no passage found holds it."""
    years = (document.year,) if document.year and TITLE_BLOCK in citation.section else ()
    sentence = Sentence(citation.start, citation.end, years)
    return Passage(
        document.id, citation.section, citation.start, citation.end, citation.quote, (sentence,)
    )


def _carried(basis: Answer) -> float:
    """Return the probability that the report carries the question."""
    answered = basis.status is Status.ANSWERED
    return basis.confidence if answered else 1.0 - basis.confidence


def _why_fallen(draft: Draft, failure: str) -> str:
    if failure:
        return f"{failure}，{_FALLBACK}"
    if draft.refused:
        return f"生成模型没有在报告里找到答案，{_FALLBACK}"
    return f"生成模型写的内容在报告里查不到依据，{_FALLBACK}"


def _noted(basis: Answer, note: str) -> Answer:
    """Return the extractive answer with why it is given; a refusal speaks for itself."""
    if basis.status is Status.UNANSWERABLE:
        note = note.replace(_FALLBACK, "没有采用它写的内容。")
    return replace(basis, notes=(*basis.notes, note))


def _told(basis: Answer, started: float) -> Iterator[Event]:
    """Yield the events of an answer that is there as a whole."""
    yield Cited(basis.citations)
    if basis.answer:
        yield Token(basis.answer)
    yield Done(_finished(basis, started))


def _finished(answer: Answer, started: float) -> Answer:
    return replace(answer, took_ms=round((time.perf_counter() - started) * 1000, 1))
