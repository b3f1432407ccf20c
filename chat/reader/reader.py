"""Read passages for a question: how likely the answer stands where, or nowhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file

from chat.reader.network import ReaderConfig, ReaderNetwork
from chat.reader.tokens import PASSAGE_FEATURES, QUESTION_FEATURES, QuestionTokens, Tokens
from corpus.errors import LibraryError
from index.words import WordModel, shipped_words

FOLDER = Path(__file__).parents[2] / "models" / "reader"
VECTOR_LENGTH = 4.0  # of the fixed word vectors, so that they weigh as much as the features
LONGEST = 40  # tokens of an answer

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Answering:
    """Where an answer may stand in one text, by probability over all texts read together.

    :ivar ranges: where each token stands in the text.
    :ivar begins: ``(tokens,) float32`` probability that the answer begins there; ``ends`` likewise.
    """

    ranges: tuple[tuple[int, int], ...]
    begins: Floats
    ends: Floats

    def best(self, start: int = 0, end: int | None = None) -> tuple[float, int, int] | None:
        """Return the likeliest answer inside a range of the text: its score, start and end.

        The score is the geometric mean of the probabilities of beginning and end.
        """
        inside = self._inside(start, end)
        if not len(inside):
            return None
        scores = np.triu(np.sqrt(np.outer(self.begins[inside], self.ends[inside])))
        scores -= np.triu(scores, LONGEST)
        i, j = np.unravel_index(int(scores.argmax()), scores.shape)
        first, last = self.ranges[inside[i]], self.ranges[inside[j]]
        return float(scores[i, j]), first[0], last[1]

    def mass(self, start: int, end: int) -> float:
        """Return the probability, 0 to 1, that the answer begins inside a range of the text."""
        return float(self.begins[self._inside(start, end)].sum())

    def _inside(self, start: int, end: int | None) -> npt.NDArray[np.int64]:
        return np.array(
            [i for i, (a, b) in enumerate(self.ranges) if a >= start and (end is None or b <= end)],
            dtype=np.int64,
        )


class Reader:
    """Reads with the shipped network."""

    def __init__(self, folder: Path = FOLDER, words: WordModel | None = None) -> None:
        """Read the weights.

        :raises LibraryError: if the folder does not hold them.
        """
        weights = folder / "model.safetensors"
        if not weights.is_file():
            raise LibraryError(f"找不到阅读模型（{folder}），请重新下载本项目。")
        self._words = words or shipped_words()
        config = ReaderConfig(**json.loads((folder / "config.json").read_bytes()))
        table = torch.from_numpy(self._words.table * VECTOR_LENGTH)
        self._network = ReaderNetwork(config, table)
        state = {name: value.float() for name, value in load_file(weights).items()}
        self._network.load_state_dict(state)
        self._network.eval()

    def read(self, question: str, texts: list[str]) -> tuple[list[Answering], float]:
        """Return the answers that each text may hold, and the probability that none does.

        :param question: folded; so are the texts.
        """
        if not texts:
            return [], 1.0
        asked = QuestionTokens(question, self._words)
        pairs = [asked.beside(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda i: len(pairs[i][1].ids))
        with torch.inference_mode():
            begins, ends, nothing = self._network(*batch([pairs[i] for i in order]))
        # Beginning, end and no answer are shared between the texts (Clark and Gardner 2018).
        none = float(nothing.logsumexp(0)) - float(np.log(len(texts)))
        first, last = begins.numpy(), ends.numpy()
        top = max(float(first.max()), none)
        total = float(np.exp(first - top).sum()) + float(np.exp(none - top))
        base = float(last.max())
        behind = float(np.exp(last - base).sum())
        read: list[Answering | None] = [None] * len(texts)
        for row, i in enumerate(order):
            count = len(pairs[i][1].ids)
            read[i] = Answering(
                pairs[i][1].ranges,
                np.exp(first[row, :count] - top) / total,
                np.exp(last[row, :count] - base) / behind,
            )
        return [r for r in read if r is not None], float(np.exp(none - top)) / total


def batch(
    pairs: list[tuple[Tokens, Tokens]],
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return question ids and features, passage ids and features, padded to the longest."""
    asked, features = _padded([q for q, _ in pairs], QUESTION_FEATURES)
    there, more = _padded([p for _, p in pairs], PASSAGE_FEATURES)
    return asked, features, there, more


def _padded(texts: list[Tokens], width: int) -> tuple[torch.Tensor, torch.Tensor]:
    longest = max(len(t.ids) for t in texts)
    ids = np.full((len(texts), longest), -1, dtype=np.int64)
    rows = np.zeros((len(texts), longest, width), dtype=np.float32)
    for i, text in enumerate(texts):
        ids[i, : len(text.ids)] = text.ids
        rows[i, : len(text.ids)] = text.features
    return torch.from_numpy(ids), torch.from_numpy(rows)


@lru_cache(maxsize=1)
def shipped_reader() -> Reader:
    """Return the shipped reader, read once a process.

    One thread a question: a server answers several at a time, and threads that wait for each other
    cost more than they give on texts this short.
    """
    torch.set_num_threads(1)
    return Reader()
