"""A run: what was asked of which system, what it said, what that is worth; kept as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.errors import WenzhengError
from eval.metrics.confidence import Bin, Point


class RunError(WenzhengError):
    """A file that is not a run, or runs that cannot be compared."""

    code = "run_invalid"


@dataclass(frozen=True)
class Measure:
    """A figure of a run with its 95% bootstrap interval.

    :ivar count: questions that it is taken over.
    """

    name: str
    value: float
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Group:
    """Figures of the questions of one type."""

    name: str
    count: int
    values: dict[str, float]


@dataclass(frozen=True)
class Shown:
    """A stretch of a report: a passage found, or a citation.

    :ivar right: whether it overlaps the evidence.
    """

    document: str
    title: str
    start: int
    end: int
    text: str
    right: bool = False


@dataclass(frozen=True)
class Asked:
    """One question: what is right, what was said, what that is worth.

    :ivar outcome: ``right``, ``wrong``, ``refused`` (rightly) or ``withheld`` (refused in error).
    :ivar scores: figure → value 0 to 1; only those that apply to the question.
    :ivar probability: of the answer, given or withheld, being right; None if the system tells none.
    :ivar forced_right: whether the answer that it would give without refusing is right.
    """

    id: str
    type: str
    question: str
    answerable: bool
    golds: tuple[str, ...]
    evidence: str
    refused: bool
    answer: str
    explanation: str
    outcome: str
    scores: dict[str, float]
    took_ms: float = 0.0
    probability: float | None = None
    forced_right: bool | None = None
    history: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    citations: tuple[Shown, ...] = ()
    passages: tuple[Shown, ...] = ()


@dataclass(frozen=True)
class StageTime:
    """Milliseconds a question spends in one stage, without the stages inside it."""

    name: str
    mean_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float


@dataclass(frozen=True)
class Table:
    """Rows to be shown as they are: ways of searching, noise rates, peers, thresholds.

    :ivar columns: names of the figures, or plain heads; the first cell of a row names it.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Run:
    """A whole run.

    :ivar kind: qa, retrieval, reading, rgb, refusal, latency or peers.
    :ivar file: name of the data.
    :ivar made: ISO time, UTC.
    :ivar versions: what it was made with: data, models, index, code, machine.
    :ivar options: how it was asked for, by option.
    """

    kind: str
    file: str
    system: str
    made: str
    seed: int
    versions: dict[str, str]
    measures: tuple[Measure, ...]
    options: dict[str, str] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    reliability: tuple[Bin, ...] = ()
    curve: tuple[Point, ...] = ()
    stages: tuple[StageTime, ...] = ()
    tables: tuple[Table, ...] = ()
    questions: tuple[Asked, ...] = ()

    def value(self, name: str) -> float:
        """Return a figure.

        :raises RunError: if the run has none of this name.
        """
        for measure in self.measures:
            if measure.name == name:
                return measure.value
        held = "、".join(m.name for m in self.measures)
        raise RunError(f"这次运行没有“{name}”这项指标，请从这些里选：{held}。")

    def summary(self) -> dict[str, float]:
        """Return the figures by name."""
        return {m.name: m.value for m in self.measures}

    def without_questions(self) -> Run:
        """Return the run without its single questions, to be kept or shown."""
        return replace(self, questions=())


_runs = TypeAdapter(Run)
_bodies = TypeAdapter(dict[str, object])


def as_json(run: Run) -> str:
    """Return a run as JSON: its figures once more at the top, by name, for programs."""
    body = {**run.summary(), "summary": run.summary()} | _runs.dump_python(run, mode="json")
    return _bodies.dump_json(body, indent=1).decode("utf-8")


def read_run(path: Path) -> Run:
    """Read a run that was kept as JSON.

    :raises RunError: if the file cannot be read or is not a run.
    """
    try:
        return _runs.validate_json(path.read_bytes())
    except OSError as error:
        raise RunError(f"“{path}”打不开（{error.strerror}），请检查路径。") from error
    except ValidationError as error:
        raise RunError(
            f"“{path.name}”不是评测结果；请用 wenzheng eval … --json 生成的文件。"
        ) from error
