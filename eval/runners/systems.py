"""What is evaluated: anything that answers a question, ours or another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from corpus.errors import WenzhengError
from corpus.types import Figure
from eval.datasets.types import QuestionRow
from eval.runners.runs import Shown


class SystemFailedError(WenzhengError):
    """A system under evaluation that cannot be reached or does not answer as it should."""

    code = "system_failed"


@dataclass(frozen=True)
class Reply:
    """What a system says to a question.

    :ivar confidence: probability that what is shown, answer or refusal, is right; None if not told.
    :ivar took_ms: as the asker waits for it.
    """

    refused: bool
    answer: str
    explanation: str = ""
    items: tuple[str, ...] = ()
    confidence: float | None = None
    citations: tuple[Shown, ...] = ()
    took_ms: float = 0.0

    @property
    def told(self) -> str:
        """All that the asker reads."""
        return f"{self.answer}\n{self.explanation}"

    @property
    def probability(self) -> float | None:
        """Probability that the answer, given or withheld, is right."""
        if self.confidence is None:
            return None
        return 1.0 - self.confidence if self.refused else self.confidence


class Sources(Protocol):
    """The reports that a system answers from."""

    def ids(self) -> list[str]:
        """Return the ids of all reports."""

    def text(self, document: str) -> str:
        """Return the text of a report.

        :raises UnknownDocumentError: if there is none of that id.
        """

    def figures(self, document: str) -> tuple[Figure, ...]:
        """Return the figures of a report."""


class System(Protocol):
    """A question-answering system: ours in place, ours by URL, or a chatbot.

    :ivar name: as shown in results.
    :ivar sources: None of a system that does not tell where it quotes from.
    """

    name: str

    @property
    def sources(self) -> Sources | None:
        """The reports."""

    def ask(self, row: QuestionRow) -> Reply:
        """Answer a question of a set."""

    def forced(self, row: QuestionRow) -> Reply | None:
        """Answer without refusing; None from a system that cannot be asked to."""

    def passages(self, row: QuestionRow, count: int) -> tuple[Shown, ...]:
        """Return the passages found for a question, best first; empty if not told."""

    def versions(self) -> dict[str, str]:
        """Return what the system is made of: models, index."""
