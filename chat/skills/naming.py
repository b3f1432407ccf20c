"""Know the indicators of the reports by all ways in which a question may write them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from chat.skills.wording import BETWEEN, NAME
from corpus.cleaning import fold_text
from corpus.figures import normal_name
from corpus.figures.names import NORMAL_NAMES
from corpus.types import Figure
from index.words import WordModel

# What a report puts around the name of an indicator, as the words fall. (pattern, example)
AROUND: tuple[tuple[str, str], ...] = (
    (r"^(?:拟|共|安排|发行|完成|实现|全年|年度|全国|我国)", "安排地方专项债券"),
    (r"(?:安排|拟|预期目标|目标|设定|规模|总数|人数|水平|定)$", "中央预算内投资安排"),
)
_AROUND = re.compile("|".join(pattern for pattern, _ in AROUND))
_MARKS = re.compile(r"[“”\"\s]")
_SHORTEST, _KEPT = 2, 3
# What makes a longer name another measure: 人均GDP is no GDP, 占财政收入 no 财政收入.
_OTHER_MEASURE = re.compile(r"人均|户均|平均|单位|每|占|比|、|和|与|及")
_EMPTY = re.compile("|".join(sorted(BETWEEN.split("|"), key=len, reverse=True)))


@dataclass(frozen=True)
class Spelling:
    """An indicator as a question names it.

    :ivar folded: as in the question, folded.
    :ivar start: where it stands there.
    """

    key: str
    folded: str
    start: int

    @property
    def written(self) -> str:
        """The name as it is shown: GDP in capitals."""
        return self.folded.upper()


@lru_cache(maxsize=65536)
def key_of(name: str) -> str:
    """Return the name under which all ways to write an indicator come together."""
    usual = normal_name(name)
    plain = _MARKS.sub("", fold_text(usual))
    while (bare := _AROUND.sub("", plain)) != plain and len(bare) >= _KEPT:
        plain = bare
    return fold_text(normal_name(plain))


@lru_cache(maxsize=65536)
def _written(name: str) -> str:
    return _MARKS.sub("", fold_text(name))


@lru_cache(maxsize=65536)
def _telling(written: str) -> bool:
    """Tell a name from words that any question may have: 增加, 目标."""
    return len(written) >= _SHORTEST and bool(_EMPTY.sub("", written))


_USUAL: dict[str, tuple[str, ...]] = {
    key_of(name): tuple(_written(way) for way in ways) for name, ways in NORMAL_NAMES
}


def _more(way: str, term: str, words: WordModel) -> str | None:
    """Return what a name adds before or inside a term, at the ends of words; None if it differs."""
    starts = {w.start for w in words.cut(way)}
    for cut in range(len(term) - 2, -1, -1):
        head, tail = term[:cut], term[cut:]
        if cut == 1 or not way.endswith(tail):
            continue
        end = len(way) - len(tail)
        at = way.rfind(head, 0, end) if head else end
        if at < 0 or at not in starts or (end not in starts and way[at + cut : end] != "总"):
            continue
        more = way[:at] + way[at + cut : end]
        return None if _OTHER_MEASURE.search(more) else more
    return None


class Naming:
    """The names of some figures."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        """Take in the figures."""
        self._figures: dict[str, list[Figure]] = defaultdict(list)
        ways: dict[str, str] = {}
        for figure in figures:
            key = key_of(figure.name)
            self._figures[key].append(figure)
            for way in (figure.indicator, figure.name):
                ways.setdefault(_written(way), key)
            ways.setdefault(key, key)
        for key in self._figures:
            ways.update(dict.fromkeys(_USUAL.get(key, ()), key))
        self._ways = {w: k for w, k in ways.items() if _telling(w)}

    def mark(self, folded: str) -> tuple[str, list[Spelling]]:
        """Put marks in place of the names in a folded question, the longest first."""
        text, found = folded, []
        for way in sorted((w for w in self._ways if w in folded), key=len, reverse=True):
            while (at := text.find(way)) >= 0:
                found.append(Spelling(self._ways[way], way, at))
                text = text[:at] + NAME * len(way) + text[at + len(way) :]
        return text, sorted(found, key=lambda s: s.start)

    def holding(self, term: str, words: WordModel) -> dict[str, str]:
        """Return the indicators of whose names a term is a part, with what these add to it.

        财政收入 is a part of 财政总收入 and of 地方财政收入, but not of 财政收入增速.
        """
        found: dict[str, tuple[int, str]] = {}
        for way, key in self._ways.items():
            if len(way) <= len(term) or way[-2:] != term[-2:]:
                continue
            more = _more(way, term, words)
            if more is not None and (key not in found or len(way) < found[key][0]):
                found[key] = len(way), more
        return {key: found[key][1] for key in sorted(found, key=lambda key: found[key][0])}

    def longer(self, key: str) -> list[str]:
        """Return the indicators whose names begin with another's: 养老金人均每月.

        What stands before a name makes it another one: 人均GDP.
        """
        return [k for k in self._figures if k != key and k.startswith(key)]
