"""Show the results of the comparison with other tools as a run of tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from corpus.errors import QuestionFileError
from eval.peers.catalogue import ENTRIES
from eval.peers.results import Cold, Extracted, Installed, Results, Searched, Timed, load
from eval.runners.runs import Run, Table

_Row = TypeVar("_Row", Searched, Timed, Cold, Installed, Extracted)
_CLOCK = "CPU时间不受别的程序影响；其余是钟表时间，机器忙时会长得多。"
_TRACKS = {"own": "整条流水线（各自分段）", "same": "只比检索（都用问政的段落）"}

_NOTE = (
    "段越长，召回越容易高（整份文件算一段，召回就是100%）；"
    "“证据在内”按同样的2,000字比较：标准依据完整地在这些字里的题。"
)


def read_peers(path: Path) -> Run | None:
    """Return the results in a file as a run; None if the file holds something else."""
    if not path.is_file():
        return None
    try:
        found = load(path)
    except QuestionFileError:
        return None
    if not (found.searched or found.timed or found.cold or found.installed or found.extracted):
        return None
    versions = {
        f"{row.entry}": "，".join(f"{name} {number}" for name, number in row.versions.items())
        for row in found.installed
    }
    return Run(
        kind="peers",
        file=path.name,
        system="问政与同类工具",
        made="",
        seed=0,
        versions={"机器": found.machine} | versions,
        measures=(),
        tables=tuple(t for t in (*_searched(found), *_measured(found)) if t.rows),
    )


def _searched(found: Results) -> list[Table]:
    tables = []
    for track, title in _TRACKS.items():
        for name in dict.fromkeys(s.set for s in found.searched):
            rows = [s for s in _ordered(found.searched) if (s.track, s.set) == (track, name)]
            tables.append(
                Table(
                    f"{title}：{name}",
                    ("工具", "段数", "recall@1", "recall@5", "recall@10", "mrr@10", "ndcg@10", "证据在内%"),
                    tuple(
                        (
                            s.entry, float(s.chunks), s.quality.recall1, s.quality.recall5,
                            s.quality.recall10, s.quality.mrr, s.quality.ndcg, s.quality.context,
                        )
                        for s in rows
                    ),
                    _NOTE,
                )
            )  # fmt: skip
    return tables


def _measured(found: Results) -> list[Table]:
    timed = tuple(
        (
            t.entry, float(t.size), _or_dash(t.index_s), _or_dash(t.index_cpu_s), _or_dash(t.p50_ms),
            _or_dash(t.p95_ms), _or_dash(t.cpu_ms), t.peak_mb, t.stopped,
        )
        for t in sorted(_ordered(found.timed), key=lambda t: t.size)
    )  # fmt: skip
    cold = tuple(
        (c.entry, c.import_s, c.first_answer_s, c.cpu_s, c.peak_mb) for c in _ordered(found.cold)
    )
    size = tuple(
        (i.entry, i.megabytes, i.torch_megabytes, float(i.distributions))
        for i in _ordered(found.installed)
    )
    extracted = tuple(
        (
            e.entry, e.set, _or_dash(e.em), _or_dash(e.f1), _or_dash(e.holds),
            _or_dash(e.answerable_refused), _or_dash(e.unanswerable_refused), _or_dash(e.p50_ms),
            _or_dash(e.cpu_ms), e.note,
        )
        for e in _ordered(found.extracted)
    )  # fmt: skip
    speed = ("索引秒", "其中CPU秒", "p50毫秒", "p95毫秒", "CPU毫秒", "峰值MB", "没有做完")
    answers = ("em", "f1", "含正确答案%", "误拒%", "拒答%", "p50毫秒", "CPU毫秒", "说明")
    return [
        Table("速度和内存", ("工具", "段落数", *speed), timed, _CLOCK),
        Table("冷启动", ("工具", "导入秒", "到第一个结果秒", "其中CPU秒", "峰值MB"), cold, _CLOCK),
        Table("安装", ("工具", "MB", "其中torch MB", "包数"), size),
        Table("简答", ("工具", "问题集", *answers), extracted),
    ]


def _ordered(rows: Sequence[_Row]) -> list[_Row]:
    """Return rows in the order of the catalogue, ours first."""
    places = {e.key: i for i, e in enumerate(ENTRIES)}
    return sorted(rows, key=lambda r: places.get(r.entry, len(places)))


def _or_dash(value: float | None) -> float | str:
    return "–" if value is None else value
