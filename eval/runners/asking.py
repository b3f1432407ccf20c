"""Put every question of a set to a system and score what it says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from rich.console import Console
from rich.progress import track

from eval.datasets.types import QuestionRow
from eval.runners.runs import Asked
from eval.runners.scoring import scored
from eval.runners.stopwatch import Stopwatch
from eval.runners.systems import System

SHOWN = 3  # passages kept beside an answer
Item = TypeVar("Item")


def followed(items: Iterable[Item], label: str) -> Iterable[Item]:
    """Show a bar on standard error while items are worked on."""
    return track(list(items), label, console=Console(stderr=True), transient=True)


def ask_all(
    system: System,
    rows: tuple[QuestionRow, ...],
    label: str,
    *,
    watch: Stopwatch | None = None,
    whole: bool = True,
) -> tuple[Asked, ...]:
    """Ask all questions in order.

    :param label: shown beside the progress bar.
    :param watch: takes the time of every stage.
    :param whole: also ask without refusing and keep the passages found.
    """
    asked = []
    for row in followed(rows, label):
        if watch is None:
            reply = system.ask(row)
        else:
            with watch.question(), watch.running():
                reply = system.ask(row)
        forced = system.forced(row) if whole and reply.refused else None
        passages = system.passages(row, SHOWN) if whole else ()
        asked.append(scored(row, reply, system.sources, forced, passages))
    return tuple(asked)
