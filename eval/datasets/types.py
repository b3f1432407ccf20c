"""A question with its right answers, and a set of them."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from corpus.types import Document


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

    @property
    def end(self) -> int:
        """End of the evidence."""
        return self.start + len(self.evidence)


@dataclass(frozen=True)
class QuestionSet:
    """The questions of a file, in its order.

    :ivar sha256: of the file, with those of the documents beside it.
    :ivar documents: what the questions are about, where the file brings it along.
    :ivar placed: whether evidence stands at its offset; if not, it is searched in the reports.
    :ivar places: line of each row in the file, to name it in messages.
    """

    name: str
    sha256: str
    rows: tuple[QuestionRow, ...]
    documents: tuple[Document, ...] = ()
    placed: bool = True
    places: tuple[int, ...] = ()
