"""Read the shipped govqa questions with the passage each was written over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from models.training.data import laws

QUESTIONS = Path(__file__).parents[2] / "eval" / "data" / "govqa"
# Reports of districts that do not exist, with questions: what a district reports is unlike the papers of
# the nation. They serve training and choice only, and no benchmark.
DISTRICTS = Path(__file__).parent / "districts"
_INVENTED = "虚构_"


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
    """Yield the questions of a split of govqa."""
    return _rows(QUESTIONS / f"{split}.jsonl")


def with_districts(split: str) -> Iterator[Row]:
    """Yield the questions of a split of govqa, then those over the invented districts."""
    yield from rows(split)
    yield from _rows(DISTRICTS / f"{split}.jsonl")


def _rows(path: Path) -> Iterator[Row]:
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
    if name.startswith(_INVENTED):
        return (DISTRICTS / f"{name}.txt").read_text(encoding="utf-8")
    if name.startswith("laws_"):
        return _laws(data)[int(name.removeprefix("laws_"))]
    folder = "reports" if name.startswith("国务院_") else "policies"
    return (data / folder / f"{name}.txt").read_bytes().decode("utf-8")


@lru_cache(maxsize=1)
def _laws(data: Path) -> tuple[str, ...]:
    return tuple(item.text for item in laws(data))
