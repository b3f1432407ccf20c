"""Run reading comprehension: SQuAD-form files, scored as the CMRC 2018 script does."""

from __future__ import annotations

import time

from chat.reader.reader import shipped_reader
from chat.reader.whole import read_whole
from eval.datasets.squad import ReadingSet
from eval.datasets.types import QuestionRow
from eval.metrics import cmrc
from eval.runners.asking import followed
from eval.runners.local import Local
from eval.runners.runs import Asked, Run, Shown
from eval.runners.summary import by_type, means
from eval.runners.systems import Reply
from eval.runners.versions import code_versions, now
from index.encoder import Encoder
from index.words import shipped_words


def evaluate_reading(
    reading: ReadingSet, encoder: Encoder, seed: int = 0, *, search: bool = False
) -> Run:
    """Answer every question of a file from its passage.

    A question is always answered: by the reader, which is given the passage. Where the passage is
    searched, or the file has questions without an answer (SQuAD 2.0), the whole product answers; in the
    second case it refuses as it does elsewhere, and an empty answer is the right one there.

    :param search: the passage is not given, but searched among all of the file.
    """
    refusing = any(not row.answers for _, rows in reading.passages for row in rows)
    whole = Local.over(tuple(d for d, _ in reading.passages), encoder) if search else None
    questions: list[Asked] = []
    for document, rows in followed(reading.passages, reading.name):
        system = whole or (Local.over((document,), encoder) if refusing else None)
        for row in rows:
            asked = row.model_copy(update={"document": None}) if search else row
            if system is None:
                reply = _read(document.text, row)
            else:
                reply = _answered(system, asked, refusing=refusing)
            questions.append(_scored(row, reply, Shown(document.id, "", 0, 0, document.text)))
    return Run(
        kind="reading",
        file=reading.name,
        system="问政（先检索再读）" if search else "问政（阅读模型，给定段落）",
        made=now(),
        seed=seed,
        versions={"数据": f"{reading.name} sha256 {reading.sha256[:16]}"}
        | Local.over((reading.passages[0][0],), encoder).versions()
        | code_versions(),
        measures=means(questions, seed),
        options={"open": "是" if search else "否"},
        groups=by_type(questions),
        questions=tuple(questions),
    )


def _answered(system: Local, row: QuestionRow, *, refusing: bool) -> Reply:
    if not any(c.isalnum() for c in row.question):  # an empty question has no answer
        return Reply(refused=True, answer="")
    if refusing:
        reply = system.ask(row)
        return Reply(refused=True, answer="") if reply.refused else reply
    return system.forced(row) or system.ask(row)


def _read(text: str, row: QuestionRow) -> Reply:
    began = time.perf_counter()
    found = read_whole(shipped_reader(), row.question, text, shipped_words())
    took = (time.perf_counter() - began) * 1000
    told = text[slice(*found)] if found else ""
    return Reply(refused=not told, answer=told, took_ms=took)


def _scored(row: QuestionRow, reply: Reply, passage: Shown) -> Asked:
    told = "" if reply.refused else reply.answer
    golds = row.answers or [""]
    if row.answers:
        exact, overlap = float(cmrc.exact(golds, told)), cmrc.f1(golds, told)
    else:
        exact = overlap = float(not told)
    return Asked(
        id=row.id,
        type=row.type,
        question=row.question,
        answerable=row.answerable,
        golds=tuple(row.answers),
        evidence="",
        refused=reply.refused,
        answer=told,
        explanation=reply.explanation,
        outcome="right" if exact else "wrong",
        scores={"em": exact, "f1": overlap},
        took_ms=round(reply.took_ms, 2),
        passages=(passage,),
    )
