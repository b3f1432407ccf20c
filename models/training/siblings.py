"""Turn answerable questions into near misses: one telling word gives way to a sibling of its meaning.

工业总产值是多少 becomes 农业总产值是多少. Word vectors put siblings and synonyms side by side; a word
that the vocabulary holds for a partner, or that stands by the evidence, is not taken.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace

import numpy as np
from safetensors.numpy import load_file

from corpus.cleaning import fold_text
from corpus.types import Document
from index.encoder import SHIPPED_FOLDER
from index.words import WordModel
from models.training.questions import Labelled
from retriever.vocabulary import Vocabulary

SHARE = 0.35  # of the questions that have such a word
_KINDS = ("number", "entity", "date", "list")
_FROM, _TO = 0.40, 0.75  # cosine of siblings
_NEAREST = 12
_AROUND = 200  # characters on both sides of the evidence
_TELLING = 0.25


class Siblings:
    """Words of like meaning by the shipped vectors."""

    def __init__(self, words: WordModel, vocabulary: Vocabulary) -> None:
        """Read the vectors of the shipped encoder."""
        self._words = words
        self._vocabulary = vocabulary
        table = load_file(SHIPPED_FOLDER / "model.safetensors")["embedding.weight"]
        vectors = table.astype(np.float32)
        self._vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
        tokenizer = json.loads((SHIPPED_FOLDER / "tokenizer.json").read_bytes())
        self._spelt = [word for word, _ in tokenizer["model"]["vocab"]]

    def led_astray(self, q: Labelled, document: Document, rng: random.Random) -> Labelled | None:
        """Return a near miss of an answerable question, None where it has no word to exchange."""
        if q.kind not in _KINDS or not q.answers:
            return None
        evidence = fold_text(document.text[q.start : q.end])
        around = fold_text(document.text[max(0, q.start - _AROUND) : q.end + _AROUND])
        question = fold_text(q.question)
        words = [
            w
            for w in self._words.cut(question)
            if w.weight >= _TELLING and len(w.text) > 1 and w.number and w.text in evidence
        ]
        if not words:
            return None
        word = rng.choice(words)
        near = [
            other
            for other in self._near(word.number)
            if len(other) == len(word.text) and other not in around and other not in question
            and not self._alike(word.text, other)
        ]  # fmt: skip
        if not near:
            return None
        changed = question[: word.start] + rng.choice(near) + question[word.end :]
        return replace(q, question=changed, answers=(), kind="astray")

    def _near(self, number: int) -> list[str]:
        cosines = self._vectors @ self._vectors[number]
        best = np.argsort(-cosines)[: _NEAREST + 1]
        return [self._spelt[i] for i in best if _FROM <= cosines[i] <= _TO]

    def _alike(self, word: str, other: str) -> bool:
        return any(other in partners for _, _, partners in self._vocabulary.linked(word, ()))
