"""Answer in child processes, so that every core of the machine answers.

Python runs one thread at a time: a process answers little more with two cores than with one.
``python -m chat.answering`` is the child: it reads one question as JSON a line and writes what came
of it. It answers from the version that a question names, and ends when its input does.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter

from chat.building import told_error
from chat.stages import Stages, recorded, recording
from chat.types import Answer
from corpus.errors import WenzhengError

if TYPE_CHECKING:
    from chat.service import Service
    from chat.streaming import Answerer
    from index.problems import Problems

PART = "workers"
_ROOT = Path(__file__).parents[1]
_PATIENCE = 3.0  # seconds for a child that is told to end
_PAUSE = 10.0  # seconds until a child that ended is replaced, so that a fault does not spin
_log = logging.getLogger("wenzheng")


@dataclass(frozen=True)
class _Question:
    """What a child is asked; ``version`` is the one that it must answer from."""

    version: int
    text: str
    history: list[str]
    documents: tuple[str, ...]
    depth: int


@dataclass(frozen=True)
class _Reply:
    """What a child says: an answer, an error of ours, a fault, or that it has another version."""

    kind: Literal["answer", "error", "fault", "other"]
    answer: Answer | None = None
    stages: Stages = field(default_factory=dict)
    error: tuple[str, str] = ("", "")


_questions = TypeAdapter(_Question)
_replies = TypeAdapter(_Reply)


class _GoneError(Exception):
    """The child has ended."""


class Workers:
    """Child processes that answer; whoever asks waits for one that is free."""

    def __init__(self, directory: Path, count: int, problems: Problems) -> None:
        """Start them; until the first is ready the server answers alone."""
        self._directory = directory
        self._problems = problems
        self._free: queue.LifoQueue[subprocess.Popen[str]] = queue.LifoQueue()
        self._all: set[subprocess.Popen[str]] = set()
        self._ready = 0
        self._lock = threading.Lock()
        self._closed = threading.Event()
        for _ in range(count):
            threading.Thread(target=self._keep_one, name="workers", daemon=True).start()

    @property
    def ready(self) -> int:
        """How many can be asked."""
        return self._ready

    def processes(self) -> list[int]:
        """Return the process numbers of the children."""
        with self._lock:
            return [child.pid for child in self._all]

    def close(self) -> None:
        """End the children; answers under way are finished by the server itself."""
        self._closed.set()
        with self._lock:
            children = list(self._all)
        for child in children:
            assert child.stdin is not None
            with contextlib.suppress(OSError):  # it has ended by itself
                child.stdin.close()
        for child in children:
            try:
                child.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()

    def ask(self, question: _Question) -> _Reply | None:
        """Return what a child says; None if none can be asked."""
        while self._ready and not self._closed.is_set():
            try:
                child = self._free.get(timeout=1)
            except queue.Empty:  # all at work, or just gone
                continue
            try:
                reply = _asked(child, question)
            except _GoneError:
                return None  # whoever keeps it has seen it, too
            self._free.put(child)
            return reply
        return None

    def _keep_one(self) -> None:
        """Start a child, and another one whenever it ends."""
        while not self._closed.is_set():
            child = self._start()
            if child is None:
                return
            assert child.stdout is not None
            if child.stdout.readline():  # it is ready
                with self._lock:
                    self._ready += 1
                self._problems.clear(PART)
                self._free.put(child)
                child.wait()
                with self._lock:
                    self._ready -= 1
            status = child.wait()
            with self._lock:
                self._all.discard(child)
            if self._closed.is_set():
                return
            message = (
                f"一个回答进程退出了（状态{status}），{_PAUSE:.0f}秒后重新启动；其余照常回答。"
            )
            _log.error("%s", message)
            self._problems.report(PART, message)
            self._closed.wait(_PAUSE)

    def _start(self) -> subprocess.Popen[str] | None:
        with self._lock:
            if self._closed.is_set():
                return None
            child = subprocess.Popen(
                [sys.executable, "-P", "-m", "chat.answering", str(self._directory.absolute())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                bufsize=1,
                env=os.environ | {"PYTHONPATH": str(_ROOT), "OMP_NUM_THREADS": "1"},
            )
            self._all.add(child)
            return child


@dataclass(frozen=True)
class Apart:
    """The answerer of one version, in a child where one can be asked and has that version."""

    workers: Workers
    version: int
    here: Answerer

    def answer(
        self, text: str, history: list[str], documents: tuple[str, ...] = (), depth: int = 10
    ) -> Answer:
        """Return the answer that ``here`` would give."""
        reply = self.workers.ask(_Question(self.version, text, history, documents, depth))
        if reply is None or reply.kind == "other":
            return self.here.answer(text, history, documents, depth)
        if reply.kind == "error":
            raise told_error(*reply.error)
        if reply.answer is None:
            raise RuntimeError(f"a worker failed: {reply.error[1]}")
        recorded(reply.stages)
        return reply.answer


def _asked(child: subprocess.Popen[str], question: _Question) -> _Reply:
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(_questions.dump_json(question).decode() + "\n")
        line = child.stdout.readline()
    except (OSError, ValueError) as error:
        raise _GoneError from error
    if not line:
        raise _GoneError
    return _replies.validate_json(line)


def _main(directory: Path) -> int:
    # Ctrl+C, or systemd's word to all processes, is for the server: it ends this when it is done.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    from chat.commands.common import service_of
    from chat.guard.logs import configure_logs
    from chat.settings import settings

    config = settings(data=directory)
    configure_logs(config)
    service = service_of(config)
    service.prepare()
    held = _Held(service)
    # Libraries that print must not print into the answers.
    with os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1) as output:
        os.dup2(2, 1)
        output.write(json.dumps("ready") + "\n")
        for line in sys.stdin:
            reply = _reply(held, _questions.validate_json(line))
            with contextlib.suppress(BrokenPipeError):  # the server is gone
                output.write(_replies.dump_json(reply).decode() + "\n")
    return 0


class _Held:
    """The versions that a child can answer from.

    The one before stays for the questions that were put while the server changed over. A new one
    is read when the first question names it: that takes hundredths of a second.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._answerers = dict([service.in_use()])

    def of_version(self, number: int) -> Answerer | None:
        """Return what answers from a version; None if it is not the published one either."""
        if number not in self._answerers:
            self._service.follow()
            version, answerer = self._service.in_use()
            former = list(self._answerers.items())[-1]
            self._answerers = dict([former, (version, answerer)])
        return self._answerers.get(number)


def _reply(held: _Held, question: _Question) -> _Reply:
    try:
        answerer = held.of_version(question.version)
        if answerer is None:  # for the moment: the server will follow, too
            return _Reply("other")
        with recording() as stages:
            answer = answerer.answer(
                question.text, question.history, question.documents, question.depth
            )
    except WenzhengError as error:
        return _Reply("error", error=(type(error).__name__, error.message))
    except Exception as error:
        # The server tells it as a fault of its own.
        _log.exception("回答进程中出现未预料的错误")
        return _Reply("fault", error=(type(error).__name__, str(error)))
    return _Reply("answer", answer, stages)


if __name__ == "__main__":
    sys.exit(_main(Path(sys.argv[1])))
