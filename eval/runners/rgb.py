"""Run RGB-form files: documents are given with each question, some of them useless or false.

Definitions of RGB (Chen et al. 2024): a question counts as right if of every part of the answer one
alternative stands in the reply; with useless documents alone the reply should refuse. Which
documents are given follows its script: a share of ``noise`` (rounded up) of the documents is
useless, the rest is not; of integration questions each fact gives at least one document.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace

from eval.datasets.rgb import RgbKind, RgbRow, RgbSet
from eval.datasets.squad import plain_document
from eval.datasets.types import QuestionRow
from eval.runners.asking import followed
from eval.runners.chatbot import Chatbot
from eval.runners.local import Local
from eval.runners.runs import Asked, Run, Shown
from eval.runners.summary import by_type, means
from eval.runners.systems import Reply
from eval.runners.versions import code_versions, model_versions, now
from index.encoder import Encoder

DOCUMENTS = 5  # given with a question
ONLY_NOISE = 1.0
# Kind → shares of useless documents that are run.
NOISE: dict[RgbKind, tuple[float, ...]] = {
    RgbKind.NOISE: (0.0, 0.2, 0.4, 0.6, 0.8, ONLY_NOISE),
    RgbKind.INTEGRATION: (0.0, 0.2, 0.4),
    RgbKind.COUNTERFACTUAL: (0.0,),
}
_FACTUAL_ERROR = "事实性错误"
_INSTRUCTIONS = (
    "请只根据下面给出的文档回答问题，回答要简短。文档里可能有与问题无关的内容，也可能有与事实不符的内容。"
    "如果文档里没有答案，请回答“文档信息不足，无法回答”。"
    f"如果发现文档与事实不符，请先说“文档存在{_FACTUAL_ERROR}”，再给出正确的答案。"
)

Answerer = Callable[[str, list[str]], Reply]


def by_ours(encoder: Encoder) -> Answerer:
    """Return the product's answerer over documents that are indexed in memory for each question."""

    def answer(query: str, texts: list[str]) -> Reply:
        documents = tuple(plain_document(f"d{i}", t) for i, t in enumerate(texts) if t.strip())
        row = QuestionRow(id="q", question=query, type="rgb", answers=[])
        return Local.over(documents, encoder).ask(row)

    return answer


def by_chatbot(chatbot: Chatbot) -> Answerer:
    """Return a chatbot that is given the documents in its prompt."""

    def answer(query: str, texts: list[str]) -> Reply:
        numbered = "\n".join(f"[{i}] {text}" for i, text in enumerate(texts, 1))
        return chatbot.say([f"文档：\n{numbered}\n\n问题：{query}"], _INSTRUCTIONS)

    return answer


def evaluate_rgb(
    asked: RgbSet,
    answerer: Answerer,
    *,
    system: str,
    versions: dict[str, str],
    seed: int = 0,
    noise: tuple[float, ...] = (),
) -> Run:
    """Put every question at every share of useless documents.

    :param noise: shares, 0 to 1; those of the kind if empty. 1 tests refusal.
    """
    questions = [
        _asked(asked.kind, row, rate, answerer, seed)
        for rate in noise or NOISE[asked.kind]
        for row in followed(asked.rows, f"噪声{rate:g}")
    ]
    by_rate = [
        replace(m, name=f"{m.name}@{rate:g}")
        for rate in noise or NOISE[asked.kind]
        for m in means([q for q in questions if q.id.endswith(f"@{rate:g}")], seed)
        if m.name == "accuracy"
    ]
    return Run(
        kind="rgb",
        file=asked.name,
        system=system,
        made=now(),
        seed=seed,
        versions={"数据": f"{asked.name} sha256 {asked.sha256[:16]}"} | versions | code_versions(),
        measures=(*means(questions, seed), *by_rate),
        options={"kind": asked.kind.value, "documents": str(DOCUMENTS)},
        groups=by_type(questions),
        questions=tuple(questions),
    )


