"""Plots as inline SVG that take their colours from the page, so that they fit light and dark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from eval.metrics.confidence import Bin, Point
from eval.metrics.names import metric, shown, type_name
from eval.runners.runs import Group, Measure, StageTime

WIDTH, HEIGHT = 360, 270  # units of the view box; about pixels on a phone
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 12, 16, 44
_ROW = 24  # height of a bar with its gap


def reliability_plot(bins: Sequence[Bin]) -> str:
    """Draw accuracy against stated probability, the number of questions under each bar."""
    x, y = _axes()
    parts = [_frame("系统说的把握", "实际正确率", x, y)]
    parts.append(_line([(x(0), y(0)), (x(1), y(1))], "ideal"))
    for b in bins:
        left, right = x(b.low) + 1, x(b.high) - 1
        told = f"把握{b.low:.1f}—{b.high:.1f}：{b.count}题，平均把握{b.confidence:.2f}，正确率{b.accuracy:.2f}"
        parts.append(_bar(left, y(b.accuracy), right - left, y(0) - y(b.accuracy), told))
        parts.append(_text((left + right) / 2, y(b.accuracy) - 4, str(b.count), "middle", "small"))
        parts.append(
            f'<circle class="dot" cx="{x(b.confidence):.1f}" cy="{y(b.accuracy):.1f}" r="3"/>'
        )
    return _svg(parts, "可靠性图：各档把握的实际正确率")


def risk_plot(curve: Sequence[Point], answered: float | None) -> str:
    """Draw the error rate against the share of questions answered, the surest first.

    :param answered: share of the questions that the system answered, marked on the curve.
    """
    top = max((p.risk for p in curve), default=0.0)
    scale = next(s for s in (0.1, 0.2, 0.3, 0.5, 1.0) if top <= s)
    x, y = _axes(scale)
    parts = [_frame("作答的题占全部题", "所答的错误率", x, y, scale)]
    parts.append(_line([(x(p.coverage), y(p.risk)) for p in curve], "curve"))
    if answered is not None and curve:
        at = min(curve, key=lambda p: abs(p.coverage - answered))
        parts.append(f'<circle class="dot" cx="{x(at.coverage):.1f}" cy="{y(at.risk):.1f}" r="5"/>')
        side = "end" if at.coverage > 0.6 else "start"
        label = f"产品的门槛：答{100 * at.coverage:.0f}%，错{100 * at.risk:.1f}%"
        parts.append(_text(x(at.coverage), y(at.risk) - 10, label, side, "small strong"))
    return _svg(parts, "风险—覆盖曲线")


def waterfall(stages: Sequence[StageTime]) -> str:
    """Draw the mean time of each stage after the one before it."""
    whole = sum(s.mean_ms for s in stages) or 1.0
    label = 118
    across = WIDTH - label - 62
    height = _TOP + _ROW * (len(stages) + 1) + 8
    parts = []
    begun = 0.0
    for number, stage in enumerate(stages):
        top = _TOP + _ROW * number
        left = label + across * begun / whole
        wide = max(1.0, across * stage.mean_ms / whole)
        told = f"{stage.name}：平均{stage.mean_ms:.2f}，中位{stage.p50_ms:.2f}，95% {stage.p95_ms:.2f}，99% {stage.p99_ms:.2f}毫秒"
        parts.append(_text(label - 6, top + 13, stage.name, "end", "small"))
        parts.append(_bar(left, top + 2, wide, _ROW - 8, told))
        parts.append(_text(left + wide + 4, top + 13, f"{stage.mean_ms:.2f}", "start", "small"))
        begun += stage.mean_ms
    bottom = _TOP + _ROW * len(stages) + 14
    parts.append(_text(label - 6, bottom, "合计", "end", "small strong"))
    parts.append(_text(label + across + 4, bottom, f"{whole:.2f} ms", "start", "small strong"))
    return _svg(parts, "各环节平均用时（毫秒）", height)


def type_bars(groups: Sequence[Group], name: str) -> str:
    """Draw a figure by type of question."""
    rows = [(g, g.values[name]) for g in groups if name in g.values]
    label = 118
    full = 100.0 if metric(name).unit == "%" else 1.0
    across = WIDTH - label - 62
    parts = []
    for number, (group, value) in enumerate(rows):
        top = _TOP + _ROW * number
        wide = max(1.0, across * value / full)
        parts.append(
            _text(label - 6, top + 13, f"{type_name(group.name)}（{group.count}）", "end", "small")
        )
        parts.append(
            f'<rect class="track" x="{label}" y="{top + 2}" width="{across}" height="{_ROW - 8}"/>'
        )
        parts.append(_bar(label, top + 2, wide, _ROW - 8, f"{group.name}：{shown(name, value)}"))
        parts.append(_text(label + across + 4, top + 13, shown(name, value), "start", "small"))
    return _svg(parts, f"{metric(name).label}，按题型", _TOP + _ROW * len(rows) + 6)


def interval_bar(measure: Measure) -> str:
    """Draw a share with its interval on a line from 0 to 100%."""
    if metric(measure.name).unit != "%":
        return ""
    low, high, value = (min(100.0, max(0.0, v)) for v in (measure.low, measure.high, measure.value))
    return (
        '<svg class="interval" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" x="0" y="4" width="100" height="2"/>'
        f'<rect class="span" x="{low:.1f}" y="3" width="{max(0.6, high - low):.1f}" height="4"/>'
        f'<rect class="bar" x="{max(0, value - 0.6):.1f}" y="0" width="1.2" height="10"/></svg>'
    )


Scale = Callable[[float], float]


def _axes(top: float = 1.0) -> tuple[Scale, Scale]:
    def x(value: float) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * value

    def y(value: float) -> float:
        return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / top

    return x, y


def _frame(across: str, up: str, x: Scale, y: Scale, top: float = 1.0) -> str:
    parts = []
    for step in range(6):
        share = step / 5
        value = top * share
        parts.append(_line([(x(0), y(value)), (x(1), y(value))], "grid"))
        digits = 0 if top >= 0.1 else 1
        parts.append(_text(_LEFT - 6, y(value) + 4, f"{100 * value:.{digits}f}%", "end", "small"))
        parts.append(_text(x(share), HEIGHT - _BOTTOM + 16, f"{share:.1f}", "middle", "small"))
    parts.append(_text((x(0) + x(1)) / 2, HEIGHT - 8, across, "middle", "axis"))
    parts.append(
        f'<text class="axis" transform="translate(13 {(_TOP + HEIGHT - _BOTTOM) / 2}) rotate(-90)"'
        f' text-anchor="middle">{escape(up)}</text>'
    )
    return "".join(parts)


def _svg(parts: Sequence[str], title: str, height: int = HEIGHT) -> str:
    return (
        f'<svg class="plot" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )


def _line(points: Sequence[tuple[float, float]], name: str) -> str:
    joined = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
    return f'<polyline class="{name}" points="{joined}"/>'


def _bar(left: float, top: float, wide: float, high: float, told: str) -> str:
    return (
        f'<rect class="bar" x="{left:.1f}" y="{top:.1f}" width="{max(0.0, wide):.1f}"'
        f' height="{max(0.0, high):.1f}"><title>{escape(told)}</title></rect>'
    )


def _text(left: float, base: float, text: str, anchor: str, name: str) -> str:
    return (
        f'<text class="{name}" x="{left:.1f}" y="{base:.1f}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )
