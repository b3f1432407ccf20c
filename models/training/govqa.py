"""Read the shipped govqa questions with the passage each was written over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from models.training.data import laws

QUESTIONS = Path(__file__).parents[2] / "eval" / "data" / "govqa"


@dataclass(frozen=True)
class Row:
    """A question of the set; no answers means that the document does not say."""

    document: str
    question: str
    type: str
    answers: tuple[str, ...]
    items: tuple[str, ...]
    evidence: str
    start: int


@dataclass(frozen=True)
class Pair:
    """A question and the text around its evidence (at most some 350 characters)."""

    question: str
    passage: str


def rows(split: str) -> Iterator[Row]:
    """Yield the questions of a split; nothing where the split is not written yet."""
    path = QUESTIONS / f"{split}.jsonl"
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Row(
            row["document"], row["question"], row["type"], tuple(row["answers"]),
            tuple(row.get("items", ())), row["evidence"], row["start"],
        )  # fmt: skip


def answerable(split: str, data: Path) -> Iterator[Pair]:
    """Yield the answerable questions of a split with their passages."""
    for row in rows(split):
        if row.answers:
            text = document_text(row.document, data)
            end = row.start + len(row.evidence)
            yield Pair(row.question, text[max(0, row.start - 100) : max(end, row.start + 250)])


@lru_cache(maxsize=200)
def document_text(name: str, data: Path) -> str:
    """Return the text of the named report, policy paper or law (``laws_00123``)."""
    if name.startswith("laws_"):
        return _laws(data)[int(name.removeprefix("laws_"))]
    folder = "reports" if name.startswith("国务院_") else "policies"
    return (data / folder / f"{name}.txt").read_bytes().decode("utf-8")


@lru_cache(maxsize=1)
def _laws(data: Path) -> tuple[str, ...]:
    return tuple(item.text for item in laws(data))
