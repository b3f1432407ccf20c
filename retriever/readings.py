"""Words by their pinyin: the lexicon that typing errors and questions in pinyin are read with."""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from index.encoder import SHIPPED_FOLDER

_MAX_READINGS = 3  # of one character; the rarer ones stand in dictionaries only
_MAX_WAYS = 12  # of one word
_LONGEST_PHRASE = 4  # characters of a phrase whose reading is looked up
_SIMILAR = 4  # words kept of one sound, the commonest
# What southern speakers and hasty typists do not tell apart.
_LOOSE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"))
# How often people say in a question what official texts hardly ever say (natural logarithms).
ASKING: dict[str, float] = {
    "多少": -6.0, "是多少": -7.0, "有多少": -7.0, "什么": -6.5, "是什么": -7.5, "怎么": -7.0, "怎么样": -8.0,
    "哪些": -7.0, "有哪些": -7.5, "如何": -8.0, "为什么": -8.0, "有没有": -8.5, "去年": -7.5, "今年": -7.5,
    "明年": -8.5, "谁": -7.5, "哪里": -8.5, "几个": -8.5, "吗": -6.5, "呢": -6.5, "的": -4.0, "是": -4.5,
    "有": -5.0, "了": -5.0, "年": -5.0, "增长": -7.5, "什么时候": -9.0, "多少钱": -9.0, "做了什么": -10.0,
}  # fmt: skip


@dataclass(frozen=True)
class Sounding:
    """A word with its syllables and how common it is (natural logarithm of its probability)."""

    word: str
    syllables: tuple[str, ...]
    score: float


class Readings:
    """Words by their sound."""

    def __init__(self, words: Mapping[str, float]) -> None:
        """Index words by their sound.

        :param words: each with the natural logarithm of its probability.
        """
        exact: dict[str, list[Sounding]] = defaultdict(list)
        for word, score in words.items():
            syllables = spoken(word)
            if syllables:
                exact["'".join(syllables)].append(Sounding(word, syllables, score))
        self._exact = {k: sorted(v, key=lambda s: -s.score)[:_SIMILAR] for k, v in exact.items()}
        self._loose: dict[str, list[Sounding]] = defaultdict(list)
        self._letters: dict[str, list[Sounding]] = defaultdict(list)
        for key, found in self._exact.items():
            self._loose[loosened(key)].extend(found)
            self._letters[key.replace("'", "")].extend(found)

    def alike(self, word: str) -> list[Sounding]:
        """Return the words that sound like this one."""
        return [s for key in _ways(word) for s in self._exact.get(key, ()) if s.word != word]

    def nearly(self, word: str) -> list[Sounding]:
        """Return the words that sound nearly like this one: 正 for 振."""
        keys = {loosened(key) for key in _ways(word)}
        return [s for key in keys for s in self._loose.get(key, ()) if s.word != word]

    def spelt(self, letters: str) -> list[Sounding]:
        """Return the words whose pinyin is written with these letters."""
        return self._letters.get(letters, [])


def loosened(key: str) -> str:
    """Return a sound without what people confuse: zheng is zen."""
    for clear, blurred in _LOOSE:
        key = key.replace(clear, blurred)
    return key


@lru_cache(maxsize=4096)
def plain(syllable: str) -> str:
    """Return a syllable without its tone; ü is v, as it is typed."""
    apart = unicodedata.normalize("NFD", syllable.lower().replace("ü", "v"))
    apart = apart.replace("u\u0308", "v")
    return "".join(c for c in apart if c.isascii() and c.isalpha())


@lru_cache(maxsize=20_000)
def _of_character(char: str) -> tuple[str, ...]:
    """Return the readings of a character, the commonest first."""
    from pypinyin.constants import PINYIN_DICT

    written = PINYIN_DICT.get(ord(char), "")
    ways = dict.fromkeys(plain(s) for s in written.split(",") if s)
    return tuple(way for way in ways if way)


def spoken(word: str) -> tuple[str, ...]:
    """Return the syllables of a word, empty if some character has no reading."""
    ways = [_of_character(char) for char in word]
    if not all(ways):
        return ()
    if all(len(way) == 1 for way in ways):
        return tuple(way[0] for way in ways)
    from pypinyin.constants import PHRASES_DICT

    syllables: list[str] = []
    while len(syllables) < len(word):
        at = len(syllables)
        for end in range(min(len(word), at + _LONGEST_PHRASE), at + 1, -1):
            if (phrase := PHRASES_DICT.get(word[at:end])) is not None:
                syllables += [plain(syllable[0]) for syllable in phrase]
                break
        else:
            syllables.append(ways[at][0])
    return tuple(syllables)


def _ways(word: str) -> set[str]:
    readings = [_of_character(char)[:_MAX_READINGS] for char in word]
    if not all(readings):
        return set()
    return {"'".join(way) for way in islice(product(*readings), _MAX_WAYS)}


def _chinese(words: Iterable[tuple[str, float]]) -> dict[str, float]:
    return {w: s for w, s in words if all("\u4e00" <= c <= "\u9fff" for c in w)}


@lru_cache(maxsize=1)
def shipped_readings() -> Readings:
    """Return the shipped encoder's vocabulary by sound: 39,000 words, read once a process."""
    vocabulary = json.loads((SHIPPED_FOLDER / "tokenizer.json").read_bytes())["model"]["vocab"]
    return Readings(_chinese((word, score) for word, score in vocabulary) | ASKING)
