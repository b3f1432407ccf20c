"""Set the figures of rising sizes side by side: a table, two plots on log axes, exponents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from eval.scale.run import Row

# What is shown of a size. (name, unit, value)
COSTS: tuple[tuple[str, str, Callable[[Row], float]], ...] = (
    ("build or putting together, CPU", "s", lambda r: r.built.cpu_seconds),
    ("disk", "MB", lambda r: r.built.disk_mb),
    ("resident", "MB", lambda r: r.measured.resident_mb),
    ("open", "s", lambda r: r.measured.open_s),
)


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """Return the slope of values over sizes on log axes: 1 grows with the size, 0 not at all."""
    if len(sizes) < 2:
        return float("nan")
    slope, _ = np.polyfit(np.log(sizes), np.log(np.maximum(values, 1e-6)), 1)
    return round(float(slope), 2)


def queries(rows: Sequence[Row]) -> dict[str, list[tuple[int, float]]]:
    """Return (passages, median milliseconds of processor time) of each size by what was asked."""
    result: dict[str, list[tuple[int, float]]] = {}
    for row in rows:
        held = row.measured
        shown = {"hybrid": held.hybrid, "vectors": held.dense, "words": held.lexical}
        for name, times in shown.items():
            result.setdefault(name, []).append((held.passages, times.cpu_p50))
        for name, peer in row.peers.items():
            result.setdefault(f"{name} alone", []).append((peer.passages, peer.times.cpu_p50))
    return result


def costs(rows: Sequence[Row]) -> dict[str, list[tuple[int, float]]]:
    """Return (passages, cost) of each size by what it costs."""
    return {
        f"{name}, {unit}": [(row.measured.passages, value(row)) for row in rows]
        for name, unit, value in COSTS
    }


def plot(series: dict[str, list[tuple[int, float]]], title: str, path: Path) -> None:
    """Draw series over the number of passages on log axes, with exponents, as SVG."""
    import pygal
    from pygal.style import CleanStyle

    chart = pygal.XY(
        logarithmic=True,
        title=title,
        x_title="passages",
        legend_at_bottom=True,
        legend_at_bottom_columns=2,
        style=CleanStyle,
        js=(),
        truncate_legend=-1,
        x_labels=_powers(series),
        x_value_formatter=lambda x: f"{x:,.0f}",
    )
    for name, points in series.items():
        sizes, values = [n for n, _ in points], [v for _, v in points]
        drawn = [(float(n), max(v, 1e-3)) for n, v in points]
        chart.add(f"{name} (n^{exponent(sizes, values)})", drawn)
    path.parent.mkdir(parents=True, exist_ok=True)
    chart.render_to_file(str(path))


def _powers(series: dict[str, list[tuple[int, float]]]) -> list[float]:
    """Return the powers of ten that the sizes lie between."""
    sizes = [n for points in series.values() for n, _ in points]
    first, last = np.floor(np.log10(min(sizes))), np.log10(max(sizes))
    return [10.0**power for power in np.arange(first, last + 0.1)]


def plots(rows: Sequence[Row], folder: Path) -> None:
    """Draw ``scale-queries.svg`` and ``scale-costs.svg`` into a folder."""
    plot(queries(rows), "Median processor time of one query, ms", folder / "scale-queries.svg")
    plot(costs(rows), "Building, disk, memory, opening", folder / "scale-costs.svg")


def markdown(rows: Sequence[Row]) -> str:
    """Return the figures as Markdown tables, a column a size, with exponents."""
    sizes = [row.measured.passages for row in rows]
    head = ["", *(f"{n:,}" for n in sizes), "exponent"]
    lines = [_line(head), _line(["---"] * len(head))]
    lines.append(_line(["of these real text", *(f"{r.real:,}" for r in rows), ""]))
    lines.append(_line(["vectors", *(_engine(r) for r in rows), ""]))
    rates = [_rate(r, r.built.seconds) for r in rows]
    lines.append(_line(["build, passages/s", *rates, ""]))
    cpu = [_rate(r, r.built.cpu_seconds / 2) for r in rows]
    lines.append(_line(["the same by CPU time, two cores", *cpu, ""]))
    for name, unit, value in COSTS:
        values = [value(r) for r in rows]
        shown = [f"{v:,.2f}" if v < 10 else f"{v:,.0f}" for v in values]
        lines.append(_line([f"{name}, {unit}", *shown, str(exponent(sizes, values))]))
    lines.append(_line(["recall@10", *(f"{r.measured.recall:.4f}" for r in rows), ""]))
    first = [f"{r.measured.first_ms:,.0f}" for r in rows]
    lines.append(_line(["first query, ms", *first, ""]))
    for name, attribute in (("hybrid", "hybrid"), ("vectors", "dense"), ("words", "lexical")):
        times = [getattr(r.measured, attribute) for r in rows]
        grows = str(exponent(sizes, [t.cpu_p50 for t in times]))
        lines.append(_line([f"{name}: p50 / p99 (CPU), ms", *map(_times, times), grows]))
    for name in dict.fromkeys(n for r in rows for n in r.peers):
        shown = [_peer(r, name) for r in rows]
        held = [r.peers[name] for r in rows if name in r.peers]
        grows = str(exponent([p.passages for p in held], [p.times.cpu_p50 for p in held]))
        lines.append(_line([f"{name} alone, the same; MB", *shown, grows]))
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rate(row: Row, seconds: float) -> str:
    """Return passages a second; copies are put together, not built from text."""
    return f"{row.built.passages / seconds:,.0f}" if row.real == row.built.passages else "copies"


def _engine(row: Row) -> str:
    held = row.measured
    effort = f", effort {held.effort}" if held.effort else ""
    return f"{held.engine}{effort}, {held.segments} segment{'s' if held.segments > 1 else ''}"


def _times(times: object) -> str:
    from eval.scale.timing import Times

    assert isinstance(times, Times)
    return f"{times.p50} / {times.p99} ({times.cpu_p50} / {times.cpu_p99})"


def _peer(row: Row, name: str) -> str:
    peer = row.peers.get(name)
    return f"{_times(peer.times)}; {peer.resident_mb:,.0f}" if peer is not None else "not run"
