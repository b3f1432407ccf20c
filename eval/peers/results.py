"""What a comparison found, kept in one JSON file that later runs add to."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from corpus.errors import QuestionFileError
from eval.peers.scoring import Quality


@dataclass
class Searched:
    """Retrieval of one entry over one set.

    :ivar track: ``own`` (cut by the peer) or ``same`` (Wenzheng's passages for all).
    :ivar ranks: rank from 0 of the first right chunk a question, None if beyond ten.
    :ivar contexts: whether the evidence stands whole in 2,000 characters, a question.
    """

    entry: str
    track: str
    set: str
    chunks: int
    median_length: float
    quality: Quality
    ranks: list[int | None]
    contexts: list[bool]


@dataclass
class Timed:
    """Speed and memory of one entry over ``size`` passages.

    :ivar index_s: seconds to index, None if that was not done in time.
    :ivar index_cpu_s: seconds of processor time for it, over all threads: what other programs on
        the machine do not disturb; ``cpu_ms`` likewise, the mean a question (its clock is
        too coarse for a median).
    :ivar stopped: why it did not end, empty if it did.
    """

    entry: str
    size: int
    index_s: float | None
    index_cpu_s: float | None
    cpu_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    asked: int
    peak_mb: float
    stopped: str


@dataclass
class Cold:
    """Seconds from the start of a process to the first answer over the bundled report.

    :ivar cpu_s: seconds of processor time until then, over all threads.
    """

    entry: str
    import_s: float
    first_answer_s: float
    cpu_s: float
    peak_mb: float


@dataclass
class Installed:
    """What an entry needs installed."""

    entry: str
    megabytes: float
    torch_megabytes: float
    distributions: int
    versions: dict[str, str]


@dataclass
class Extracted:
    """Short answers over one set, in percent; ``note`` where there are none.

    :ivar p50_ms: from question to answer, search included; ``cpu_ms`` the mean of processor time.
    """

    entry: str
    set: str
    answerable: int = 0
    em: float | None = None
    f1: float | None = None
    holds: float | None = None
    answerable_refused: float | None = None
    unanswerable_refused: float | None = None
    p50_ms: float | None = None
    cpu_ms: float | None = None
    note: str = ""


Row = Searched | Timed | Cold | Installed | Extracted


@dataclass
class Results:
    """Everything found, by part."""

    machine: str = ""
    searched: list[Searched] = field(default_factory=list)
    timed: list[Timed] = field(default_factory=list)
    cold: list[Cold] = field(default_factory=list)
    installed: list[Installed] = field(default_factory=list)
    extracted: list[Extracted] = field(default_factory=list)

    def put(self, row: Row) -> None:
        """Add a row in place of an earlier one of the same entry and circumstances."""
        kept = [r for r in self._rows(row) if _same(r) != _same(row)]
        self._rows(row)[:] = [*kept, row]

    def _rows(self, row: Row) -> list[Row]:
        kinds: dict[type[Row], Any] = {
            Searched: self.searched,
            Timed: self.timed,
            Cold: self.cold,
            Installed: self.installed,
            Extracted: self.extracted,
        }
        rows: list[Row] = kinds[type(row)]
        return rows

    def searched_by(self, entry: str, track: str, name: str) -> Searched | None:
        """Return the retrieval of an entry over a set, None if it was not run."""
        wanted = (entry, track, name)
        return next((s for s in self.searched if (s.entry, s.track, s.set) == wanted), None)


_results = TypeAdapter(Results)


def _same(row: Row) -> tuple[object, ...]:
    names = ("entry", "track", "set", "size")
    return tuple(getattr(row, name, None) for name in names)


def load(path: Path) -> Results:
    """Return earlier results, none if the file is not there yet.

    :raises QuestionFileError: if the file holds something else.
    """
    if not path.exists():
        return Results()
    try:
        return _results.validate_json(path.read_bytes())
    except ValidationError as error:
        raise QuestionFileError(f"“{path}”不是对照结果，请换一个文件名或删除它。") from error


def save(results: Results, path: Path) -> None:
    """Write the results, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(_results.dump_json(results, indent=1))
    part.replace(path)


def machine() -> str:
    """Describe this machine: cores, memory, system, Python."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return (
        f"{os.cpu_count()} cores, {pages / 2**30:.0f} GiB, no GPU used, {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}"
    )
