"""Score answers to a question file: right, refused, wrong, by type of question."""

from __future__ import annotations

import json
import re
import statistics
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from chat.service import Service
from chat.types import Answer, Status
from eval.questions import QuestionRow, read_questions

_MARKS = re.compile(r"[\s“”\"‘’'、，,。；;：:！!？?（）()《》·]")


@dataclass(frozen=True)
class Outcome:
    """How one question went.

    :ivar right: answerable: a right answer stands within answer and explanation (a list: every
        member); unanswerable: refused.
    :ivar direct: a right answer stands within the short answer.
    :ivar exact_quotes: every citation's quote equals the source at its offsets.
    :ivar cited: a citation overlaps the evidence.
    """

    id: str
    type: str
    question: str
    answerable: bool
    right: bool
    direct: bool
    refused: bool
    exact_quotes: bool
    cited: bool
    answer: str
    explanation: str
    confidence: float
    took_ms: float


@dataclass(frozen=True)
class Report:
    """All outcomes of a file."""

    file: str
    outcomes: tuple[Outcome, ...]

    def summary(self) -> dict[str, float]:
        """Return the headline figures, shares in percent, latency in milliseconds."""
        yes = [o for o in self.outcomes if o.answerable]
        no = [o for o in self.outcomes if not o.answerable]
        took = [o.took_ms for o in self.outcomes]
        figures = {
            "questions": float(len(self.outcomes)),
            "answerable_right": _percent(o.right for o in yes),
            "answerable_direct": _percent(o.direct for o in yes),
            "answerable_refused": _percent(o.refused for o in yes),
            "answerable_cited": _percent(o.cited for o in yes),
            "unanswerable_refused": _percent(o.refused for o in no),
            "quotes_exact": _percent(o.exact_quotes for o in self.outcomes),
            "median_ms": statistics.median(took),
            "p95_ms": statistics.quantiles(took, n=20)[-1] if len(took) > 1 else took[0],
        }
        return {name: round(value, 1) for name, value in figures.items()}

    def as_json(self) -> str:
        """Return summary and outcomes as JSON."""
        body = {
            "file": self.file,
            "summary": self.summary(),
            "outcomes": [asdict(o) for o in self.outcomes],
        }
        return json.dumps(body, ensure_ascii=False, indent=1)


def evaluate_file(service: Service, path: Path) -> Report:
    """Ask every question of a file.

    :raises QuestionFileError: if the file is faulty.
    :raises UnknownDocumentError: if a question names a document that the library does not hold.
    """
    file = read_questions(path)
    rows = track(file.rows, description=file.name, console=Console(stderr=True), transient=True)
    return Report(file.name, tuple(_outcome(service, row) for row in rows))


def _outcome(service: Service, row: QuestionRow) -> Outcome:
    documents = (row.document,) if row.document is not None else ()
    answer = service.ask(row.question, list(row.history), documents)
    refused = answer.status is Status.UNANSWERABLE
    return Outcome(
        id=row.id,
        type=row.type,
        question=row.question,
        answerable=row.answerable,
        right=(not refused and _within(row, f"{answer.answer}\n{answer.explanation}"))
        if row.answerable
        else refused,
        direct=row.answerable and not refused and _within(row, answer.answer),
        refused=refused,
        exact_quotes=all(
            service.library.document(c.document).text[c.start : c.end] == c.quote
            for c in answer.citations
        ),
        cited=not refused and _overlaps(row, answer),
        answer=answer.answer,
        explanation=answer.explanation,
        confidence=answer.confidence,
        took_ms=answer.took_ms,
    )


def _within(row: QuestionRow, told: str) -> bool:
    text = normal(told)
    if row.items:
        return all(normal(item) in text for item in row.items)
    return any(normal(answer) in text for answer in row.answers)


def _overlaps(row: QuestionRow, answer: Answer) -> bool:
    end = row.start + len(row.evidence)
    return any(c.start < end and c.end > row.start for c in answer.citations)


def normal(text: str) -> str:
    """Return a text for comparison: NFKC, lower case, no white space, quotes or punctuation."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).lower()


def _percent(values: Iterable[bool]) -> float:
    listed = [float(v) for v in values]
    return 100 * statistics.fmean(listed) if listed else 0.0


def show(report: Report) -> None:
    """Print the table by type of question, then the headline figures."""
    table = Table(title=report.file)
    for name in ("题型", "题数", "答对", "简答命中", "拒答"):
        table.add_column(name, justify="left" if name == "题型" else "right")
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in report.outcomes:
        groups[outcome.type].append(outcome)
    for name in sorted(groups):
        rows = groups[name]
        table.add_row(
            name,
            str(len(rows)),
            f"{_percent(o.right for o in rows):.1f}%",
            f"{_percent(o.direct for o in rows):.1f}%",
            f"{_percent(o.refused for o in rows):.1f}%",
        )
    console = Console()
    console.print(table)
    figures = report.summary()
    console.print(
        f"可答题答对 {figures['answerable_right']}%，误拒 {figures['answerable_refused']}%；"
        f"不可答题拒答 {figures['unanswerable_refused']}%；"
        f"引文与原文一致 {figures['quotes_exact']}%；"
        f"用时中位数 {figures['median_ms']} ms，95% {figures['p95_ms']} ms"
    )
