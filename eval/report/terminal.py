"""Print a run, or the comparison of two, in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from eval.metrics.names import between, metric, shown, type_name
from eval.report.html import BY_TYPE, HEADLINES, KINDS, shown_cell
from eval.runners.compare import Comparison, verdict
from eval.runners.runs import Run

_WIDE = 160  # characters of a line where output goes into a file or another program


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=_WIDE)


def show_run(run: Run) -> None:
    """Print the figures by type, the tables, then the headline figures with their intervals."""
    console = _console()
    kind = KINDS.get(run.kind, run.kind)
    if len(run.groups) > 1:
        columns = [n for n in BY_TYPE.get(run.kind, ()) if any(n in g.values for g in run.groups)]
        table = Table(title=f"{kind}：{run.file}")
        for name in (
            "题型",
            "题数",
            *("拒答" if c == "refused" else metric(c).label for c in columns),
        ):
            table.add_column(name, justify="left" if name == "题型" else "right", overflow="fold")
        for group in run.groups:
            cells = [
                "–"
                if c not in group.values
                else f"{group.values[c]:.1f}%"
                if c == "refused"
                else shown(c, group.values[c])
                for c in columns
            ]
            table.add_row(type_name(group.name), str(group.count), *cells)
        console.print(table)
    for rows in run.tables:
        table = Table(title=rows.title, caption=rows.note or None)
        for i, column in enumerate(rows.columns):
            table.add_column(
                metric(column).label, justify="right" if i else "left", overflow="fold"
            )
        for row in rows.rows:
            table.add_row(*(shown_cell(cell, rows.columns[i]) for i, cell in enumerate(row)))
        console.print(table)
    for stage in run.stages:
        console.print(
            f"  {stage.name}：平均{stage.mean_ms:.2f} ms，中位{stage.p50_ms:.2f}，"
            f"95% {stage.p95_ms:.2f}，99% {stage.p99_ms:.2f}"
        )
    names = HEADLINES.get(run.kind, ())
    measures = [m for n in names for m in run.measures if m.name == n] or list(run.measures)
    told = []
    for m in measures:
        bounds = "" if m.low == m.high else f"（{between(m.name, m.low, m.high)}）"
        told.append(f"{metric(m.name).label} {shown(m.name, m.value)}{bounds}")
    console.print(f"{run.file}，{run.system}：" + "；".join(told), soft_wrap=True)


def show_comparison(found: Comparison) -> None:
    """Print which figures moved, and the questions that got worse and better."""
    console = _console()
    table = Table(title="前 → 后")
    for name in ("指标", "前", "后", "变高", "变低", "p", "结论"):
        table.add_column(name, justify="left" if name == "指标" else "right")
    first, second = found.first.summary(), found.second.summary()
    for name, d in found.differences.items():
        table.add_row(
            metric(name).label,
            shown(name, first[name]),
            shown(name, second[name]),
            str(d.better),
            str(d.worse),
            f"{d.p:.3g}",
            verdict(name, d),
        )
    console.print(table)
    for title, moved in (("变差", found.worse), ("变好", found.better)):
        console.print(f"{title} {len(moved)}题", style="bold")
        for m in moved:
            console.print(
                f"  {m.first.id} {m.first.question}：{m.first.answer} → {m.second.answer}",
                soft_wrap=True,
            )
    console.print(f"同样对错、说法不同 {len(found.reworded)}题")
