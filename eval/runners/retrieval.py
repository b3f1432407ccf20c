"""Run retrieval: recall, MRR and nDCG on a question file or a BEIR folder."""

from __future__ import annotations

from pathlib import Path

from eval.datasets.beir import RetrievalSet
from eval.datasets.types import QuestionRow, QuestionSet
from eval.metrics.names import metric
from eval.metrics.ranking import DEPTH, per_query
from eval.runners.anchoring import anchored
from eval.runners.asking import followed
from eval.runners.local import Local
from eval.runners.runs import Asked, Run, Shown, Table
from eval.runners.stages import Stage
from eval.runners.summary import by_type, means
from eval.runners.systems import System
from eval.runners.versions import code_versions, now

_EVIDENCE = "evidence"  # stands for the first passage that overlaps the evidence
_POOL = 50  # passages searched, so that ten documents come of them
_OF_PASSAGES = ("recall@1", "recall@5", "recall@10", "mrr@10", "ndcg@10")
# Ways of searching beside the shipped one: a name, and the stages left out.
WAYS: tuple[tuple[str, frozenset[Stage]], ...] = (
    ("只用BM25（词语和双字）", frozenset({Stage.DENSE, Stage.VOCABULARY})),
    ("只用静态向量", frozenset({Stage.LEXICAL, Stage.VOCABULARY})),
    ("两者，不用词表", frozenset({Stage.VOCABULARY})),
    ("BM25和词表", frozenset({Stage.DENSE})),
)


def evaluate_questions(
    system: System, asked: QuestionSet, seed: int = 0, *, ablate: bool = False
) -> Run:
    """Search for every answerable question; a passage is right if it overlaps the evidence.

    Follow-ups are left out: they test understanding, not search.

    :param ablate: search in the other ways too; only for a system in this process.
    :raises QuestionFileError: if the evidence does not stand in the reports asked.
    """
    rows = tuple(
        r for r in anchored(asked, system.sources) if r.answerable and r.evidence and not r.history
    )
    questions = _searched(system, rows, asked.name)
    tables: tuple[Table, ...] = ()
    if ablate and isinstance(system, Local):
        others = [
            (name, _searched(Local(system.library, system.encoder, None, cut), rows, name))
            for name, cut in WAYS
        ]
        tables = (_table([*others, ("产品所用", questions)]),)
    return _run(system, asked.name, asked.sha256, questions, seed, tables=tables)


def evaluate_beir(system: Local, asked: RetrievalSet, seed: int = 0) -> Run:
    """Search for every query of a BEIR folder; a document ranks where its best passage does."""
    ranked: dict[str, list[str]] = {}
    passages: dict[str, tuple[Shown, ...]] = {}
    for query, text in followed(asked.queries.items(), asked.name):
        row = QuestionRow(id=query, question=text, type="query", answers=[])
        found = system.passages(row, _POOL)
        ranked[query] = list(dict.fromkeys(p.document for p in found))[:DEPTH]
        passages[query] = found[:DEPTH]
    values = per_query(asked.relevant, ranked)
    questions = tuple(
        _asked(
            QuestionRow(id=q, question=text, type="query", answers=list(asked.relevant[q])),
            values[q],
            tuple(_right(p, p.document in asked.relevant[q]) for p in passages[q]),
        )
        for q, text in asked.queries.items()
    )
    return _run(system, asked.name, asked.sha256, questions, seed)


def _searched(system: System, rows: tuple[QuestionRow, ...], label: str) -> tuple[Asked, ...]:
    ranked: dict[str, list[str]] = {}
    passages: dict[str, tuple[Shown, ...]] = {}
    for row in followed(rows, label):
        found = tuple(_right(p, _overlaps(row, p)) for p in system.passages(row, DEPTH))
        first = next((i for i, p in enumerate(found) if p.right), None)
        # One place is sought: the first passage that holds some of it finds it.
        ranked[row.id] = [_EVIDENCE if i == first else f"passage {i}" for i in range(len(found))]
        passages[row.id] = found
    values = per_query({row.id: {_EVIDENCE: 1} for row in rows}, ranked)
    return tuple(
        _asked(row, {n: values[row.id][n] for n in _OF_PASSAGES}, passages[row.id]) for row in rows
    )


def _asked(row: QuestionRow, scores: dict[str, float], passages: tuple[Shown, ...]) -> Asked:
    found = bool(scores["recall@10"])
    return Asked(
        id=row.id,
        type=row.type,
        question=row.question,
        answerable=True,
        golds=tuple(row.answers),
        evidence=row.evidence,
        refused=False,
        answer="",
        explanation="",
        outcome="right" if found else "wrong",
        scores=scores,
        passages=passages,
    )


def _right(shown: Shown, right: bool) -> Shown:
    return Shown(shown.document, shown.title, shown.start, shown.end, shown.text, right)


def _overlaps(row: QuestionRow, shown: Shown) -> bool:
    same = row.document is None or shown.document == row.document
    return same and shown.start < row.end and shown.end > row.start


def _table(ways: list[tuple[str, tuple[Asked, ...]]]) -> Table:
    rows: list[tuple[str | float, ...]] = []
    for name, questions in ways:
        held = {m.name: m.value for m in means(questions, 0)}
        rows.append((name, *(round(held[n], 3) for n in _OF_PASSAGES)))
    return Table("检索的几种方式", ("方式", *_OF_PASSAGES), tuple(rows))


def _run(
    system: System,
    name: str,
    sha256: str,
    questions: tuple[Asked, ...],
    seed: int,
    *,
    tables: tuple[Table, ...] = (),
) -> Run:
    return Run(
        kind="retrieval",
        file=name,
        system=system.name,
        made=now(),
        seed=seed,
        versions={"数据": f"{name} sha256 {sha256[:16]}"} | system.versions() | code_versions(),
        measures=means(questions, seed),
        groups=by_type(questions),
        tables=tables,
        questions=questions,
    )


def write_per_query(run: Run, path: Path) -> None:
    """Write query, figure and value, one a line, tab-separated, as trec_eval -q does."""
    lines = [
        f"{name}\t{q.id}\t{value:.6f}" for q in run.questions for name, value in q.scores.items()
    ]
    scale = {m.name: 100 if metric(m.name).unit == "%" else 1 for m in run.measures}
    lines += [f"{m.name}\tall\t{m.value / scale[m.name]:.6f}" for m in run.measures[1:]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
