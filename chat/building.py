"""Change the library in a child process of low priority, so that answering goes on undisturbed.

``python -m chat.building`` is the child: it reads one order as JSON and writes one JSON object a
line: files read, progress, and at last what came of it.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter
from pydantic_core import to_json

from chat.librarian import Added, FileRead, Librarian, Told
from corpus import errors
from corpus.errors import LibraryError, StoppedError, WenzhengError
from corpus.facts import Overrides
from index.encoder import Encoder, EncoderOptions
from index.library import Progress
from index.stores.kinds import Tuning

NICENESS = 10
_ROOT = Path(__file__).parents[1]
_PATIENCE = 3.0  # seconds for a child that is told to end
_KEPT = "已发布的版本不受影响。"


def give_way() -> None:
    """Let every other process of the machine go before this one."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)


@dataclass(frozen=True)
class _Order:
    action: Literal["add", "remove", "rebuild", "compact"]
    directory: Path
    encoder: EncoderOptions
    keep_versions: int
    wait_seconds: float
    tuning: Tuning
    paths: tuple[Path, ...] = ()
    ids: tuple[str, ...] = ()
    overrides: Overrides | None = None


_orders = TypeAdapter(_Order)
_added = TypeAdapter(Added)
_file = TypeAdapter(FileRead)
_number = TypeAdapter(int)
_maybe: TypeAdapter[int | None] = TypeAdapter(int | None)


class Builder:
    """Does what a :class:`Librarian` does, in child processes, one at a time or several."""

    def __init__(self, librarian: Librarian) -> None:
        self._librarian = librarian
        self._children: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._closed = False

    def add(
        self,
        paths: list[Path],
        progress: Progress | None = None,
        overrides: Overrides | None = None,
        told: Told | None = None,
    ) -> Added:
        """Add files as :meth:`Librarian.add` does; what a callback raises ends the child."""
        files = tuple(p.absolute() for p in paths)
        order = self._order("add", files, overrides=overrides)
        return _added.validate_python(self._run(order, progress, told))

    def remove(self, ids: list[str], progress: Progress | None = None) -> int:
        """Remove documents as :meth:`Librarian.remove` does."""
        return _number.validate_python(self._run(self._order("remove", ids=tuple(ids)), progress))

    def rebuild(self, progress: Progress | None = None) -> int:
        """Build the stored documents anew as :meth:`Librarian.rebuild` does."""
        return _number.validate_python(self._run(self._order("rebuild"), progress))

    def compact(self) -> int | None:
        """Merge segments as :meth:`Librarian.compact` does."""
        return _maybe.validate_python(self._run(self._order("compact"), None))

    def close(self) -> None:
        """End the children; whoever waits for one is told so."""
        with self._lock:
            self._closed = True
            children = list(self._children)
        for child in children:
            _end(child)

    def _order(
        self,
        action: Literal["add", "remove", "rebuild", "compact"],
        paths: tuple[Path, ...] = (),
        ids: tuple[str, ...] = (),
        overrides: Overrides | None = None,
    ) -> _Order:
        return _Order(
            action=action,
            directory=self._librarian.directory.absolute(),
            encoder=self._librarian.encoder.options,
            keep_versions=self._librarian.keep_versions,
            wait_seconds=self._librarian.wait_seconds,
            tuning=self._librarian.tuning,
            paths=paths,
            ids=ids,
            overrides=overrides,
        )

    def _run(self, order: _Order, progress: Progress | None, told: Told | None = None) -> object:
        child = self._start()
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            with contextlib.suppress(BrokenPipeError):  # it died at once: told below
                child.stdin.write(_orders.dump_json(order).decode())
                child.stdin.close()
            for line in child.stdout:
                kind, what = json.loads(line)
                if kind == "progress" and progress is not None:
                    progress(*what)
                elif kind == "file" and told is not None:
                    told(_file.validate_python(what))
                elif kind == "result":
                    return what
                elif kind == "error":
                    raise told_error(*what)
            raise self._cut_off(child)
        finally:
            _end(child)
            with self._lock:
                self._children.discard(child)

    def _start(self) -> subprocess.Popen[str]:
        with self._lock:
            if self._closed:
                raise StoppedError(f"服务正在停止，没有更新；{_KEPT}")
            child = subprocess.Popen(
                [sys.executable, "-P", "-m", "chat.building"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                env=os.environ | {"PYTHONPATH": str(_ROOT), "OMP_NUM_THREADS": "1"},
            )
            self._children.add(child)
            return child

    def _cut_off(self, child: subprocess.Popen[str]) -> LibraryError:
        status = child.wait()
        if self._closed:
            return StoppedError(f"服务停止时更新中断，请在重启后再提交；{_KEPT}")
        why = f"信号{-status}，可能是内存不足" if status < 0 else f"状态{status}，详见日志"
        return LibraryError(f"更新进程中途退出（{why}），请再试一次；{_KEPT}")


def _end(child: subprocess.Popen[str]) -> None:
    """End a child, whatever it does: nothing is published but in its last step."""
    child.terminate()
    try:
        child.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdout is not None:
        child.stdout.close()


def told_error(kind: str, message: str) -> WenzhengError:
    """Return the error that a child process has told of."""
    error = getattr(errors, kind, WenzhengError)
    assert issubclass(error, WenzhengError)
    return error(message)


def _main() -> int:
    give_way()
    order = _orders.validate_json(sys.stdin.buffer.read())
    # Libraries that print must not print into the events.
    with os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1) as output:
        os.dup2(2, 1)

        def tell(kind: str, what: object) -> None:
            output.write(to_json([kind, what]).decode() + "\n")

        try:
            tell("result", _done(order, tell))
        except WenzhengError as error:
            tell("error", [type(error).__name__, error.message])
            return 2
    return 0


def _done(order: _Order, tell: Callable[[str, object], None]) -> Added | int | None:
    librarian = Librarian(
        order.directory,
        Encoder(options=order.encoder),
        order.keep_versions,
        order.wait_seconds,
        order.tuning,
    )

    def progress(done: int, total: int) -> None:
        tell("progress", [done, total])

    if order.action == "add":
        return librarian.add(
            list(order.paths), progress, order.overrides, lambda file: tell("file", file)
        )
    if order.action == "remove":
        return librarian.remove(list(order.ids), progress)
    if order.action == "compact":
        return librarian.compact()
    return librarian.rebuild(progress)


if __name__ == "__main__":
    sys.exit(_main())
