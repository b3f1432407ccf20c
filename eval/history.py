"""The history of releases: one line each, with their headline figures (``history.jsonl``)."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.metrics.names import metric
from eval.report.html import HEADLINES
from eval.runners.runs import Run, RunError
from eval.runners.versions import code_version, now


class Release(BaseModel):
    """One release.

    :ivar figures: ``run/metric`` → value, shares in percent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    code: str
    made: str
    note: str
    figures: dict[str, float]


def record(path: Path, runs: dict[str, Run], note: str) -> Release:
    """Write the line of this version, with the headline figures of some runs, and return it.

    A line that the version has already is replaced: one line a release. Times count only where a
    run was made to measure them.

    :param runs: by name, such as ``qa-beilun-dev``.
    :raises RunError: naming a line of the file that is faulty.
    """
    figures = {
        f"{label}/{name}": round(run.summary()[name], 2 if metric(name).unit else 4)
        for label, run in runs.items()
        for name in HEADLINES.get(run.kind, ())
        if name in run.summary() and (run.kind == "latency" or metric(name).unit != "ms")
    }
    line = Release(
        version=version("wenzheng"), code=code_version(), made=now(), note=note, figures=figures
    )
    kept = [*(r for r in read_history(path) if r.version != line.version), line]
    part = path.with_suffix(".part")
    part.write_text("".join(f"{r.model_dump_json()}\n" for r in kept), encoding="utf-8")
    part.replace(path)
    return line


def read_history(path: Path) -> list[Release]:
    """Return the releases, oldest first; none if the file is not there yet.

    :raises RunError: naming the line that is faulty.
    """
    if not path.is_file():
        return []
    releases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            releases.append(Release.model_validate_json(line))
        except ValidationError as error:
            raise RunError(
                f"{path.name}第{number}行有误，请用 wenzheng eval release 重记。"
            ) from error
    return releases
