"""Build and measure stores of rising size, and set the figures side by side."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from corpus.errors import WenzhengError
from eval.scale.building import Built, build, build_copies


class MeasuringError(WenzhengError):
    """A store could not be measured."""

    code = "measuring_failed"


@dataclass(frozen=True)
class Row:
    """One size: how it was built and what was measured, as ``eval.scale.measuring`` tells it."""

    size: int
    real: bool
    built: Built
    measured: dict[str, object]


def run(sizes: Sequence[int], text: Path, questions: Path, work: Path | None) -> list[Row]:
    """Build and measure a store of each size, the smallest first.

    Where the text ends, varied copies of the largest real store follow.

    :param text: folder with ``*.jsonl``, ``*.jsonl.xz`` or ``*.txt``.
    :param work: folder for the stores, which stay there; a temporary one if None.
    :raises DocumentError: if there is no text.
    :raises MeasuringError: if a measuring process fails.
    """
    rows: list[Row] = []
    real: Path | None = None
    with _folder(work) as folder:
        for size in sorted(sizes):
            store = folder / str(size)
            if real is not None and rows and rows[-1].built.passages < 0.8 * rows[-1].size:
                built = build_copies(store, real, size)
                copied = True
            else:
                built = build(store, text, size, None, 0)
                copied = built.passages < 0.8 * size
                real = store
                if copied:
                    store = folder / f"{size}-copies"
                    built = build_copies(store, real, size)
            rows.append(Row(size, not copied, built, _measured(store, questions)))
    return rows


def _measured(store: Path, questions: Path) -> dict[str, object]:
    """Measure in a process of its own, so that its memory is that of one server."""
    done = subprocess.run(
        [sys.executable, "-m", "eval.scale.measuring", str(store), str(questions)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise MeasuringError(f"测量失败：{done.stderr[-300:]}")
    return dict(json.loads(done.stdout))


@contextmanager
def _folder(work: Path | None) -> Iterator[Path]:
    if work is not None:
        work.mkdir(parents=True, exist_ok=True)
        yield work
        return
    with tempfile.TemporaryDirectory(prefix="wenzheng-scale-") as folder:
        yield Path(folder)


def as_json(rows: Sequence[Row]) -> str:
    """Return the rows as JSON."""
    return json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1)


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """Return the slope of values over sizes on log axes: 1 grows with the size, 0 not at all."""
    if len(sizes) < 2:
        return float("nan")
    slope, _ = np.polyfit(np.log(sizes), np.log(np.maximum(values, 1e-6)), 1)
    return round(float(slope), 2)


def plot(rows: Sequence[Row], path: Path) -> None:
    """Draw median times over the number of passages on log axes, with exponents, as SVG."""
    import pygal

    chart = pygal.XY(
        logarithmic=True,
        xrange=(min(_passages(rows)) * 0.8, max(_passages(rows)) * 1.25),
        title="Median of one query, ms, over passages",
        x_title="passages (log10)",
        show_legend=True,
        legend_at_bottom=True,
    )
    sizes = _passages(rows)
    for name, values in _series(rows).items():
        points = [(float(np.log10(n)), v) for n, v in zip(sizes, values, strict=True)]
        chart.add(f"{name} (n^{exponent(sizes, values)})", points)
    chart.xrange = None
    path.parent.mkdir(parents=True, exist_ok=True)
    chart.render_to_file(str(path))


def _passages(rows: Sequence[Row]) -> list[float]:
    return [float(str(row.measured["passages"])) for row in rows]


def _series(rows: Sequence[Row]) -> dict[str, list[float]]:
    """Return median milliseconds by the name of what was measured."""
    result: dict[str, list[float]] = {}
    for row in rows:
        shown = {"hybrid": row.measured["hybrid"], "vectors": row.measured["dense"]}
        shown |= {"words": row.measured["lexical"]}
        peers = row.measured["peers"]
        assert isinstance(peers, dict)
        for name, times in (shown | {f"{n} alone": t for n, t in peers.items()}).items():
            assert isinstance(times, dict)
            result.setdefault(name, []).append(float(times["p50"]))
    return result
