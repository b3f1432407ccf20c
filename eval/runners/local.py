"""Evaluate ours in this process: the library in place, or reports given and indexed in memory."""

from __future__ import annotations

import time
from dataclasses import dataclass

from chat.conversation import standalone
from chat.service import Service
from chat.types import Answer, Status
from corpus.types import Document, Figure
from eval.datasets.types import QuestionRow
from eval.runners.runs import Shown
from eval.runners.stages import Stage, build
from eval.runners.systems import Reply
from eval.runners.versions import model_versions
from index.encoder import Encoder
from index.library import Library, Progress, assemble
from index.words import shipped_words
from retriever.question import understand


@dataclass(frozen=True)
class LibrarySources:
    """The reports of a library."""

    library: Library

    def ids(self) -> list[str]:
        """Return the ids of all reports."""
        return list(self.library.documents)

    def text(self, document: str) -> str:
        """Return the text of a report."""
        return self.library.document(document).text

    def figures(self, document: str) -> tuple[Figure, ...]:
        """Return the figures of a report."""
        return self.library.figures.get(document, ())


class Local:
    """The pipeline over a library; without some of its stages, if so asked."""

    def __init__(
        self,
        library: Library,
        encoder: Encoder,
        service: Service | None = None,
        without: frozenset[Stage] = frozenset(),
    ) -> None:
        """Build the pipeline.

        :param service: where the library is in place, what answers as the product does.
        """
        self.library = library
        self.encoder = encoder
        self.sources = LibrarySources(library)
        self._pieces = build(library, encoder, without)
        self._service = None if without else service
        left_out = f"，去掉{'、'.join(sorted(without))}" if without else ""
        self.name = f"问政（{'库' if service is not None else '内存索引'}{left_out}）"

    @classmethod
    def over(
        cls, documents: tuple[Document, ...], encoder: Encoder, progress: Progress | None = None
    ) -> Local:
        """Index reports in memory."""
        return cls(assemble(list(documents), encoder, progress), encoder)

    def leaving_out(self, *stages: Stage) -> Local:
        """Return the same without some stages."""
        return Local(self.library, self.encoder, self._service, frozenset(stages))

    def ask(self, row: QuestionRow) -> Reply:
        """Answer a question of a set."""
        started = time.perf_counter()
        if self._service is not None:
            answer = self._service.ask(row.question, list(row.history), _documents(row))
        else:
            answer = self._pieces.answerer.answer(
                row.question, list(row.history), _documents(row), threshold=self._pieces.threshold
            )
        return _reply(answer, (time.perf_counter() - started) * 1000)

    def forced(self, row: QuestionRow) -> Reply | None:
        """Answer without refusing."""
        answer = self._pieces.answerer.answer(
            row.question, list(row.history), _documents(row), threshold=0.0
        )
        return _reply(answer, answer.took_ms)

    def passages(self, row: QuestionRow, count: int) -> tuple[Shown, ...]:
        """Return the passages found for a question, best first."""
        words = shipped_words()
        scope = self._pieces.retriever.scope("", _documents(row))
        alone = standalone(row.question, list(row.history), words)
        question = understand(alone, scope.year, words, scope.own)
        hits = self._pieces.retriever.search(question, count, _documents(row))
        return tuple(
            Shown(
                document=h.passage.document_id,
                title=" › ".join(h.passage.section),
                start=h.passage.start,
                end=h.passage.end,
                text=h.passage.text,
            )
            for h in hits
        )

    def versions(self) -> dict[str, str]:
        """Return models and index."""
        version = f"版本{self.library.version}" if self.library.version else "内存"
        return model_versions(self.encoder) | {
            "索引": f"{version}，{len(self.library.documents)}份文件，{len(self.library.passages)}个段落"
        }


def _documents(row: QuestionRow) -> tuple[str, ...]:
    return (row.document,) if row.document is not None else ()


def _reply(answer: Answer, took_ms: float) -> Reply:
    return Reply(
        refused=answer.status is Status.UNANSWERABLE,
        answer=answer.answer,
        explanation=answer.explanation,
        items=answer.items,
        confidence=answer.confidence,
        citations=tuple(
            Shown(c.document, " › ".join((c.title, *c.section)), c.start, c.end, c.quote)
            for c in answer.citations
        ),
        took_ms=took_ms,
    )
