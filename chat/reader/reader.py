"""Read passages for a question: how likely the answer stands where, or nowhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file

from chat.reader.network import ReaderConfig, ReaderNetwork, Told
from chat.reader.tokens import PASSAGE_FEATURES, QUESTION_FEATURES, QuestionTokens, Tokens
from corpus.errors import LibraryError
from index.words import WordModel, shipped_words

FOLDER = Path(__file__).parents[2] / "models" / "reader"
VECTOR_LENGTH = 4.0  # of the fixed word vectors, so that they weigh as much as the features
LONGEST = 40  # tokens of an answer

Floats = npt.NDArray[np.float32]
_NOTHING: Floats = np.zeros(0, dtype=np.float32)


@dataclass(frozen=True)
class Answering:
    """Where an answer may stand in one text, by probability over all texts read together.

    :ivar ranges: where each token stands in the text.
    :ivar begins: ``(tokens,) float32`` probability that the answer begins there.
    :ivar ends: ``(tokens,)`` probability that it ends there, or ``(tokens, tokens)``: for each begin.
    """

    ranges: tuple[tuple[int, int], ...]
    begins: Floats
    ends: Floats

    def best(
        self, start: int = 0, end: int | None = None, longest: int = LONGEST
    ) -> tuple[float, int, int] | None:
        """Return the likeliest answer inside a range of the text: its score, start and end.

        The score is the geometric mean of the probabilities of beginning and end.

        :param longest: tokens of an answer.
        """
        inside = self._inside(start, end)
        if not len(inside):
            return None
        ends = self.ends[inside] if self.ends.ndim == 1 else self.ends[np.ix_(inside, inside)]
        scores = np.triu(np.sqrt(self.begins[inside][:, None] * ends))
        scores -= np.triu(scores, longest)
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


@dataclass(frozen=True)
class Scores:
    """What a network says of one text, in logits comparable between texts.

    :ivar ranges: where each token stands in the text.
    :ivar begins: ``(tokens,) float32`` that the answer begins there; ``ends`` likewise.
    :ivar nothing: that the text has no answer.
    :ivar links: ``(tokens, tokens) float32`` what each begin adds to the score of each end.
    """

    ranges: tuple[tuple[int, int], ...]
    begins: Floats
    ends: Floats
    nothing: float
    links: Floats | None = None


class PassageReader(Protocol):
    """Finds where in some texts the answer to a question stands."""

    def read(
        self, question: str, texts: list[str], *, full: bool = False
    ) -> tuple[list[Answering], float]:
        """Return the answers that each text may hold, and the probability that none does.

        :param question: folded; so are the texts.
        :param full: whether answers are told in full, in clauses and sentences where they are what
            answers, rather than by the shortest words.
        """
        ...


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

    def read(
        self, question: str, texts: list[str], *, full: bool = False
    ) -> tuple[list[Answering], float]:
        """Return the answers that each text may hold, and the probability that none does.

        :param question: folded; so are the texts.
        :param full: whether answers are told in full.
        """
        asked = QuestionTokens(question, self._words, full=full)
        pairs = [asked.beside(text) for text in texts]
        if not asked.any or not any(len(p.ids) for _, p in pairs):
            return [Answering((), _NOTHING, _NOTHING) for _ in texts], 1.0
        with torch.inference_mode():
            told = self._network(*batch(pairs))
        return shared([_scores(told, row, tokens) for row, (_, tokens) in enumerate(pairs)])


def _scores(told: Told, row: int, tokens: Tokens) -> Scores:
    count = len(tokens.ids)
    return Scores(
        tokens.ranges,
        told.begins[row, :count].numpy(),
        told.ends[row, :count].numpy(),
        float(told.nothing[row]),
        (told.left[row, :count] @ told.right[row, :count].T).numpy(),
    )


def shared(texts: list[Scores]) -> tuple[list[Answering], float]:
    """Share the probability between all texts read together, and no answer (Clark and Gardner 2018).

    :param texts: at least one, with at least one token among them.
    """
    lengths = np.cumsum([len(t.begins) for t in texts])[:-1]
    begins = np.concatenate([t.begins for t in texts])
    ends = np.concatenate([t.ends for t in texts])
    # No answer weighs as much as one text, however many are read.
    none = float(np.logaddexp.reduce([t.nothing for t in texts])) - float(np.log(len(texts)))
    top = max(float(begins.max()), none)
    first = np.exp(begins - top)
    total = float(first.sum()) + float(np.exp(none - top))
    last = np.exp(ends - ends.max())
    opening = np.split(np.asarray(first / total, dtype=np.float32), lengths)
    closing = np.split(np.asarray(last / last.sum(), dtype=np.float32), lengths)
    parts = zip(texts, opening, closing, strict=True)
    found = [Answering(t.ranges, a, _closing(t, b)) for t, a, b in parts]
    return found, float(np.exp(none - top)) / total


def _closing(text: Scores, ends: Floats) -> Floats:
    """Return ``(tokens, tokens)`` probabilities of the end for each begin, ``ends`` without links."""
    if text.links is None or not len(ends):
        return ends
    scores = text.ends + text.links
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True), dtype=np.float32)


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
