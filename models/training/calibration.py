"""Whether the probabilities of the refusal decision hold: printed, and drawn for the model card."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pygal
from pygal.style import Style

from chat.confidence import THRESHOLD

Array = npt.NDArray[np.float32]
BINS = 10
_THRESHOLDS = tuple(round(0.2 + 0.05 * i, 2) for i in range(13))
_STYLE = Style(
    background="#ffffff", plot_background="#ffffff", foreground="#222222",
    foreground_strong="#000000", foreground_subtle="#999999",
    colors=("#1b6ca8", "#b3541e", "#777777"), label_font_size=12, major_label_font_size=12,
    title_font_size=15, legend_font_size=13, transition="none",
)  # fmt: skip


@dataclass(frozen=True)
class Chances:
    """What the decision says of questions, and what was true.

    :ivar sure: ``(n,)`` probability that the answer found is right; ``right`` whether it was.
    :ivar there: ``(n,)`` probability that the reports answer; ``known`` whether they do.
    """

    sure: Array
    right: Array
    there: Array
    known: Array


@dataclass(frozen=True)
class Choice:
    """What a threshold on the mean of both probabilities leads to, as shares."""

    threshold: float
    answerable_refused: float
    unanswerable_refused: float
    right_of_answerable: float
    right_of_shown: float


def choices(chances: Chances) -> list[Choice]:
    """Return what each threshold leads to."""
    worth = (chances.sure + chances.there) / 2
    known, right = chances.known > 0, chances.right > 0
    found = []
    for threshold in _THRESHOLDS:
        shown = worth >= threshold
        found.append(
            Choice(
                threshold,
                float(np.mean(~shown[known])),
                float(np.mean(~shown[~known])),
                float(np.mean((shown & right)[known])),
                float(np.mean(right[shown])),
            )
        )
    return found


def report(chances: Chances) -> None:
    """Print calibration, and refusal and error rates over a range of thresholds."""
    print(
        f"expected calibration error {calibration_error(chances.sure, chances.right):.3f} of being right"
    )
    print(
        f"expected calibration error {calibration_error(chances.there, chances.known):.3f} of being answerable"
    )
    print(
        "| threshold | answerable refused | unanswerable refused | right of answerable | right of shown |"
    )
    print("|---|---|---|---|---|")
    for c in choices(chances):
        rates = (
            c.answerable_refused, c.unanswerable_refused, c.right_of_answerable, c.right_of_shown
        )  # fmt: skip
        print(f"| {c.threshold:.2f} | " + " | ".join(f"{r:.1%}" for r in rates) + " |")


def draw(chances: Chances, folder: Path) -> None:
    """Write ``calibration.svg`` and ``threshold.svg``."""
    plot = pygal.XY(**_settings("Calibration on validation", "predicted", "observed"))
    plot.add(
        f"answer right, ECE {calibration_error(chances.sure, chances.right):.3f}",
        _reliability(chances.sure, chances.right),
    )
    plot.add(
        f"report answers, ECE {calibration_error(chances.there, chances.known):.3f}",
        _reliability(chances.there, chances.known),
    )
    plot.add("perfect", [(0, 0), (1, 1)], show_dots=False)
    plot.render_to_file(str(folder / "calibration.svg"))
    title = f"Refusals by threshold on validation (chosen: {THRESHOLD})"
    plot = pygal.XY(**_settings(title, "threshold on the mean of both probabilities", "share"))
    found = choices(chances)
    plot.add("answerable refused", [(c.threshold, c.answerable_refused) for c in found])
    plot.add("unanswerable refused", [(c.threshold, c.unanswerable_refused) for c in found])
    plot.add("right of shown", [(c.threshold, c.right_of_shown) for c in found])
    plot.render_to_file(str(folder / "threshold.svg"))


def calibration_error(probability: Array, right: Array, bins: int = BINS) -> float:
    """Return the expected calibration error over bins of equal width (Guo et al. 2017)."""
    return sum(share * abs(told - seen) for share, told, seen in _binned(probability, right, bins))


def _binned(probability: Array, right: Array, bins: int) -> list[tuple[float, float, float]]:
    """Return of each bin that holds something its share, mean probability and share of right."""
    which = np.minimum((probability * bins).astype(int), bins - 1)
    return [
        (
            float(np.mean(which == b)),
            float(np.mean(probability[which == b])),
            float(np.mean(right[which == b])),
        )
        for b in range(bins)
        if np.any(which == b)
    ]


def _reliability(probability: Array, right: Array) -> list[tuple[float, float]]:
    return [(told, seen) for _, told, seen in _binned(probability, right, BINS)]


def _settings(title: str, across: str, up: str) -> dict[str, object]:
    return {
        "style": _STYLE, "js": [], "width": 640, "height": 420, "title": title, "x_title": across,
        "y_title": up, "range": (0, 1), "legend_at_bottom": True, "no_prefix": True,
    }  # fmt: skip
