"""Tokens of a question and a passage, with what each has to do with the other, as numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.words import Piece, WordModel

MAX_QUESTION, MAX_PASSAGE = 50, 400  # tokens
# digits, Latin letters, punctuation, a single character, a word
_CLASSES = 5
PASSAGE_FEATURES = 7 + _CLASSES + 1
QUESTION_FEATURES = 2 + _CLASSES + 1

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Tokens:
    """A folded text as the network reads it.

    :ivar ids: ``(n,) int64`` rows of the word table.
    :ivar features: ``(n, features) float32``.
    :ivar ranges: where each token stands in the text.
    """

    ids: Ids
    features: Floats
    ranges: tuple[tuple[int, int], ...]


class QuestionTokens:
    """A question, ready to be set beside passages."""

    def __init__(self, text: str, model: WordModel, *, full: bool = False) -> None:
        """Cut the question into words.

        :param full: whether the answer is to be told in full, in clauses and sentences where they
            are what answers, rather than by the shortest words.
        """
        self._full = float(full)
        self._model = model
        self._lower = text.lower()
        self._pieces = model.pieces(text)[:MAX_QUESTION]
        self._spelt = [p.text for p in self._pieces]
        self._words = {t for t in self._spelt if any(c.isalnum() for c in t)}
        self._pairs = set(zip(self._spelt, self._spelt[1:], strict=False))
        self._characters = {c for c in self._lower if c.isalnum()}

    @property
    def any(self) -> bool:
        """Whether the question has a token at all."""
        return bool(self._pieces)

    def beside(self, passage: str) -> tuple[Tokens, Tokens]:
        """Return the question's and the passage's tokens, each with features of the other."""
        pieces = self._model.pieces(passage)[:MAX_PASSAGE]
        spelt = [p.text for p in pieces]
        lower = passage.lower()
        rows = np.zeros((len(pieces), PASSAGE_FEATURES), dtype=np.float32)
        for i, piece in enumerate(pieces):
            row, text, kind = rows[i], piece.text, _class(piece.text)
            row[-1] = self._full
            row[3] = piece.weight
            row[7 + kind] = 1.0
            if kind == _PUNCTUATION:
                continue
            row[0] = text in self._words
            row[1] = text in self._lower
            row[2] = sum(c in self._characters for c in text) / len(text)
            row[4] = row[0] * piece.weight
            before = i > 0 and (spelt[i - 1], text) in self._pairs
            after = i + 1 < len(spelt) and (text, spelt[i + 1]) in self._pairs
            row[5] = before or after
            row[6] = lower[piece.start : piece.start + 2] in self._lower
        return self._asked(set(spelt)), _tokens(pieces, rows)

    def _asked(self, there: set[str]) -> Tokens:
        rows = np.zeros((len(self._pieces), QUESTION_FEATURES), dtype=np.float32)
        for row, piece in zip(rows, self._pieces, strict=True):
            row[0] = piece.weight
            row[1] = piece.text in there
            row[2 + _class(piece.text)] = 1.0
            row[-1] = self._full
        return _tokens(self._pieces, rows)


def _tokens(pieces: list[Piece], rows: Floats) -> Tokens:
    ids = np.array([p.number for p in pieces], dtype=np.int64)
    return Tokens(ids, rows, tuple((p.start, p.end) for p in pieces))


_DIGITS, _LATIN, _PUNCTUATION, _CHARACTER, _WORD = range(_CLASSES)


def _class(text: str) -> int:
    if text.isdigit():
        return _DIGITS
    if text.isascii() and text.isalpha():
        return _LATIN
    if not any(c.isalnum() for c in text):
        return _PUNCTUATION
    return _CHARACTER if len(text) == 1 else _WORD
