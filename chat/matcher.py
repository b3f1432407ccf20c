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
Levels = npt.NDArray[np.float32]  # how well words are met, the last axis the question's words
_RUN = re.compile(r"[\u3400-\u9fff]+")
_SOFT_FLOOR = 0.30  # cosines below are noise between unrelated words
_PARTNER = 0.9  # worth of a vocabulary partner against the word itself
_SCATTERED = 0.7  # worth of a compound partner whose words stand apart (居民人均可支配收入)
_LONG = 4  # characters from which a partner may be a compound
_INSIDE = 0.4  # worth of a single character inside another word


@dataclass(frozen=True)
class Part:
    """A segment of a passage, cut into words once for many questions.

    :ivar direction: ``(dim,)`` unit vector of the sum of its words by weight.
    :ivar ahead: it speaks of nothing but the report's own year and later ones.
    """

    sentence: Sentence
    segment: Sentence
    folded: str
    words: tuple[Word, ...]
    vectors: Vectors
    weights: Vectors
    direction: Vectors
    quantities: tuple[Quantity, ...]
    ahead: bool


@dataclass(frozen=True)
class Standing:
    """What a text holds of a question.

    :ivar held: numbers of the spellings looked for that stand in the text.
    :ivar alone: of words of a single character, those that stand there as a word.
    """

    held: frozenset[int]
    alone: frozenset[int]


@dataclass(frozen=True)
class Sums:
    """How well the question is met by each of several texts: by weight, at worst, on average."""

    weighted: list[float]
    hardest: list[float]
    share: list[float]


class Matcher:
    """Compares one question with many segments."""

    def __init__(self, question: Question, model: WordModel, vocabulary: Vocabulary) -> None:
        self.question = question
        self.weights = np.array([w.weight for w in question.words], dtype=np.float32)
        self._vectors = model.vectors(list(question.words))
        self.links = vocabulary.linked(question.folded, question.words)
        self._partners = self._linked()
        scattered = [
            [w for p in partners if len(p) >= _LONG and (w := _words(model, p))]
            for partners in self._partners
        ]
        # The question's words come first; then each other spelling once.
        self._spellings = [w.text for w in question.words]
        self._single = [i for i, spelling in enumerate(self._spellings) if len(spelling) == 1]
        place: dict[str, int] = {}
        self._partners_at = [self._places(place, partners) for partners in self._partners]
        self._scattered_at = [[self._places(place, w) for w in rows] for rows in scattered]
        self._bigrams = _bigrams(" ".join(w.text for w in question.words))
        self._content = "".join(w.text for w in question.words)
        self._sum = direction(self._vectors, self.weights)
        self.ending = ENDING.search(question.folded) is not None

    def _places(self, place: dict[str, int], spellings: tuple[str, ...]) -> list[int]:
        """Return where spellings stand in what is looked for, new ones added."""
        for spelling in spellings:
            if spelling not in place:
                place[spelling] = len(self._spellings)
                self._spellings.append(spelling)
        return [place[spelling] for spelling in spellings]

    def _linked(self) -> list[tuple[str, ...]]:
        """Return the vocabulary partners of each word of the question."""
        return [self.partners(w.start, w.end) for w in self.question.words]

    def partners(self, start: int, end: int) -> tuple[str, ...]:
        """Return the vocabulary's partners of what stands in a range of the folded question."""
        return tuple(p for a, b, found in self.links if a < end and b > start for p in found)

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
            result = self.softened(result, cosines.max(axis=1))
        return result

    @staticmethod
    def softened(literal: Levels, best: Levels) -> Levels:
        """Return how well each word is met, from what stands literally and the best cosines."""
        alike = (best - _SOFT_FLOOR) / (1 - _SOFT_FLOOR)
        return np.asarray(np.maximum(literal, np.minimum(alike, _PARTNER)), dtype=np.float32)

    def literal(self, texts: list[str], words: list[tuple[Word, ...]]) -> npt.NDArray[np.float32]:
        """Return ``(question words,) float32``: 1 where the word stands, less for a partner.

        A single character inside another word (水 in 水平) counts little.
        """
        standing = [
            self.standing(t, w, self.found_in(t)) for t, w in zip(texts, words, strict=True)
        ]
        return np.array(self.level(standing), dtype=np.float32)

    def standing(self, text: str, words: tuple[Word, ...], among: list[int]) -> Standing:
        """Return what a text holds of the question's words and their partners.

        :param among: the spellings that may stand in it, from :meth:`found_in`.
        """
        held = frozenset(i for i in among if self._spellings[i] in text)
        cut = {w.text for w in words} if self._single else set()
        return Standing(held, frozenset(i for i in self._single if self._spellings[i] in cut))

    def found_in(self, text: str) -> list[int]:
        """Return the spellings that stand in a text, as :meth:`standing` takes them."""
        return [i for i, spelling in enumerate(self._spellings) if spelling in text]

    def level(self, together: list[Standing]) -> list[float]:
        """Return for each word of the question what :meth:`literal` does of texts taken together."""
        held = frozenset[int]().union(*(s.held for s in together))
        alone = frozenset[int]().union(*(s.alone for s in together))
        return [
            1.0 if i in held and (i not in self._single or i in alone) else self._less(i, held)
            for i in range(len(self.question.words))
        ]

    def _less(self, word: int, held: frozenset[int]) -> float:
        """Return what a word that does not stand as a word is worth."""
        if not held.isdisjoint(self._partners_at[word]):
            return _PARTNER
        if any(held.issuperset(parts) for parts in self._scattered_at[word]):
            return _SCATTERED
        return _INSIDE if word in held else 0.0

    def cosines(self, vectors: Vectors) -> Vectors:
        """Return ``(question words, n)`` cosines with ``(n, dim)`` unit vectors."""
        return np.asarray(self._vectors @ vectors.T, dtype=np.float32)

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

    def strange(self, known: Callable[[str], bool]) -> float:
        """Return the share of jieba's words of the question that the reports do not hold at all.

        :param known: tells whether the reports hold a word.
        """
        linked = [self.question.folded[a:b] for a, b, _ in self.links]
        said = [w for w in self.question.said if not any(w in text for text in linked)]
        return sum(not known(w) for w in said) / max(1, len(self.question.said))

    def closeness(self, part: Part, cosines: Vectors) -> tuple[float, float, float]:
        """Return mean best cosine, cosine of the sums, and share of the segment that is named.

        :param cosines: ``(question words, words of the segment)``.
        """
        if not len(part.words) or not len(self.weights):
            return 0.0, 0.0, 0.0
        total = float(self.weights.sum())
        best = float((self.weights * cosines.max(axis=1)).sum()) / total
        named = float((part.weights * (cosines.max(axis=0) > 0.6)).sum()) / float(
            part.weights.sum()
        )
        return best, float(self._sum @ part.direction), named

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

    def summed(self, levels: Levels) -> Sums:
        """Return what :meth:`weighted`, :meth:`hardest` and :meth:`share` say of each row."""
        total = float(self.weights.sum()) or 1.0
        missing = self.weights * (1 - levels)
        return Sums(
            (levels @ self.weights / total).tolist(),
            missing.max(axis=1, initial=0.0).tolist(),
            levels.mean(axis=1).tolist(),
        )

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


def direction(vectors: Vectors, weights: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the unit vector of the weighted sum of word vectors."""
    total = (vectors * weights[:, None]).sum(axis=0)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-6), dtype=np.float32)


def _bigrams(text: str) -> set[str]:
    return {run[i : i + 2] for run in _RUN.findall(text) for i in range(len(run) - 1)}
