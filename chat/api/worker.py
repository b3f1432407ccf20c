"""One thread that changes the library, job after job, while questions are answered."""

from __future__ import annotations

import logging
import queue
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from chat.guard.problems import Refused
from chat.librarian import FileRead
from chat.records import Records
from chat.records.jobs import Job, JobState
from chat.service import Service
from corpus.errors import RecordsError, StoppedError, WenzhengError
from corpus.facts import Overrides

_log = logging.getLogger("wenzheng")
_PULSE_SECONDS = 30.0  # the records take a job for dead after three silent minutes
_PATIENCE_SECONDS = 5.0  # for the work at hand when the service stops
MAX_OPEN = 100  # queued jobs, each with its files on disk
UPLOADS = "uploads"  # folder in the library's, one folder a job
_INCOMING = "incoming-"  # what is still being sent has no job yet
_INCOMING_SECONDS = 24 * 3600.0


@dataclass
class _Report:
    """What a job tells while it runs."""

    records: Records
    job: str
    stopping: threading.Event
    messages: list[str] = field(default_factory=list)
    done: int = 0
    total: int = 0

    def step(self, done: int, total: int) -> None:
        """Note progress; the work ends here if the service stops.

        A build that is given up here has published nothing.
        """
        if self.stopping.is_set():
            raise StoppedError("服务正在停止，任务没有做完。")
        self.done, self.total = done, total
        self.records.jobs.progress(self.job, done, total, tuple(self.messages))

    def say(self, *messages: str) -> None:
        """Add messages."""
        self.messages.extend(messages)
        self.step(self.done, self.total)

    def read(self, file: FileRead) -> None:
        """Say what became of a file."""
        if file.document is None:
            self.say(*file.messages)
        else:
            self.say(
                f"“{file.path.name}”已读取，编号“{file.document}”。",
                *(f"“{file.path.name}”：{m}" for m in file.messages),
            )


@dataclass(frozen=True)
class _Task:
    """What a job is to do: ``work`` returns the published version and what changed, in words."""

    job: str
    who: str
    kind: str
    subject: str
    work: Callable[[_Report], tuple[int, str]]
    folder: Path | None = None


class Worker:
    """Runs the jobs of this process one at a time; what is queued when it stops is interrupted."""

    def __init__(self, service: Service, records: Records) -> None:
        self._service = service
        self._records = records
        self._uploads = service.directory / UPLOADS
        self._queue: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._open: set[str] = set()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to work; what an earlier process left behind is told and swept."""
        self._stopping.clear()
        self._queue = queue.SimpleQueue()
        for job in self._records.jobs.sweep():
            _log.warning("任务%s因服务停止而中断", job.id)
            self._records.audit.record("system", "jobs.interrupted", job.id, job.kind)
        self._sweep()
        self._threads = [
            threading.Thread(target=self._run, name="jobs", daemon=True),
            threading.Thread(target=self._pulse, name="jobs-pulse", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop within a few seconds; open jobs are marked as interrupted."""
        self._stopping.set()
        self._queue.put(None)
        for thread in self._threads:
            thread.join(_PATIENCE_SECONDS)
        for job in list(self._open):
            self._records.jobs.interrupt(job)
            self._open.discard(job)

    def check_room(self) -> None:
        """See whether one more job may be queued.

        :raises Refused: 503, if too many are waiting already.
        """
        if len(self._open) >= MAX_OPEN:
            raise Refused(
                503,
                "任务太多",
                f"已有{len(self._open)}个任务在排队，请等它们做完再提交。",
                "too_many_jobs",
                {"Retry-After": "60"},
            )

    def new_folder(self) -> Path:
        """Return a new folder for the files of an upload that is coming in.

        :raises OSError: if it cannot be made.
        """
        self._uploads.mkdir(mode=0o700, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=_INCOMING, dir=self._uploads))

    def add(self, folder: Path, names: list[str], overrides: Overrides, who: str) -> Job:
        """Queue the reading and indexing of the files of a folder, which goes when they are read."""
        job = self._records.jobs.create("documents.add", who)
        home = folder.rename(self._uploads / job.id)
        files = [home / name for name in names]

        def work(report: _Report) -> tuple[int, str]:
            added = self._service.add(files, report.step, overrides, report.read)
            changes = "，".join(
                f"{label}{'、'.join(ids)}"
                for label, ids in (("新增", added.new), ("替换", added.replaced))
                if ids
            )
            said = f"未变{added.unchanged}份" if added.unchanged else ""
            return added.version, "；".join(filter(None, (changes, said)))

        self._put(_Task(job.id, who, job.kind, "、".join(names), work, home))
        return job

    def remove(self, document_id: str, who: str) -> Job:
        """Queue the removal of a document."""

        def work(report: _Report) -> tuple[int, str]:
            return self._service.remove([document_id], report.step), f"删除{document_id}"

        job = self._records.jobs.create("documents.delete", who)
        self._put(_Task(job.id, who, job.kind, document_id, work))
        return job

    def _put(self, task: _Task) -> None:
        self._open.add(task.job)
        self._queue.put(task)

    def _run(self) -> None:
        while (task := self._queue.get()) is not None:
            if self._stopping.is_set():
                return
            try:
                self._work(task)
            except RecordsError as error:  # its state cannot be written; the next may fare better
                _log.error("任务%s的状态没能记录：%s", task.job, error.message)
            finally:
                self._open.discard(task.job)
                if task.folder is not None:
                    shutil.rmtree(task.folder, ignore_errors=True)

    def _work(self, task: _Task) -> None:
        records = self._records
        report = _Report(records, task.job, self._stopping)
        records.jobs.start(task.job)
        try:
            version, said = task.work(report)
        except StoppedError:
            records.jobs.interrupt(task.job)
            records.audit.record(task.who, f"{task.kind}.interrupted", task.subject)
            return
        except WenzhengError as error:
            told = tuple(m for m in report.messages if m not in error.message)
            records.jobs.fail(task.job, (*told, error.message))
            records.audit.record(task.who, f"{task.kind}.failed", task.subject, error.message)
            return
        except Exception:
            _log.exception("任务%s出现未预料的错误", task.job)
            message = "服务内部出错，已记入日志；请联系管理员。"
            records.jobs.fail(task.job, (*report.messages, message))
            records.audit.record(task.who, f"{task.kind}.failed", task.subject, message)
            return
        done = f"{said}；现在是版本{version}。"
        records.jobs.finish(task.job, result_version=version, messages=(*report.messages, done))
        records.audit.record(task.who, task.kind, task.subject, done)

    def _pulse(self) -> None:
        """Give a sign of life for every open job, however long a single file takes."""
        while not self._stopping.wait(_PULSE_SECONDS):
            try:
                for job in list(self._open):
                    self._records.jobs.alive(job)
            except RecordsError as error:
                _log.error("任务的状态没能记录：%s", error.message)

    def _sweep(self) -> None:
        """Delete uploads whose job has ended; another process may still work on its own."""
        if not self._uploads.is_dir():
            return
        for folder in self._uploads.iterdir():
            if folder.name.startswith(_INCOMING):
                left = time.time() - folder.stat().st_mtime > _INCOMING_SECONDS
            else:
                left = not self._is_open(folder.name)
            if left:
                shutil.rmtree(folder, ignore_errors=True)

    def _is_open(self, job_id: str) -> bool:
        try:
            state = self._records.jobs.get(job_id).state
        except RecordsError:
            return False
        return state in (JobState.QUEUED, JobState.RUNNING)
