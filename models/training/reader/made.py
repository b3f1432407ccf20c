"""Questions made from running text: a span of a sentence is asked for, other words are changed.

Cloze questions in the way of unsupervised question answering (Lewis et al. 2019). The passage is a
window around the sentence, or, for one question in four, another place of the same text in which
the span stands once (recurring spans, Ram et al. 2021), so that the wording differs.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.encoder import SHIPPED_FOLDER
from index.words import WordModel
from models.training import data as source
from models.training.reader.patterns import told_at_length, whole
from models.training.reader.wording import Candidate, candidates, question, without_marks

_SENTENCE = re.compile(r"[^。！？\n]+[。！？]*[”’」』）]*")
_LONGEST_TEXT, _LONGEST_PASSAGE = 6000, 700  # characters
# Sources and how often they are drawn.
_SHARES = (("web", 0.62), ("broadcast", 0.20), ("laws", 0.12), ("papers", 0.06))
_DROPPED, _DROPPED_JOINING, _REPLACED = 0.12, 0.20, 0.12
_AT_LENGTH, _WHOLE_SENTENCE = 0.55, 0.25
_TOLD_IN_FULL = frozenset({"clause", "clauses", "list", "reason"})
_ALIKE = 0.55  # cosine from which a word may stand for another
_FREQUENT = 25_000  # words that may be replaced or replace
_JOINING = frozenset(
    "的 了 在 是 和 与 及 也 都 就 而 并 于 对 为 以 将 被 把 从 到 等 中 上 下 所 其 这 那 该 此 其中 以及 一个 进行 已经 正在 还 又 则 之".split()
)


@dataclass(frozen=True)
class Made:
    """A made question: ``passage[start:end]`` answers it.

    :ivar full: whether the answer is told in full.
    """

    question: str
    passage: str
    start: int
    end: int
    full: bool = False


class Maker:
    """Makes questions from the public texts."""

    def __init__(self, data: Path, seed: int) -> None:
        """Read the texts and the neighbours of frequent words."""
        self._rng = random.Random(seed)
        self._words = WordModel()
        self._near = _neighbours(self._words)
        self._texts = {
            "web": list(source.web_news(data)),
            "broadcast": list(source.broadcast_news(data)),
            "laws": list(source.laws(data)),
            "papers": list(source.national_papers(data)),
        }

    def make(self, beside: int, apart: int) -> Iterator[Made]:
        """Yield questions over their own sentence, and over another place of the text."""
        while beside > 0 or apart > 0:
            name = self._rng.choices([n for n, _ in _SHARES], [s for _, s in _SHARES])[0]
            item = self._rng.choice(self._texts[name])
            whole = f"{item.title}。{item.text}" if item.title else item.text
            text = re.sub(r"\s+", "", whole)[:_LONGEST_TEXT]
            sentences = [m.span() for m in _SENTENCE.finditer(text)]
            if len(sentences) < 4:
                continue
            for _ in range(4):
                if beside > 0 and (made := self._beside(text, sentences)) is not None:
                    beside -= 1
                    yield made
            for _ in range(2):
                if apart > 0 and (made := self._apart(text, sentences, bool(item.title))):
                    apart -= 1
                    yield made

    def _beside(self, text: str, sentences: list[tuple[int, int]]) -> Made | None:
        at = self._rng.randrange(len(sentences))
        start, end = sentences[at]
        sentence = text[start:end]
        if 12 <= len(sentence) <= 180 and self._rng.random() < _AT_LENGTH:
            return self._at_length(text, sentences, at)
        found = candidates(sentence, self._rng) if 12 <= len(sentence) <= 180 else []
        if not found:
            return None
        kind = self._rng.choice(sorted({c.kind for c in found}))
        asked = self._rng.choice([c for c in found if c.kind == kind])
        if kind == "n" and self._rng.random() < 0.4:
            return None
        first, last = self._window(sentences, at, self._rng.randrange(120, 420), None)
        passage = text[sentences[first][0] : sentences[last][1]]
        return self._made(sentence, asked, passage, start - sentences[first][0])

    def _at_length(self, text: str, sentences: list[tuple[int, int]], at: int) -> Made | None:
        """Ask for what a sentence says by its turn of phrase, or, at times, for the whole of it."""
        rng, (start, end) = self._rng, sentences[at]
        sentence = text[start:end]
        told = told_at_length(sentence, rng)
        if told:
            asked = rng.choice(told)
        elif rng.random() < _WHOLE_SENTENCE and len(sentence) <= 100:
            asked = whole(sentence, self._some(sentence), rng)
        else:
            return None
        first, last = self._window(sentences, at, rng.randrange(160, 520), None)
        passage = text[sentences[first][0] : sentences[last][1]]
        if len(passage) > _LONGEST_PASSAGE:
            return None
        before, _, after = asked.question.partition(asked.asking)
        wording = self._changed(before, turn=False) + asked.asking
        wording = without_marks(wording + self._changed(after, turn=False), rng)
        wording += "？" if rng.random() < 0.85 else ""
        offset = start - sentences[first][0]
        begin, finish = offset + asked.start, offset + asked.end
        enough = len(wording) >= len(asked.asking) + 4
        return (
            Made(wording, passage, begin, finish, True) if enough and len(wording) <= 60 else None
        )

    def _some(self, sentence: str) -> list[str]:
        """Return some telling words of a sentence, three to six, in their order."""
        pieces = [p for p in self._words.pieces(sentence) if p.weight > 0.3 and len(p.text) > 1]
        picked = self._rng.sample(pieces, min(len(pieces), self._rng.randrange(3, 7)))
        return [sentence[p.start : p.end] for p in sorted(picked, key=lambda p: p.start)]

    def _apart(self, text: str, sentences: list[tuple[int, int]], titled: bool) -> Made | None:
        rng = self._rng
        at = 0 if titled and rng.random() < 0.6 else rng.randrange(len(sentences))
        start, end = sentences[at]
        sentence = text[start:end]
        if not 10 <= end - start <= 120:
            return None
        telling = {
            p.text for p in self._words.pieces(sentence) if p.weight > 0.45 and len(p.text) > 1
        }
        found = [
            c for c in candidates(sentence, rng)
            if c.kind in ("quantity", "date", "nr", "ns", "nt", "quoted")
            or (c.kind == "n" and c.end - c.start >= 4 and rng.random() < 0.3)
        ]  # fmt: skip
        rng.shuffle(found)
        for asked in found[:6]:
            answer = sentence[asked.start : asked.end]
            places = [
                m.start()
                for m in re.finditer(re.escape(answer), text)
                if not start <= m.start() < end
            ]
            if not 1 <= len(places) <= 3:
                continue
            place = rng.choice(places)
            there = next((i for i, (a, b) in enumerate(sentences) if a <= place < b), None)
            if there is None:
                continue
            around = text[slice(*sentences[there])]
            if sum(w in around for w in telling if w not in answer) < 2:
                continue
            first, last = self._window(sentences, there, rng.randrange(150, 420), at)
            passage = text[sentences[first][0] : sentences[last][1]]
            if passage.count(answer) == 1:
                offset = place - sentences[first][0] - asked.start
                return self._made(sentence, asked, passage, offset)
        return None

    def _window(
        self, sentences: list[tuple[int, int]], at: int, size: int, without: int | None
    ) -> tuple[int, int]:
        """Return the first and last of the sentences around one, up to a size in characters."""
        first = last = at
        while sentences[last][1] - sentences[first][0] < size:
            earlier = first > 0 and first - 1 != without
            later = last + 1 < len(sentences) and last + 1 != without
            if not (earlier or later):
                break
            if (self._rng.random() < 0.5 and earlier) or not later:
                first -= 1
            else:
                last += 1
        return first, last

    def _made(self, sentence: str, asked: Candidate, passage: str, offset: int) -> Made | None:
        built = question(sentence, asked, self._rng)
        answer = sentence[asked.start : asked.end]
        if built is None or len(passage) > _LONGEST_PASSAGE:
            return None
        text, asking = built
        text = without_marks(text, self._rng)
        if asking not in text or (asked.kind not in ("clause", "clauses") and answer in text):
            return None
        text = self._reworded(text, asking) + ("？" if self._rng.random() < 0.85 else "")
        start, end = offset + asked.start, offset + asked.end
        full = asked.kind in _TOLD_IN_FULL or (asked.kind != "n" and self._rng.random() < 0.3)
        return Made(text, passage, start, end, full) if 6 <= len(text) <= 60 else None

    def _reworded(self, text: str, asking: str) -> str:
        """Drop, turn and replace words of a question, but not the word that asks."""
        before, _, after = text.partition(asking)
        return self._changed(before, turn=True) + asking + self._changed(after, turn=False)

    def _changed(self, text: str, *, turn: bool) -> str:
        rng, kept = self._rng, list[str]()
        for piece in self._words.pieces(text):
            word, draw = text[piece.start : piece.end], rng.random()
            if draw < (_DROPPED_JOINING if word in _JOINING else _DROPPED):
                continue
            near = self._near.get(word)
            replaced = word not in _JOINING and near and draw < _DROPPED + _REPLACED
            kept.append(rng.choice(near) if replaced and near else word)
        if turn and len(kept) > 3 and rng.random() < 0.1:
            cut = rng.randrange(1, len(kept))
            kept = kept[cut:] + kept[:cut]
        return "".join(kept)


def _neighbours(words: WordModel) -> dict[str, list[str]]:
    """Return for frequent words those nearest in meaning."""
    spelt = [
        word
        for word, _ in json.loads((SHIPPED_FOLDER / "tokenizer.json").read_bytes())["model"][
            "vocab"
        ]
    ]
    table = words.table[1:_FREQUENT]
    near: dict[str, list[str]] = {}
    for start in range(0, len(table), 1000):
        cosines = table[start : start + 1000] @ table.T
        best = np.argpartition(-cosines, 6, axis=1)[:, :6]
        for row, found in enumerate(best):
            own = start + row
            near[spelt[own + 1]] = [
                spelt[i + 1] for i in found if i != own and cosines[row, i] > _ALIKE
            ]
    return near
