"""Words of a text with their meaning and their weight, from the shipped encoder's own tables."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from index.encoder import SHIPPED_FOLDER, Vectors
from index.static import tokenizer, word_vectors

_LATIN = re.compile(r"[0-9a-z]+(?:[.\-+][0-9a-z]+)*")
_LATIN_WEIGHT = 0.8
_UNKNOWN_WEIGHT = 0.7


@dataclass(frozen=True)
class Word:
    """A word of a folded text: ``text[start:end] == word``.

    :ivar number: row of the vector table; 0 stands for unknown characters.
    :ivar weight: 0.05 (everywhere) to 1 (rare): how much the word tells, from its frequency in
        the 77 million characters that the encoder was trained on.
    """

    text: str
    number: int
    start: int
    end: int
    weight: float


@dataclass(frozen=True)
class Piece:
    """A token of a text, punctuation too: ``text`` in small letters, of ``[start, end)``."""

    text: str
    number: int
    start: int
    end: int
    weight: float


class WordModel:
    """Maximum-probability segmentation and word vectors."""

    def __init__(self, folder: Path = SHIPPED_FOLDER) -> None:
        """Read tokenizer and vectors.

        :raises LibraryError: if the folder does not hold them.
        """
        self._tokenizer = tokenizer(folder)
        vectors = word_vectors(folder).astype(np.float32)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        self._vectors: Vectors = vectors / np.maximum(norms, 1e-6)
        vocabulary = json.loads((folder / "tokenizer.json").read_bytes())["model"]["vocab"]
        scores = np.array([score for _, score in vocabulary], dtype=np.float32)
        self._weights: Vectors = np.clip((-scores - 6.0) / 8.0, 0.05, 1.0)
        self._weights[0] = _UNKNOWN_WEIGHT
        self._vectors[0] = 0.0

    def cut(self, folded: str) -> list[Word]:
        """Return the words of a folded text; white space and lone punctuation are left out.

        A Latin term or a figure (``pm2.5``, ``5g``, ``rcep``) is one word, without a vector.
        """
        whole = [m.span() for m in _LATIN.finditer(folded)]
        encoding = self._tokenizer.encode(folded, add_special_tokens=False)
        words = [
            Word(folded[a:b], number, a, b, float(self._weights[number]))
            for number, (a, b) in zip(encoding.ids, encoding.offsets, strict=True)
            if any(c.isalnum() for c in folded[a:b])
            and not any(a < stop and b > start for start, stop in whole)
        ]
        words += [Word(folded[a:b], 0, a, b, _LATIN_WEIGHT) for a, b in whole]
        return sorted(words, key=lambda w: w.start)

    def pieces(self, text: str) -> list[Piece]:
        """Return every token of a text, punctuation and the digits of figures one by one."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return [
            Piece(text[a:b].lower(), number, a, b, float(self._weights[number]))
            for number, (a, b) in zip(encoding.ids, encoding.offsets, strict=True)
        ]

    @property
    def table(self) -> Vectors:
        """``(vocabulary, dim) float32`` unit vectors, row 0 zero for what is unknown."""
        return self._vectors

    @property
    def weights(self) -> Vectors:
        """``(vocabulary,) float32``: how much each word tells, as in :class:`Word`."""
        return self._weights

    def vectors(self, words: list[Word]) -> Vectors:
        """Return ``(len(words), dim) float32`` unit vectors."""
        return self._vectors[[w.number for w in words]]


@lru_cache(maxsize=1)
def shipped_words() -> WordModel:
    """Return the shipped word model, read once a process."""
    return WordModel()
