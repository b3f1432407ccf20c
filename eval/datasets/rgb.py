"""Read files in the form of RGB (Chen et al. 2024, Benchmarking LLMs in RAG), JSON lines.

Three kinds, told apart by their fields: noise (``positive`` is a list of texts), integration
(``positive`` is a list of lists, ``answer`` a list of lists of alternatives), counterfactual
(``positive_wrong`` and ``fakeanswer``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import QuestionFileError
from eval.datasets.faults import Faults, digest, read_lines
from eval.metrics.matching import normal

Alternatives = tuple[str, ...]


class RgbKind(StrEnum):
    """What a file of RGB tests."""

    NOISE = "noise"
    INTEGRATION = "integration"
    COUNTERFACTUAL = "counterfactual"


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: int | str
    query: str = Field(min_length=1)
    answer: str | list[str | list[str]]
    positive: list[str | list[str]]
    negative: list[str]
    positive_wrong: list[str] = Field(default_factory=list)
    fakeanswer: str | list[str] = ""


@dataclass(frozen=True)
class RgbRow:
    """A question with texts that answer it and texts that do not.

    :ivar parts: what a right answer must hold: of every part one of its alternatives.
    :ivar positive: groups of texts; one group for each fact to be integrated, else a single group.
    :ivar wrong: the texts of the single group with the fact falsified.
    :ivar fakes: the false answer, in its alternatives.
    """

    id: str
    query: str
    parts: tuple[Alternatives, ...]
    positive: tuple[tuple[str, ...], ...]
    negative: tuple[str, ...]
    wrong: tuple[str, ...] = ()
    fakes: Alternatives = ()


@dataclass(frozen=True)
class RgbSet:
    """The questions of a file."""

    name: str
    sha256: str
    kind: RgbKind
    rows: tuple[RgbRow, ...]


def read_rgb(path: Path) -> RgbSet:
    """Read and check a file.

    :raises QuestionFileError: naming every faulty line, up to twenty.
    """
    faults = Faults(path.name)
    rows: list[RgbRow] = []
    kinds: dict[RgbKind, int] = {}
    for number, line in enumerate(read_lines(path), 1):
        if not line.strip():
            continue
        where = f"第{number}行"
        try:
            row = _Line.model_validate_json(line)
        except ValidationError as error:
            faults.add_invalid(where, error)
            continue
        kind = _kind(row)
        kinds.setdefault(kind, number)
        grouped = {isinstance(p, list) for p in row.positive}
        if len(grouped) > 1:
            faults.add(where, "“positive”应都是文字，或都是文字的列表")
        if not row.positive and not row.negative:
            faults.add(where, "“positive”和“negative”都是空的")
        parts = [row.answer] if isinstance(row.answer, str) else row.answer
        if not parts or not all(_some(part) for part in parts):
            faults.add(where, "“answer”是空的")
        if kind is RgbKind.COUNTERFACTUAL and len(row.positive_wrong) != len(row.positive):
            faults.add(where, "“positive_wrong”和“positive”的个数不同")
        rows.append(_row(row))
    if len(kinds) > 1:
        told = "、".join(f"第{n}行是{k.value}" for k, n in kinds.items())
        faults.add("整个文件", f"几种题混在一起（{told}），请分成几个文件")
    faults.check()
    if not rows:
        raise QuestionFileError(f"{path.name}里没有问题。")
    return RgbSet(path.name, digest(path), next(iter(kinds)), tuple(rows))


def _some(part: str | list[str]) -> bool:
    """Tell whether every alternative of a part of an answer says something."""
    alternatives = [part] if isinstance(part, str) else part
    return bool(alternatives) and all(normal(a) for a in alternatives)


def _kind(row: _Line) -> RgbKind:
    if row.positive_wrong or row.fakeanswer:
        return RgbKind.COUNTERFACTUAL
    if any(isinstance(p, list) for p in row.positive):
        return RgbKind.INTEGRATION
    return RgbKind.NOISE


def _row(row: _Line) -> RgbRow:
    answers = [row.answer] if isinstance(row.answer, str) else row.answer
    groups = [tuple(p) for p in row.positive if isinstance(p, list)]
    texts = tuple(p for p in row.positive if isinstance(p, str))
    fakes = (row.fakeanswer,) if isinstance(row.fakeanswer, str) else tuple(row.fakeanswer)
    return RgbRow(
        id=str(row.id),
        query=row.query,
        parts=tuple((a,) if isinstance(a, str) else tuple(a) for a in answers),
        positive=tuple(groups) or (texts,),
        negative=tuple(row.negative),
        wrong=tuple(row.positive_wrong),
        fakes=tuple(f for f in fakes if f),
    )
