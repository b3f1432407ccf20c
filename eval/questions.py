"""Read question files (``*.jsonl``, one object a line)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import QuestionFileError


class QuestionRow(BaseModel):
    """A question with its right answers; no answers means that the report does not say.

    ``document.text[start:start + len(evidence)] == evidence`` where there is evidence.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    question: str = Field(min_length=1)
    type: str
    answers: list[str]
    items: list[str] = Field(default_factory=list)
    evidence: str = ""
    start: int = Field(default=0, ge=0)
    history: list[str] = Field(default_factory=list)
    document: str | None = None

    @property
    def answerable(self) -> bool:
        """Whether the report answers it."""
        return bool(self.answers)


@dataclass(frozen=True)
class QuestionFile:
    """The questions of a file, in its order."""

    name: str
    rows: tuple[QuestionRow, ...]


def read_questions(path: Path) -> QuestionFile:
    """Read and check a question file.

    :raises QuestionFileError: naming the line and what is wrong with it.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionFileError(f"问题文件“{path}”打不开，请检查路径和编码（UTF-8）。") from error
    rows: list[QuestionRow] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = QuestionRow.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "整行"
            raise QuestionFileError(
                f"{path.name}第{number}行有误（{where}：{first['msg']}），请修改后再试。"
            ) from error
        if row.id in seen:
            raise QuestionFileError(
                f"{path.name}第{number}行的编号“{row.id}”重复，请改成不同的编号。"
            )
        seen.add(row.id)
        rows.append(row)
    if not rows:
        raise QuestionFileError(f"{path.name}里没有问题。")
    return QuestionFile(path.name, tuple(rows))
