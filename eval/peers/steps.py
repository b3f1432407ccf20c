"""The parts of a comparison: retrieval, size, cold start, speed, extraction, one entry at a time."""

from __future__ import annotations

import json
import statistics
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.metrics.cmrc import exact, f1
from eval.peers import data as given
from eval.peers.catalogue import Entry
from eval.peers.launch import PeerError, Run, launch, python_of
from eval.peers.protocol import Document, Question
from eval.peers.reader import export
from eval.peers.results import Cold, Extracted, Installed, Results, Searched, Timed
from eval.peers.scoring import judge, quality

_DEPTH = 30  # chunks taken, so that small ones fill the 2,000 characters too
_QUESTIONS = {100: 100, 10_000: 100, 300_000: 30}
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Plan:
    """What is to be compared.

    :ivar reader: folder of another reader for the frameworks' own; ours if None.
    :ivar limit_s: seconds of processor time that one entry may take for one job.
    :ivar few: questions of each set; 0 for all.
    """

    venv: Path
    out: Path
    data: Path | None = None
    reader: Path | None = None
    chosen: tuple[Entry, ...] = ()
    parts: tuple[str, ...] = ("quality",)
    sizes: tuple[int, ...] = (100,)
    limit_s: float = 300.0
    few: int = 0


def _quality(plan: Plan, entry: Entry, results: Results) -> None:
    asked = [q for q in given.asked(plan.few) if q.row.answerable and q.row.evidence]
    whole = given.documents(asked)
    tracks: list[tuple[str, Sequence[Document], bool]] = [("own", whole, True)]
    if not entry.product:
        # Wenzheng's own passages are the same passages: its row serves for both.
        tracks.append(("same", given.our_passages(whole), False))
    for track, documents, cut in tracks:
        run = _done(plan, entry, documents, given.as_questions(asked), cut=cut, k=_DEPTH)
        hits = {a["id"]: [(h[1], h[2]) for h in a["hits"]] for a in run.answers}
        by_set = defaultdict(list)
        for q in asked:
            end = q.row.start + len(q.row.evidence)
            by_set[q.set].append(judge(hits[q.key], (q.row.start, end)))
        for name, judged in by_set.items():
            for kept in ("own", "same") if entry.product else (track,):
                results.put(
                    Searched(
                        entry.key,
                        kept,
                        name,
                        run.indexed["chunks"],
                        run.indexed["median_length"],
                        quality(judged),
                        [j.rank for j in judged],
                        [j.context for j in judged],
                    )
                )


def _done(
    plan: Plan,
    entry: Entry,
    documents: Sequence[Document],
    questions: Sequence[Question],
    **how: object,
) -> Run:
    """Run a job that has to come to its end.

    :raises PeerError: if it does not.
    """
    python = python_of(entry, plan.venv)
    run = launch(entry, python, documents, questions, limit_s=plan.limit_s, **how)  # type: ignore[arg-type]
    if run.stopped:
        raise PeerError(f"{entry.key}没有完成（{run.stopped}），请检查对照工具的环境。")
    return run


def _size(plan: Plan, entry: Entry, results: Results) -> None:
    told = subprocess.run(
        [python_of(entry, plan.venv), "-m", "eval.peers.size", *entry.needs],
        capture_output=True,
        text=True,
        check=False,
        cwd=_ROOT,
    )
    if told.returncode:
        raise PeerError(f"{entry.key}的安装不完整：{told.stderr.strip().splitlines()[-1]}")
    found = json.loads(told.stdout)
    results.put(
        Installed(
            entry.key,
            round(found["bytes"] / 1e6, 1),
            round(found["torch_bytes"] / 1e6, 1),
            found["distributions"],
            found["versions"],
        )
    )


def _cold(plan: Plan, entry: Entry, results: Results) -> None:
    report = Document(given.BUNDLED_ID, given.text_of(given.BUNDLED_ID))
    question = Question("first", "2021年北仑区的地区生产总值是多少？", given.BUNDLED_ID)
    runs = [_done(plan, entry, [report], [question]) for _ in range(3)]
    middle = sorted(runs, key=lambda r: r.first_answer_s)[1]
    results.put(
        Cold(
            entry.key,
            round(middle.imported["seconds"], 2),
            round(middle.first_answer_s, 2),
            round(min(r.answers[0]["since_start_cpu_s"] for r in runs), 2),
            round(middle.peak_mb),
        )
    )


def _latency(plan: Plan, entry: Entry, results: Results) -> None:
    for size in plan.sizes:
        documents = given.bulk(size, plan.data)
        count = _QUESTIONS.get(size, 30)
        asked = [Question(q.key, q.row.question) for q in given.asked() if q.set == "beilun-dev"][
            :count
        ]
        run = launch(
            entry,
            python_of(entry, plan.venv),
            documents,
            asked,
            cut=False,
            limit_s=plan.limit_s,
        )
        busy = [a["cpu_ms"] for a in run.answers[1:]]
        # The first question pays for what is loaded late; it belongs to the cold start.
        took = sorted(a["ms"] for a in run.answers[1:])
        results.put(
            Timed(
                entry.key,
                size,
                round(run.indexed["seconds"], 2) if run.indexed else None,
                round(run.indexed["cpu_s"], 2) if run.indexed else None,
                round(statistics.fmean(busy), 2) if busy else None,
                round(statistics.median(took), 2) if took else None,
                round(took[min(len(took) - 1, int(0.95 * len(took)))], 2) if took else None,
                len(run.answers),
                round(run.peak_mb),
                run.stopped,
            )
        )


def _extraction(plan: Plan, entry: Entry, results: Results) -> None:
    if entry.way not in ("encoder", "shipped"):
        return
    asked = given.asked(plan.few)
    note = ""
    if not entry.reads:
        note = "没有抽取式阅读器"
    if note:
        for name in dict.fromkeys(q.set for q in asked):
            results.put(Extracted(entry.key, name, note=note))
        return
    with tempfile.TemporaryDirectory(prefix="reader-") as folder:
        run = _done(
            plan,
            entry,
            given.documents(asked),
            given.as_questions(asked),
            read=True,
            reader=plan.reader or (None if entry.product else export(Path(folder))),
        )
    told = {a["id"]: a for a in run.answers}
    for name in dict.fromkeys(q.set for q in asked):
        rows = [(q.row, told[q.key]) for q in asked if q.set == name]
        can = [(r, a["answer"] or "") for r, a in rows if r.answerable]
        cannot = [a["answer"] for r, a in rows if not r.answerable]
        results.put(
            Extracted(
                entry.key,
                name,
                len(can),
                _percent([exact(r.answers, a) for r, a in can]),
                _percent([f1(r.answers, a) for r, a in can]),
                _percent([any(g in a for g in r.answers) for r, a in can]),
                _percent([not a for _, a in can]),
                _percent([not a for a in cannot]),
                round(statistics.median(_whole(entry, a, "ms") for _, a in rows), 1),
                round(statistics.fmean(_whole(entry, a, "cpu_ms") for _, a in rows), 1),
            )
        )


def _whole(entry: Entry, answer: dict[str, Any], clock: str) -> float:
    """Return the time from question to answer; the product searches anew when it is asked."""
    read = float(answer[f"read_{clock}"])
    return read if entry.product else read + float(answer[clock])


def _percent(values: Sequence[float]) -> float:
    return round(100 * sum(values) / len(values), 1) if values else 0.0


STEPS: dict[str, Callable[[Plan, Entry, Results], None]] = {
    "quality": _quality,
    "size": _size,
    "cold": _cold,
    "latency": _latency,
    "extraction": _extraction,
}
