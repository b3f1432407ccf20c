"""Floors and ceilings that a run has to keep: ``metric=value``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import WenzhengError
from eval.metrics.names import metric, shown
from eval.runners.runs import Run


class FloorError(WenzhengError):
    """A floor that is not written as ``metric=value``, or a file of floors that cannot be read."""

    code = "floor_invalid"


@dataclass(frozen=True)
class Bound:
    """What a figure must reach (``floor``) or must not exceed."""

    name: str
    value: float
    floor: bool

    def kept(self, run: Run) -> bool:
        """Tell whether a run keeps it.

        :raises RunError: if the run has no such figure.
        """
        value = run.value(self.name)
        return value >= self.value if self.floor else value <= self.value


def bounds(floors: list[str] | None, ceilings: list[str] | None) -> list[Bound]:
    """Read the options ``--min metric=value`` and ``--max metric=value``.

    :raises FloorError: if one is not of that form.
    """
    return [_bound(t, floor=True) for t in floors or ()] + [
        _bound(t, floor=False) for t in ceilings or ()
    ]


def missed(run: Run, wanted: list[Bound]) -> list[str]:
    """Return a Chinese line for every bound that a run does not keep.

    :raises RunError: if the run has no such figure.
    """
    told = []
    for bound in wanted:
        if not bound.kept(run):
            known = metric(bound.name)
            value, limit = shown(bound.name, run.value(bound.name)), shown(bound.name, bound.value)
            told.append(
                f"{run.file}：{known.label}（{bound.name}）是{value}，"
                f"{'低于' if bound.floor else '高于'}{limit}。"
            )
    return told


@dataclass(frozen=True)
class Guarded:
    """A run of the guard and what it has to keep.

    :ivar kind: qa, retrieval, refusal, reading or rgb; ``file`` relative to ``eval/data``.
    """

    kind: str
    file: str
    bounds: tuple[Bound, ...]


def read_floors(path: Path) -> list[Guarded]:
    """Read a file of floors: tables ``[[run]]`` with kind, file, min and max.

    :raises FloorError: if it is not of that form.
    """
    try:
        runs = tomllib.loads(path.read_text(encoding="utf-8"))["run"]
        return [
            Guarded(
                run["kind"],
                run["file"],
                tuple(Bound(n, float(v), floor=True) for n, v in run.get("min", {}).items())
                + tuple(Bound(n, float(v), floor=False) for n, v in run.get("max", {}).items()),
            )
            for run in runs
        ]
    except (
        OSError,
        UnicodeDecodeError,
        tomllib.TOMLDecodeError,
        KeyError,
        TypeError,
        ValueError,
    ) as error:
        raise FloorError(
            f"“{path.name}”读不了（{error}）；应有 [[run]] 各段，写明kind、file、min和max。"
        ) from error


def _bound(text: str, *, floor: bool) -> Bound:
    name, _, value = text.partition("=")
    try:
        return Bound(name.strip(), float(value.strip().rstrip("%")), floor)
    except ValueError as error:
        option = "--min" if floor else "--max"
        raise FloorError(
            f"“{option} {text}”写法不对，应是“指标=数值”，如 {option} answerable_right=90。"
        ) from error
