"""Compare one question with many stretches of text: by words, by partners, by meaning."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from corpus.quantities import Quantity
from corpus.types import Sentence
from index.encoder import Vectors
from index.words import Word, WordModel
from retriever.kinds import ASKED_AMOUNT
from retriever.question import Question
from retriever.vocabulary import Vocabulary

# Words of ending. A question why something was ended is not answered where it is carried on.
ENDING = re.compile(
    r"取消|停止|停建|停办|停工|停发|停运|停产|关闭|关停|叫停|废除|废止|撤销|裁撤|放弃|拒绝|暂停|中止|终止|砍掉|削减|"
    r"拖欠|搁置|推迟|失败|下滑|恶化|减少|降低|下降|缩减|退出|禁止|解散|未能|没能|没有完成|不再|不让|不准|不给"
)
_RUN = re.compile(r"[\u3400-\u9fff]+")
_SOFT_FLOOR = 0.30  # cosines below are noise between unrelated words
_PARTNER = 0.9  # worth of a vocabulary partner against the word itself
_SCATTERED = 0.7  # worth of a compound partner whose words stand apart (居民人均可支配收入)
_LONG = 4  # characters from which a partner may be a compound
_INSIDE = 0.4  # worth of a single character inside another word


@dataclass(frozen=True)
class Part:
    """A segment of a passage, cut into words once for many questions."""

    sentence: Sentence
    segment: Sentence
    folded: str
    words: tuple[Word, ...]
    vectors: Vectors
    weights: Vectors
    quantities: tuple[Quantity, ...]


class Matcher:
    """Compares one question with many segments."""

    def __init__(self, question: Question, model: WordModel, vocabulary: Vocabulary) -> None:
        self.question = question
        self.weights = np.array([w.weight for w in question.words], dtype=np.float32)
        self._vectors = model.vectors(list(question.words))
        self._partners = self._linked(vocabulary)
        self._scattered = [
            [w for p in partners if len(p) >= _LONG and (w := _words(model, p))]
            for partners in self._partners
        ]
        self._bigrams = _bigrams(" ".join(w.text for w in question.words))
        self._content = "".join(w.text for w in question.words)
        self._sum = _direction(self._vectors, self.weights)
        self.ending = ENDING.search(question.folded) is not None

    def _linked(self, vocabulary: Vocabulary) -> list[tuple[str, ...]]:
        """Return the vocabulary partners of each word of the question."""
        links = vocabulary.linked(self.question.folded, self.question.words)
        return [
            tuple(p for a, b, partners in links if a < w.end and b > w.start for p in partners)
            for w in self.question.words
        ]

    def matches(
        self, texts: list[str], words: list[tuple[Word, ...]], vectors: list[Vectors]
    ) -> npt.NDArray[np.float32]:
        """Return ``(question words,) float32``: how well each word is met, 0 to 1.

        Words alike in meaning count by their cosine; so do siblings (农业, 工业), which
        :meth:`literal` tells apart.
        """
        result = self.literal(texts, words)
        if any(len(w) for w in words) and len(result):
            cosines = self._vectors @ np.vstack([v for v in vectors if len(v)]).T
            alike = (cosines.max(axis=1) - _SOFT_FLOOR) / (1 - _SOFT_FLOOR)
            result = np.maximum(result, np.clip(alike, 0.0, _PARTNER))
        return result

    def literal(self, texts: list[str], words: list[tuple[Word, ...]]) -> npt.NDArray[np.float32]:
        """Return ``(question words,) float32``: 1 where the word stands, less for a partner.

        A single character inside another word (水 in 水平) counts little.
        """
        joined = "\n".join(texts)
        result = np.zeros(len(self.question.words), dtype=np.float32)
        for i, word in enumerate(self.question.words):
            if word.text in joined:
                alone = len(word.text) > 1 or any(w.text == word.text for ws in words for w in ws)
                result[i] = 1.0 if alone else _INSIDE
            if result[i] < 1.0 and any(p in joined for p in self._partners[i]):
                result[i] = _PARTNER
            elif result[i] < _SCATTERED and any(
                all(part in joined for part in parts) for parts in self._scattered[i]
            ):
                result[i] = _SCATTERED
        return result

    def siblings(
        self, met: npt.NDArray[np.float32], label: list[Word], vectors: Vectors
    ) -> tuple[float, float]:
        """Return weight of the most telling label word not named, and how alike it is to a word missed.

        财政总收入 against 旅游总收入: 财政 is not named, 旅游 is missed, and the two are alike.

        :param met: how well the label meets each word of the question, literally.
        """
        asked = self.question.folded
        unnamed = [i for i, w in enumerate(label) if w.text not in asked and not self._named(w)]
        if not unnamed:
            return 0.0, 0.0
        hardest = max(label[i].weight for i in unnamed)
        missed = [i for i, value in enumerate(met) if value < _INSIDE]
        if not missed:
            return hardest, 0.0
        cosines = self._vectors[missed] @ vectors[unnamed].T
        weights = self.weights[missed][:, None] * np.array([label[i].weight for i in unnamed])
        return hardest, float((np.clip(cosines, 0.0, 1.0) * weights).max())

    def rival(self, met: npt.NDArray[np.float32], label: list[Word]) -> float:
        """Return 1 where another word stands before a head that question and label share, else 0.

        农业总产值 against 工业总产值: 总产值 is shared, 农业 is missed, 工业 stands in its place.

        :param met: how well the label and the words around meet each word of the question, literally.
        """
        place = {w.text: i for i, w in enumerate(self.question.words)}
        for other, head in pairwise(label):
            i = place.get(head.text, 0)
            if i == 0 or other.end != head.start:
                continue
            asked = self.question.words[i - 1]
            adjacent = asked.end == self.question.words[i].start
            if adjacent and met[i - 1] < _INSIDE and other.text not in self.question.folded:
                return float(not self._named(other))
        return 0.0

    def thing(self, met: npt.NDArray[np.float32]) -> float:
        """Return how well the thing counted (多少名教师, 教师有多少) is met, 1 where none is named."""
        asked = ASKED_AMOUNT.search(self.question.folded)
        if asked is None:
            return 1.0
        words = self.question.words
        behind = [i for i, w in enumerate(words) if w.start == asked.end()]
        ahead = [i for i, w in enumerate(words) if w.end <= asked.start()]
        counted = behind[:1] or ahead[-1:]
        return float(met[counted[0]]) if counted else 1.0

    def _named(self, word: Word) -> bool:
        return any(word.text in partners for partners in self._partners)

    def unheard_of(self, known: Callable[[str], bool]) -> npt.NDArray[np.float32]:
        """Return ``(question words,) float32``: 1 for a word that the reports do not hold at all.

        :param known: tells whether the reports hold a word.
        """
        return np.array(
            [
                0.0 if known(w.text) or any(map(known, partners)) else 1.0
                for w, partners in zip(self.question.words, self._partners, strict=True)
            ],
            dtype=np.float32,
        )

    def closeness(self, part: Part) -> tuple[float, float, float]:
        """Return mean best cosine, cosine of the sums, and share of the segment that is named."""
        if not len(part.words) or not len(self.weights):
            return 0.0, 0.0, 0.0
        cosines = self._vectors @ part.vectors.T
        total = float(self.weights.sum())
        best = float((self.weights * cosines.max(axis=1)).sum()) / total
        named = float((part.weights * (cosines.max(axis=0) > 0.6)).sum()) / float(
            part.weights.sum()
        )
        return best, float(self._sum @ _direction(part.vectors, part.weights)), named

    def near_quantity(self, part: Part, wanted: list[Quantity]) -> float:
        """Return the best coverage of the question by the words around one of the quantities."""
        best = 0.0
        for quantity in wanted:
            chosen = [
                i
                for i, w in enumerate(part.words)
                if w.end > quantity.start - 24 and w.start < quantity.end + 8
            ]
            if not chosen or not len(self.weights):
                continue
            text = part.folded[max(0, quantity.start - 24) : quantity.end + 8]
            met = self.matches(
                [text], [tuple(part.words[i] for i in chosen)], [part.vectors[chosen]]
            )
            best = max(best, self.weighted(met))
        return best

    def weighted(self, met: npt.NDArray[np.float32]) -> float:
        """Return the share of the question's weight that is met."""
        total = float(self.weights.sum())
        return float((self.weights * met).sum()) / total if total else 0.0

    def share(self, met: npt.NDArray[np.float32]) -> float:
        """Return the share of the question's words that is met, frequent and rare ones alike."""
        return float(met.mean()) if len(met) else 0.0

    def hardest(self, met: npt.NDArray[np.float32]) -> float:
        """Return the weight of the most telling word that is not met."""
        return float((self.weights * (1 - met)).max(initial=0.0))

    def bigram_coverage(self, folded: str) -> float:
        """Return the share of the question's character bigrams that stand in a text."""
        if not self._bigrams:
            return 0.0
        return sum(b in folded for b in self._bigrams) / len(self._bigrams)

    def last_bigram(self, folded: str) -> int:
        """Return where the last of the question's bigrams in a text ends, -1 if none is there."""
        return max((folded.rfind(b) + 2 for b in self._bigrams if b in folded), default=-1)

    def longest_run(self, folded: str) -> float:
        """Return the length of the longest common run over that of the question's words."""
        best = 0
        text = self._content
        for start in range(len(text)):
            while start + best < len(text) and text[start : start + best + 1] in folded:
                best += 1
        return best / len(text) if text else 0.0


def _words(model: WordModel, partner: str) -> tuple[str, ...]:
    """Return the words of a compound partner (居民收入), none if it is one word."""
    words = tuple(w.text for w in model.cut(partner))
    return words if len(words) > 1 and all(len(w) > 1 for w in words) else ()


def _direction(vectors: Vectors, weights: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the unit vector of the weighted sum of word vectors."""
    total = (vectors * weights[:, None]).sum(axis=0)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-6), dtype=np.float32)


def _bigrams(text: str) -> set[str]:
    return {run[i : i + 2] for run in _RUN.findall(text) for i in range(len(run) - 1)}
