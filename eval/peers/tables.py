"""Show the results of a comparison as Markdown tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from corpus.errors import QuestionFileError
from eval.peers.catalogue import ENTRIES, WENZHENG
from eval.peers.results import Extracted, Results, Searched, Timed
from eval.peers.scoring import BUDGET, lead

_Row = TypeVar("_Row", Searched, Timed, Extracted)
_BEGIN, _END = "<!-- peers:{}:begin -->", "<!-- peers:{}:end -->"
_SIZES = (100, 10_000, 300_000)
_TRACKS = {
    "own": "Whole pipelines: every peer cuts the documents itself",
    "same": "Search alone: every peer gets Wenzheng's passages",
}
_LABELS = {
    "installed": "as installed",
    "chinese": "set for Chinese",
    "encoder": "with our encoder",
    "shipped": "as shipped",
}


def tables(results: Results) -> str:
    """Return all tables with their headings, in English."""
    parts = [f"Machine: {results.machine}."]
    for track, title in _TRACKS.items():
        for name in dict.fromkeys(s.set for s in results.searched):
            rows = [r for r in results.searched if (r.track, r.set) == (track, name)]
            if rows:
                parts.append(f"### {title}: {name}\n\n{_searched(results, rows)}")
    makers: tuple[tuple[str, Callable[[Results], str]], ...] = (
        ("Speed and memory", _timed),
        ("Cold start and size", _footprint),
        ("Short answers", _extracted),
    )
    for title, make in makers:
        if table := make(results):
            parts.append(f"### {title}\n\n{table}")
    return "\n\n".join(parts) + "\n"


def short_table(results: Results) -> str:
    """Return one small table in Chinese: each peer with our encoder, or set for Chinese."""
    sets = list(dict.fromkeys(s.set for s in results.searched))
    head = ["", *(f"{_SET_NAMES.get(s, s)}：证据在内" for s in sets)]
    sizes = [s for s in _SIZES[1:] if any(t.size == s for t in results.timed)]
    head += [f"一次检索的处理器时间（{s // 10_000}万段）" for s in sizes]
    head += [f"内存（{s // 10_000}万段）" for s in sizes[:1]] + ["安装"]
    rows = []
    for entry in ENTRIES:
        best = "chinese" if entry.peer in ("bm25s", "rank-bm25") else "encoder"
        if entry.way not in ("shipped", best):
            continue
        cells = []
        for name in sets:
            found = results.searched_by(entry.key, "own", name)
            cells.append(f"{found.quality.context:.1f}%" if found else "–")
        found_at = [_timing(results, entry.key, size) for size in sizes]
        cells += [_latency(t) for t in found_at]
        cells += [f"{t.peak_mb:,.0f} MB" if t else "–" for t in found_at[:1]]
        held = next((i for i in results.installed if i.entry == entry.key), None)
        cells.append(f"{held.megabytes:,.0f} MB" if held else "–")
        rows.append([f"**{entry.peer}**" if entry is WENZHENG else entry.peer, *cells])
    return _table(head, rows)


_SET_NAMES = {
    "beilun-dev": "北仑开发题",
    "govqa-validation": "govqa验证",
    "govqa-test": "govqa测试",
}


def insert(path: Path, results: Results) -> None:
    """Put the tables between their marks in a Markdown file.

    :raises QuestionFileError: if the file has no marks.
    """
    text = path.read_text(encoding="utf-8")
    done = False
    for name, make in (("all", tables), ("short", short_table)):
        begin, end = _BEGIN.format(name), _END.format(name)
        if begin in text and end in text:
            before, rest = text.split(begin, 1)
            after = rest.split(end, 1)[1]
            text = f"{before}{begin}\n{make(results).strip()}\n{end}{after}"
            done = True
    if not done:
        raise QuestionFileError(f"“{path}”里没有放表格的记号（{_BEGIN.format('all')}）。")
    path.write_text(text, encoding="utf-8")


def _searched(results: Results, rows: Sequence[Searched]) -> str:
    ours = results.searched_by(WENZHENG.key, rows[0].track, rows[0].set)
    head = ["peer", "way", "chunks (median length)", "recall@1", "@5", "@10", "MRR@10", "nDCG@10"]
    head += [f"evidence in {BUDGET:,} characters", "Wenzheng ahead by (95%)"]
    body = []
    for row in _ordered(rows):
        q = row.quality
        gap = "–"
        if ours is not None and row.entry != WENZHENG.key and len(ours.ranks) == len(row.ranks):
            mean, low, high = lead(ours.contexts, row.contexts)
            gap = f"{mean:+.1f} ({low:+.1f} to {high:+.1f})"
        body.append(
            [
                *_names(row.entry),
                f"{row.chunks:,} ({row.median_length:.0f})",
                f"{q.recall1:.1f}",
                f"{q.recall5:.1f}",
                f"{q.recall10:.1f}",
                f"{q.mrr:.3f}",
                f"{q.ndcg:.3f}",
                f"{q.context:.1f}",
                gap,
            ]
        )
    return f"{rows[0].quality.questions} questions.\n\n" + _table(head, body)


def _timed(results: Results) -> str:
    sizes = sorted({t.size for t in results.timed})
    tables = []
    for size in sizes:
        rows = _ordered([t for t in results.timed if t.size == size])
        body = [
            [
                *_names(t.entry),
                f"{t.index_s:,.1f} s" if t.index_s is not None else f"not done ({_why(t)})",
                f"{t.index_cpu_s:,.1f} s" if t.index_cpu_s is not None else "–",
                f"{t.p50_ms:,.1f}" if t.p50_ms is not None else "–",
                f"{t.p95_ms:,.1f}" if t.p95_ms is not None else "–",
                f"{t.cpu_ms:,.1f}" if t.cpu_ms is not None else "–",
                str(t.asked),
                f"{t.peak_mb:,.0f}",
                _why(t) if t.stopped and t.index_s is not None else "",
            ]
            for t in rows
        ]
        head = ["peer", "way", "index", "of it CPU", "p50 ms", "p95 ms", "CPU ms", "asked"]
        head += ["peak MB", "stopped by"]
        tables.append(f"{size:,} passages.\n\n" + _table(head, body))
    return "\n\n".join(tables)


def _footprint(results: Results) -> str:
    rows = []
    for entry in ENTRIES:
        cold = next((c for c in results.cold if c.entry == entry.key), None)
        held = next((i for i in results.installed if i.entry == entry.key), None)
        if cold is None and held is None:
            continue
        rows.append(
            [
                *_names(entry.key),
                f"{cold.import_s:.1f} s" if cold else "–",
                f"{cold.first_answer_s:.1f} s" if cold else "–",
                f"{cold.cpu_s:.1f} s" if cold else "–",
                f"{cold.peak_mb:,.0f}" if cold else "–",
                f"{held.megabytes:,.0f}" if held else "–",
                f"{held.torch_megabytes:,.0f}" if held else "–",
                str(held.distributions) if held else "–",
                "、".join(f"{n} {v}" for n, v in held.versions.items()) if held else "–",
            ]
        )
    head = ["peer", "way", "import", "start to first hit", "of it CPU", "peak MB", "installed MB"]
    head += ["of it torch", "packages", "versions"]
    return _table(head, rows).replace("、", ", ") if rows else ""


def _extracted(results: Results) -> str:
    if not results.extracted:
        return ""
    head = ["peer", "set", "answerable", "EM", "F1", "holds an answer", "answerable refused"]
    head += ["unanswerable refused", "p50 ms", "CPU ms", "note"]
    notes = {"没有抽取式阅读器": "has no extractive reader"}
    body = []
    for row in _ordered(results.extracted):
        shown = (row.em, row.f1, row.holds, row.answerable_refused, row.unanswerable_refused)
        cells = [f"{v:.1f}" if v is not None else "–" for v in (*shown, row.p50_ms, row.cpu_ms)]
        count = str(row.answerable) if not row.note else "–"
        body.append([_names(row.entry)[0], row.set, count, *cells, notes.get(row.note, row.note)])
    return _table(head, body)


def _ordered(rows: Sequence[_Row]) -> list[_Row]:
    places = {e.key: i for i, e in enumerate(ENTRIES)}
    return sorted(rows, key=lambda r: places.get(r.entry, len(places)))


def _names(key: str) -> tuple[str, str]:
    peer, way = key.split("/")
    return (f"**{peer}**" if key == WENZHENG.key else peer), _LABELS[way]


def _timing(results: Results, key: str, size: int) -> Timed | None:
    return next((t for t in results.timed if (t.entry, t.size) == (key, size)), None)


def _latency(timed: Timed | None) -> str:
    if timed is None:
        return "–"
    if timed.cpu_ms is None:
        return f"未完成（{timed.stopped}）"
    return f"{timed.cpu_ms:,.1f} ms"


def _why(timed: Timed) -> str:
    return timed.stopped.replace("时限", "limit ").replace("秒", " s")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
