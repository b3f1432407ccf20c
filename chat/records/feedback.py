"""What people said of answers: helpful or not, and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, delete, func, insert, select

from chat.records.database import Database
from chat.records.masking import masked
from chat.records.tables import feedback, now
from chat.types import Citation


@dataclass(frozen=True)
class Feedback:
    """One opinion of an answer; personal data in question and comment are masked.

    :ivar status: of the answer, ``answered`` or ``unanswerable``.
    :ivar version: of the library that answered.
    """

    id: int
    at: datetime
    question: str
    answer: str
    status: str
    helpful: bool
    reason: str
    comment: str
    citations: tuple[Citation, ...]
    version: int
    request_id: str


class FeedbackBook:
    """All opinions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        *,
        question: str,
        answer: str,
        status: str,
        helpful: bool,
        reason: str = "",
        comment: str = "",
        citations: tuple[Citation, ...] = (),
        version: int = 0,
        request_id: str = "",
    ) -> Feedback:
        """Keep an opinion and return it as kept."""
        values = {
            "at": now(),
            "question": masked(question),
            "answer": answer,
            "status": status,
            "helpful": helpful,
            "reason": masked(reason),
            "comment": masked(comment),
            "citations": [asdict(c) for c in citations],
            "version": version,
            "request_id": request_id,
        }
        with self._database.write() as connection:
            number = connection.execute(
                insert(feedback).values(values).returning(feedback.c.id)
            ).scalar_one()
            row = connection.execute(select(feedback).where(feedback.c.id == number)).one()
            return _feedback(row)

    def list(
        self,
        *,
        helpful: bool | None = None,
        since: datetime | None = None,
        limit: int = 100,
        before: int | None = None,
    ) -> list[Feedback]:
        """Return opinions, newest first.

        :param helpful: only the good or only the bad ones.
        :param before: only those older than the one with this id, for the next page.
        """
        query = select(feedback).order_by(feedback.c.id.desc()).limit(limit)
        if helpful is not None:
            query = query.where(feedback.c.helpful.is_(helpful))
        if since is not None:
            query = query.where(feedback.c.at >= since)
        if before is not None:
            query = query.where(feedback.c.id < before)
        with self._database.read() as connection:
            return [_feedback(r) for r in connection.execute(query)]

    def counts(self, since: datetime | None = None) -> tuple[int, int]:
        """Return how many found answers helpful, and how many did not."""
        query = select(feedback.c.helpful, func.count()).group_by(feedback.c.helpful)
        if since is not None:
            query = query.where(feedback.c.at >= since)
        with self._database.read() as connection:
            found = {bool(h): n for h, n in connection.execute(query)}
        return found.get(True, 0), found.get(False, 0)

    def purge(self, keep: timedelta) -> int:
        """Delete what is older than ``keep`` and return how many opinions that were."""
        with self._database.write() as connection:
            return connection.execute(delete(feedback).where(feedback.c.at < now() - keep)).rowcount


def _feedback(row: Row[tuple[object, ...]]) -> Feedback:
    values = dict(row._mapping)
    values["citations"] = tuple(
        Citation(**{**c, "section": tuple(c["section"])}) for c in row.citations
    )
    return Feedback(**values)
