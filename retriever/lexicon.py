"""What a library's reports call things: indicators, terms of the glossary, places."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from corpus.cleaning import fold_text
from corpus.figures.names import NORMAL_NAMES
from index.library import Library
from retriever.readings import Readings, shipped_readings

_READ = 30  # newest documents whose names are read; the words of all others are in the index anyway
_LONGEST = 16
_NAME_SCORE = -11.0  # natural logarithm, that of a word of middling frequency
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,16}")
_PLACE = re.compile(r"[\u4e00-\u9fff]+?(?:自治[区州县旗]|省|市|区|县|镇|乡|街道|州|旗)")


class Lexicon:
    """The names that the reports of one library version know; read when they are first needed.

    Whether a word stands in the reports is asked of the index, so that no document is read for it.
    """

    def __init__(self, library: Library) -> None:
        """Know a library."""
        self._library = library
        self.holds = lru_cache(maxsize=20_000)(self._held)

    def _held(self, word: str) -> bool:
        return self._library.store.holds(word)

    @cached_property
    def names(self) -> frozenset[str]:
        """Folded names of indicators and glossary terms: the usual ones and those of the reports."""
        return self.held | {fold_text(way) for _, ways in NORMAL_NAMES for way in ways}

    @cached_property
    def held(self) -> frozenset[str]:
        """Folded names of indicators and glossary terms of the newest documents."""
        found: set[str] = set()
        newest = sorted(self._library.store.descriptions(), key=lambda d: -(d.year or 0))[:_READ]
        for described in newest:
            found |= self._library.store.named_in(described.id)
        return frozenset(n for n in found if 2 <= len(n) <= _LONGEST)

    def prepare(self) -> None:
        """Read all that mending a question needs."""
        shipped_readings()
        _ = self.readings

    @cached_property
    def readings(self) -> Readings:
        """Names of the reports and of their places, by sound."""
        words = {n for n in self.names if _CHINESE.fullmatch(n)}
        for described in self._library.store.descriptions():
            for place in _PLACE.findall(described.region):
                words |= {place, re.sub("(?<=..)[省市区县镇乡州旗]$", "", place)}
        return Readings(dict.fromkeys(sorted(words), _NAME_SCORE))
