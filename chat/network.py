"""A small feed-forward network over named features, read from safetensors and run by NumPy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import safe_open

from corpus.errors import LibraryError

RANKER_FOLDER = Path(__file__).parents[1] / "models" / "ranker"

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Network:
    """``score = w2 · tanh(w1 · (x - mean) / scale + b1) + b2``.

    :ivar mean: ``(features,)``.
    :ivar w1: ``(hidden, features)``.
    :ivar w2: ``(hidden,)``.
    """

    mean: Array
    scale: Array
    w1: Array
    b1: Array
    w2: Array
    b2: Array

    @classmethod
    def load(cls, path: Path, features: tuple[str, ...]) -> Network:
        """Read the weights of a network over just these features.

        :raises LibraryError: if the file is missing or was trained over other features.
        """
        if not path.is_file():
            raise LibraryError(f"找不到排序模型（{path}），请重新下载本项目。")
        with safe_open(path, framework="numpy") as file:
            if (file.metadata() or {}).get("features") != "\n".join(features):
                raise LibraryError(f"排序模型（{path}）与程序版本不符，请重新下载本项目。")
            return cls(**{n: file.get_tensor(n) for n in ("mean", "scale", "w1", "b1", "w2", "b2")})

    def scores(self, rows: Array) -> Array:
        """Return ``(n,) float32`` scores of ``(n, features)`` rows."""
        hidden = np.tanh((rows - self.mean) / self.scale @ self.w1.T + self.b1)
        return np.asarray(hidden @ self.w2 + self.b2[0], dtype=np.float32)


def log_odds(probability: float, least: float) -> float:
    """Return the logits of a probability; ``least`` is added on both sides, so that 0 and 1 have some."""
    return math.log((probability + least) / (1.0 - probability + least))


def sigmoid(score: float) -> float:
    """Return the probability of a score in logits."""
    return float(1.0 / (1.0 + np.exp(-score)))
