"""The audit log: who changed what, and when; lines are only ever added."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from datetime import datetime, timedelta
from typing import TextIO

from sqlalchemy import delete, insert, select

from chat.records.database import Database
from chat.records.tables import audit, audit_retention, now

# What a spreadsheet takes for the beginning of a formula, full-width forms included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Entry:
    """One line of the audit log.

    :ivar who: ``key:ID（name）`` for a key, ``cli:USER`` for the command line, ``system``.
    :ivar action: what was done, e.g. ``documents.delete``.
    :ivar subject: what it was done to.
    """

    id: int
    at: datetime
    who: str
    action: str
    subject: str
    detail: str


class Audit:
    """The append-only log; the database itself refuses to change or delete a line."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, who: str, action: str, subject: str = "", detail: str = "") -> None:
        """Add a line."""
        with self._database.write() as connection:
            connection.execute(
                insert(audit).values(
                    at=now(), who=who, action=action, subject=subject, detail=detail
                )
            )

    def list(self, limit: int = 100, before: int | None = None) -> list[Entry]:
        """Return the newest lines first.

        :param before: only lines older than the one with this id, for the next page.
        """
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(audit.c.id < before)
        with self._database.read() as connection:
            return [Entry(*r) for r in connection.execute(query)]

    def entries(self) -> Iterator[Entry]:
        """Yield all lines, oldest first."""
        with self._database.read() as connection:
            for row in connection.execute(select(audit).order_by(audit.c.id)).yield_per(500):
                yield Entry(*row)

    def export(self, file: TextIO) -> int:
        """Write all lines as CSV and return their number.

        A cell that a spreadsheet would run as a formula gets an apostrophe in front.
        """
        writer = csv.writer(file)
        writer.writerow([f.name for f in fields(Entry)])
        count = 0
        for entry in self.entries():
            cells = astuple(entry)
            writer.writerow([entry.id, entry.at.isoformat(), *map(_inert, cells[2:])])
            count += 1
        return count

    def purge(self, keep: timedelta) -> int:
        """Delete what is older than ``keep``, note that in the log, and return how many lines."""
        limit = now() - keep
        with self._database.write() as connection:
            connection.execute(insert(audit_retention).values(before=limit))
            gone = connection.execute(delete(audit).where(audit.c.at < limit)).rowcount
            connection.execute(delete(audit_retention))
            if gone:
                connection.execute(
                    insert(audit).values(
                        at=now(),
                        who="system",
                        action="audit.purge",
                        subject="",
                        detail=f"保存期{keep.days}天已过，删去{gone}条",
                    )
                )
        return gone


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" 　").startswith(_FORMULA) or cell[:1] in _FORMULA else cell
