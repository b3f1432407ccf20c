"""Write a run, or the comparison of two, as one HTML file that needs nothing else."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from eval.metrics.names import between, metric, shown, type_name
from eval.report.plots import interval_bar, reliability_plot, risk_plot, type_bars, waterfall
from eval.runners.compare import Comparison, verdict
from eval.runners.runs import Asked, Group, Run

_TEMPLATES = Path(__file__).parent / "templates"
MOST = 1000  # questions shown; the wrong ones first
KINDS = {
    "qa": "问答",
    "refusal": "拒答",
    "retrieval": "检索",
    "reading": "阅读理解",
    "rgb": "RGB",
    "latency": "用时和内存",
    "peers": "同类工具对比",
}
OUTCOMES = {"wrong": "答错", "withheld": "误拒", "refused": "正确拒答", "right": "答对"}
# Figures on the cards at the top, by kind of run: those that are there.
HEADLINES: dict[str, tuple[str, ...]] = {
    "qa": (
        "answerable_right", "unanswerable_refused", "answerable_refused", "wrong_number",
        "quotes_exact", "number_right", "answerable_cited", "median_ms",
    ),
    "refusal": ("refusal_precision", "refusal_recall", "answerable_refused", "aurc", "auroc", "ece"),
    "retrieval": ("recall@1", "recall@5", "recall@10", "mrr@10", "ndcg@10"),
    "reading": ("em", "f1", "questions"),
    "rgb": ("accuracy", "accuracy_short", "rejection_rate", "misled", "error_detection"),
    "latency": ("median_ms", "p95_ms", "p99_ms", "per_second", "resident_mb", "ready_s", "index_per_second"),
}  # fmt: skip
# Figures of the table by type of question.
BY_TYPE: dict[str, tuple[str, ...]] = {
    "qa": (
        "answerable_right", "answerable_direct", "refused", "wrong_number", "answerable_cited",
        "f1", "number_right", "item_recall",
    ),
    "refusal": ("correct", "refused", "answered_right"),
    "retrieval": ("recall@1", "recall@5", "recall@10", "mrr@10", "ndcg@10"),
    "reading": ("em", "f1"),
    "rgb": ("accuracy", "accuracy_short", "rejection_rate", "misled", "error_detection", "refused"),
}  # fmt: skip
_ORDER = {"wrong": 0, "withheld": 1, "right": 2, "refused": 3}


def run_page(run: Run) -> str:
    """Return the page of a run."""
    questions = sorted(run.questions, key=lambda q: _ORDER[q.outcome])[:MOST]
    headline = next((n for n in BY_TYPE.get(run.kind, ()) if _held(run.groups, n)), None)
    given = sum(not q.refused for q in run.questions) / max(1, len(run.questions))
    cards = [m for n in HEADLINES.get(run.kind, ()) for m in run.measures if m.name == n]
    return (
        _environment()
        .get_template("run.html.j2")
        .render(
            run=run,
            title=f"{KINDS.get(run.kind, run.kind)}：{run.file}",
            cards=cards,
            type_columns=[n for n in BY_TYPE.get(run.kind, ()) if _held(run.groups, n)],
            plots=[
                (title, Markup(svg))  # noqa: S704 (drawn by us, texts escaped)
                for title, svg in (
                    (
                        "题型",
                        type_bars(run.groups, headline) if headline and len(run.groups) > 1 else "",
                    ),
                    (
                        "把握有多准（可靠性图）",
                        reliability_plot(run.reliability) if run.reliability else "",
                    ),
                    (
                        "少答一些，会少错多少（风险—覆盖曲线）",
                        risk_plot(run.curve, given) if run.curve else "",
                    ),
                    (
                        "时间用在哪里（各环节平均，毫秒）",
                        waterfall(run.stages) if run.stages else "",
                    ),
                )
                if svg
            ],
            headline=headline,
            questions=questions,
            hidden=len(run.questions) - len(questions),
            types=sorted({q.type for q in questions}),
            outcomes=[o for o in OUTCOMES if any(q.outcome == o for q in questions)],
            style=_style(),
        )
    )


def compare_page(found: Comparison) -> str:
    """Return the page of a comparison."""
    return (
        _environment()
        .get_template("compare.html.j2")
        .render(
            found=found,
            title=f"两次{KINDS.get(found.first.kind, '')}运行的比较",
            parts=[
                ("变差", found.worse),
                ("变好", found.better),
                ("同样对错、说法不同", found.reworded),
            ],
            rows=[(name, d, verdict(name, d)) for name, d in found.differences.items()],
            style=_style(),
            most=MOST,
        )
    )


def _held(groups: tuple[Group, ...], name: str) -> bool:
    return any(name in g.values for g in groups)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(default_for_string=True, default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"shown": shown_cell, "marked": marked, "range": interval_svg}
    environment.globals |= {
        "metric": metric,
        "OUTCOMES": OUTCOMES,
        "value_of": shown,
        "between": between,
        "type_name": type_name,
    }
    return environment


def interval_svg(measure: object) -> Markup:
    """Return the line with the interval of a measure."""
    return Markup(interval_bar(measure))  # type: ignore[arg-type]  # noqa: S704 (numbers only)


def shown_cell(value: str | float, column: str = "") -> str:
    """Return a cell of a table: numbers by what their column measures."""
    if isinstance(value, str):
        return value
    if metric(column).label != column or column == "questions":
        return shown(column, float(value)) if column != "refused" else f"{value:.1f}%"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.4g}"


def marked(text: str, question: Asked) -> Markup:
    """Return a text with the right answers in it marked."""
    golds = sorted({g for g in question.golds if g}, key=len, reverse=True)
    if not golds or not question.answerable:
        return escape(text)
    pieces = re.split(f"({'|'.join(map(re.escape, golds))})", text)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if piece in golds else escape(piece)
        for piece in pieces
    )


def _style() -> Markup:
    return Markup((_TEMPLATES / "report.css").read_text(encoding="utf-8"))  # noqa: S704 (ours)
