"""Jobs that take a while, such as indexing: their state and progress, seen by every process."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Row, delete, func, insert, select, update

from chat.records.database import Database
from chat.records.tables import jobs, now
from corpus.errors import RecordsError

_SILENT = timedelta(minutes=3)  # a running job tells of itself at least every minute


class _Process:
    """What tells this process from an earlier one with the same number."""

    number = os.getpid()
    token = secrets.token_hex(8)


def _this_process() -> tuple[int, str]:
    if os.getpid() != _Process.number:  # forked
        _Process.number, _Process.token = os.getpid(), secrets.token_hex(8)
    return _Process.number, _Process.token


class UnknownJobError(RecordsError):
    """A job id that the records do not hold."""

    code = "job_unknown"


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


_OPEN = (JobState.QUEUED.value, JobState.RUNNING.value)


@dataclass(frozen=True)
class Job:
    """One job.

    :ivar kind: what it does, e.g. ``documents.add``.
    :ivar done: units finished of ``total``; 0 of 0 before that is known.
    :ivar messages: Chinese, one for each file that needs a word, or why the job failed.
    :ivar result_version: the version of the library that it published.
    """

    id: str
    kind: str
    state: JobState
    done: int
    total: int
    messages: tuple[str, ...]
    result_version: int | None
    created_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class Jobs:
    """All jobs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, kind: str, created_by: str) -> Job:
        """Put a job on the list, queued."""
        number, token = _this_process()
        moment = now()
        job_id = secrets.token_hex(8)
        with self._database.write() as connection:
            connection.execute(
                insert(jobs).values(
                    id=job_id,
                    kind=kind,
                    state=JobState.QUEUED.value,
                    done=0,
                    total=0,
                    messages=[],
                    created_by=created_by,
                    created_at=moment,
                    seen_at=moment,
                    host=socket.gethostname(),
                    process=number,
                    process_token=token,
                )
            )
        return self.get(job_id)

    def get(self, job_id: str) -> Job:
        """Return a job.

        :raises UnknownJobError: if there is none of this id.
        """
        with self._database.read() as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job_id)).first()
        if row is None:
            raise UnknownJobError(
                f"没有编号为“{job_id[:40]}”的任务，可能早已过期清除；要再做一次，请重新提交。"
            )
        return _job(row)

    def list(self, *, limit: int = 50, offset: int = 0) -> list[Job]:
        """Return jobs, newest first."""
        query = (
            select(jobs).order_by(jobs.c.created_at.desc(), jobs.c.id).limit(limit).offset(offset)
        )
        with self._database.read() as connection:
            return [_job(r) for r in connection.execute(query)]

    def start(self, job_id: str) -> None:
        """Note that a queued job runs now."""
        self._set(job_id, state=JobState.RUNNING.value, started_at=now())

    def progress(
        self, job_id: str, done: int, total: int, messages: tuple[str, ...] | None = None
    ) -> None:
        """Note progress, which is a sign of life too.

        :param messages: what there is to say so far; what was said before stays if None.
        """
        said = {} if messages is None else {"messages": list(messages)}
        self._set(job_id, done=done, total=total, **said)

    def alive(self, job_id: str) -> None:
        """Give a sign of life in a step without progress."""
        self._set(job_id)

    def finish(
        self, job_id: str, *, result_version: int | None = None, messages: tuple[str, ...] = ()
    ) -> Job:
        """Note that a job succeeded."""
        return self._end(job_id, JobState.DONE, result_version, messages)

    def fail(self, job_id: str, messages: tuple[str, ...]) -> Job:
        """Note that a job failed, and why."""
        return self._end(job_id, JobState.FAILED, None, messages)

    def interrupt(self, job_id: str) -> Job:
        """Note that a job was cut off, as by the end of the service."""
        return self._end(job_id, JobState.INTERRUPTED, None, ("服务停止时任务中断，请重新提交。",))

    def sweep(self) -> tuple[Job, ...]:
        """Mark open jobs whose process is gone as interrupted, and return them.

        Called when a service starts and every few minutes. A process of this host is asked for by
        its number; one elsewhere counts as gone after three minutes without a sign of life.
        """
        with self._database.read() as connection:
            rows = connection.execute(select(jobs).where(jobs.c.state.in_(_OPEN))).all()
        return tuple(self.interrupt(r.id) for r in rows if _gone(r))

    def counts(self) -> dict[JobState, int]:
        """Return the number of jobs by state, 0 included."""
        query = select(jobs.c.state, func.count().label("number")).group_by(jobs.c.state)
        with self._database.read() as connection:
            found = {row.state: row.number for row in connection.execute(query)}
        return {s: found.get(s.value, 0) for s in JobState}

    def purge(self, keep: timedelta) -> int:
        """Delete finished jobs older than ``keep`` and return how many."""
        with self._database.write() as connection:
            return connection.execute(
                delete(jobs).where(jobs.c.state.not_in(_OPEN), jobs.c.created_at < now() - keep)
            ).rowcount

    def _end(
        self, job_id: str, state: JobState, version: int | None, messages: tuple[str, ...]
    ) -> Job:
        self._set(
            job_id,
            state=state.value,
            finished_at=now(),
            result_version=version,
            messages=list(messages),
        )
        return self.get(job_id)

    def _set(self, job_id: str, **values: object) -> None:
        """Change an open job; one that has ended stays as it ended."""
        with self._database.write() as connection:
            connection.execute(
                update(jobs)
                .where(jobs.c.id == job_id, jobs.c.state.in_(_OPEN))
                .values(seen_at=now(), **values)
            )


def _gone(row: Row[tuple[object, ...]]) -> bool:
    number, token = _this_process()
    if row.process_token == token:
        return False
    if row.host == socket.gethostname():
        if row.process == number:
            return True  # an earlier process that had our number, as the first one of a container
        try:
            os.kill(row.process, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            pass
    return bool(row.seen_at < now() - _SILENT)


def _job(row: Row[tuple[object, ...]]) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        state=JobState(row.state),
        done=row.done,
        total=row.total,
        messages=tuple(row.messages),
        result_version=row.result_version,
        created_by=row.created_by,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )
