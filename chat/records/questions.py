"""The log of questions, personal data masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select

from chat.records.database import Database
from chat.records.masking import masked
from chat.records.tables import now, questions
from chat.types import Answer


@dataclass(frozen=True)
class LoggedQuestion:
    """A question that was asked, and what became of it.

    :ivar channel: where it came in: ``api``, ``page``, ``openai``, ``mcp``.
    :ivar standalone: the question completed from the conversation.
    :ivar status: ``answered`` or ``unanswerable``.
    :ivar version: of the library that answered.
    """

    id: int
    at: datetime
    request_id: str
    channel: str
    question: str
    standalone: str
    status: str
    confidence: float
    answerer: str
    took_ms: float
    version: int


class QuestionLog:
    """All questions, unless the log is switched off."""

    def __init__(self, database: Database, enabled: bool = True) -> None:
        self._database = database
        self.enabled = enabled

    def log(
        self, answer: Answer, *, request_id: str = "", channel: str = "api", version: int = 0
    ) -> None:
        """Log a question with its answer's status; nothing if the log is off."""
        if not self.enabled:
            return
        with self._database.write() as connection:
            connection.execute(
                insert(questions).values(
                    at=now(),
                    request_id=request_id,
                    channel=channel,
                    question=masked(answer.question),
                    standalone=masked(answer.standalone_question),
                    status=str(answer.status),
                    confidence=answer.confidence,
                    answerer=answer.answerer,
                    took_ms=answer.took_ms,
                    version=version,
                )
            )

    def list(
        self,
        *,
        status: str | None = None,
        since: datetime | None = None,
        limit: int = 100,
        before: int | None = None,
    ) -> list[LoggedQuestion]:
        """Return questions, newest first.

        :param before: only those older than the one with this id, for the next page.
        """
        query = select(questions).order_by(questions.c.id.desc()).limit(limit)
        if status is not None:
            query = query.where(questions.c.status == status)
        if since is not None:
            query = query.where(questions.c.at >= since)
        if before is not None:
            query = query.where(questions.c.id < before)
        with self._database.read() as connection:
            return [LoggedQuestion(*r) for r in connection.execute(query)]

    def counts(self, since: datetime | None = None) -> dict[str, int]:
        """Return the number of questions by status."""
        query = select(questions.c.status, func.count().label("number")).group_by(
            questions.c.status
        )
        if since is not None:
            query = query.where(questions.c.at >= since)
        with self._database.read() as connection:
            return {row.status: row.number for row in connection.execute(query)}

    def purge(self, keep: timedelta) -> int:
        """Delete what is older than ``keep`` and return how many questions that were."""
        with self._database.write() as connection:
            return connection.execute(
                delete(questions).where(questions.c.at < now() - keep)
            ).rowcount