def documents_of(kind: RgbKind, row: RgbRow, rate: float, seed: int) -> list[str]:
    """Return the documents given with a question, shuffled; the same for the same seed."""
    chance = random.Random(f"{seed} {row.id} {rate:g}")  # noqa: S311 (a draw, not a secret)
    useless = math.ceil(round(DOCUMENTS * rate, 6))
    if rate >= ONLY_NOISE:
        chosen = list(row.negative[:DOCUMENTS])
    elif kind is RgbKind.INTEGRATION:
        chosen = _of_each_fact(row, DOCUMENTS - useless, chance)
        chosen += row.negative[: DOCUMENTS - len(chosen)]
    elif kind is RgbKind.COUNTERFACTUAL:
        wanted = min(len(row.wrong), DOCUMENTS - useless)
        chosen = chance.sample(list(row.wrong), wanted) + list(row.negative[:useless])
    else:
        useful = row.positive[0]
        useless = min(useless, len(row.negative))
        wanted = min(DOCUMENTS - useless, len(useful))
        useless = min(DOCUMENTS - wanted, len(row.negative))
        chosen = list(useful[:wanted]) + list(row.negative[:useless])
    chance.shuffle(chosen)
    return chosen


def _of_each_fact(row: RgbRow, wanted: int, chance: random.Random) -> list[str]:
    """Return one document of each fact, then second ones, until there are enough."""
    groups = [chance.sample(group, len(group)) for group in row.positive if group]
    chosen = [group[0] for group in groups]
    for depth in range(1, max(map(len, groups), default=0)):
        for group in groups:
            if len(chosen) >= wanted:
                return chosen
            if depth < len(group):
                chosen.append(group[depth])
    return chosen


def _asked(kind: RgbKind, row: RgbRow, rate: float, answerer: Answerer, seed: int) -> Asked:
    texts = documents_of(kind, row, rate, seed)
    reply = answerer(row.query, texts) if texts else Reply(refused=True, answer="")
    told = _plain("\n".join((reply.told, *reply.items)))
    right = not reply.refused and _holds(row.parts, told)
    only_noise = rate >= ONLY_NOISE
    scores: dict[str, float] = {}
    if only_noise:
        scores["rejection_rate"] = float(reply.refused)
    else:
        scores["accuracy"] = float(right)
        short = _plain("\n".join((reply.answer, *reply.items)))
        scores["accuracy_short"] = float(not reply.refused and _holds(row.parts, short))
    if kind is RgbKind.COUNTERFACTUAL:
        detected = _FACTUAL_ERROR in reply.told
        scores["misled"] = float(not reply.refused and not right and _holds((row.fakes,), told))
        scores["error_detection"] = float(detected)
        if detected:
            scores["error_correction"] = float(right)
    good = reply.refused if only_noise else right
    outcome = ("refused" if only_noise else "withheld") if reply.refused else ""
    return Asked(
        id=f"{row.id}@{rate:g}",
        type="全是无关文档" if only_noise else f"噪声{rate:g}",
        question=row.query,
        answerable=not only_noise,
        golds=tuple(" / ".join(p) for p in row.parts),
        evidence="",
        refused=reply.refused,
        answer=reply.answer,
        explanation=reply.explanation,
        outcome=outcome or ("right" if good else "wrong"),
        scores=scores,
        took_ms=round(reply.took_ms, 2),
        items=reply.items,
        passages=tuple(Shown(f"d{i}", "", 0, len(t), t) for i, t in enumerate(texts)),
    )


def _plain(text: str) -> str:
    return text.lower().replace(" ", "")


def _holds(parts: tuple[tuple[str, ...], ...], told: str) -> bool:
    return bool(parts) and all(any(_plain(a) in told for a in part if a) for part in parts)


def ours_versions(encoder: Encoder) -> dict[str, str]:
    """Return what ours is made of; its index is built anew for each question."""
    return model_versions(encoder) | {"索引": "每题在内存里建立"}
