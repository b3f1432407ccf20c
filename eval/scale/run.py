"""Build and measure stores of rising size, peers beside them in the same run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from corpus.errors import WenzhengError
from eval.scale.building import Built, build, build_copies
from eval.scale.measuring import Measured
from eval.scale.timing import Times

_ROOT = Path(__file__).parents[2]
LANGCHAIN_UP_TO = 2_000_000  # passages: beyond, its lists of Python floats outgrow 24 GiB


class MeasuringError(WenzhengError):
    """A store could not be measured."""

    code = "measuring_failed"


@dataclass(frozen=True)
class Peer:
    """Another tool over the same passages.

    :ivar build_s: seconds from vectors or inverted lists in files to the first query.
    """

    passages: int
    build_s: float
    resident_mb: float
    times: Times


@dataclass(frozen=True)
class Row:
    """One size: how it was built and what was measured.

    :ivar real: how many of the passages are real text, the others being varied copies.
    """

    size: int
    real: int
    built: Built
    measured: Measured
    peers: dict[str, Peer]


@dataclass(frozen=True)
class Plan:
    """What to build and what to measure it with.

    :ivar text: folder with ``*.jsonl``, ``*.jsonl.xz`` or ``*.txt``.
    :ivar questions: question file whose questions are searched for.
    :ivar real_up_to: passages of real text at most; beyond, varied copies of so many.
    :ivar peers: interpreter of the peers' environment; None leaves LangChain out.
    """

    text: Path
    questions: Path
    real_up_to: int = 300_000
    peers: Path | None = None


_row = TypeAdapter(Row)
_rows = TypeAdapter(list[Row])
_built = TypeAdapter(Built)
_measured = TypeAdapter(Measured)
_peer = TypeAdapter(Peer)


def run(plan: Plan, sizes: Sequence[int], work: Path | None) -> list[Row]:
    """Build and measure a store of each size, the smallest first.

    :param work: folder for stores and rows, which stay there: what it holds already is not done
        again, so that a long run can be done in parts. A temporary one if None.
    :raises DocumentError: if there is no text.
    :raises MeasuringError: if a measuring process fails.
    """
    with _folder(work) as folder:
        return [_done(plan, size, folder) for size in sorted(sizes)]


def as_json(rows: Sequence[Row]) -> str:
    """Return the rows as JSON."""
    return _rows.dump_json(list(rows), indent=1).decode()


def _done(plan: Plan, size: int, folder: Path) -> Row:
    told = folder / f"{size}.row.json"
    if told.exists():
        return _row.validate_json(told.read_bytes())
    real = min(size, plan.real_up_to)
    store = folder / str(real)
    built = _once(store, lambda: build(store, plan.text, real))
    held = built.passages
    if size > real:
        source, store = store, folder / str(size)
        built = _once(store, lambda: build_copies(store, source, size))
    row = _measure(plan, size, min(held, built.passages), built, store)
    told.write_bytes(_row.dump_json(row, indent=1))
    return row


def _once(store: Path, make: Callable[[], Built]) -> Built:
    """Make a store unless that was done before."""
    told = store.with_suffix(".built.json")
    if told.exists():
        return _built.validate_json(told.read_bytes())
    shutil.rmtree(store, ignore_errors=True)
    built = make()
    told.write_bytes(_built.dump_json(built))
    return built


def _measure(plan: Plan, size: int, real: int, built: Built, store: Path) -> Row:
    """Measure in processes of their own, so that memory is that of one server."""
    handed = store.with_suffix(".handed")
    try:
        told = _told(sys.executable, "measuring", store, plan.questions, handed)
        measured = _measured.validate_json(told)
        peers = {
            "bm25s": _told(sys.executable, "peers", "bm25s", store, handed),
            "FAISS": _told(sys.executable, "peers", "faiss", store, handed),
        }
        if plan.peers is not None and measured.passages <= LANGCHAIN_UP_TO:
            peers["LangChain FAISS"] = _told(str(plan.peers), "langchain_faiss", handed)
        held = {name: _peer.validate_json(text) for name, text in peers.items()}
        return Row(size, real, built, measured, held)
    finally:
        shutil.rmtree(handed, ignore_errors=True)


def _told(python: str, module: str, *given: object) -> str:
    done = subprocess.run(
        [python, "-m", f"eval.scale.{module}", *map(str, given)],
        capture_output=True,
        text=True,
        check=False,
        cwd=_ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "2"},
    )
    if done.returncode:
        raise MeasuringError(f"测量失败（{module}）：{done.stderr[-300:]}")
    return done.stdout


@contextmanager
def _folder(work: Path | None) -> Iterator[Path]:
    if work is not None:
        work.mkdir(parents=True, exist_ok=True)
        yield work.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="wenzheng-scale-") as folder:
        yield Path(folder)
