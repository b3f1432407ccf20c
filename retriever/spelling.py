"""Read what was typed wrong: homophones of words of the reports, and questions in pinyin."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

import jieba

from corpus.cleaning import fold_text
from retriever.lexicon import Lexicon
from retriever.pinyin import read_pinyin
from retriever.readings import Sounding, shipped_readings

_WINDOW = 8  # characters of the longest word looked at
_SURE = 4  # characters from which a word is sure enough to change a usual character in it
_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")
# Single characters that stand alone in a sound sentence, so that they hint at no typing error.
_SOUND = frozenset(
    "的了是在有和与及到把被让给从由对向将个都也还就会要能这那它其他她我你您多大年月日人名位家项条件几啥咋谁吗呢吧啊呀嘛"
    "不没很更最又再上下里中来去用做为比占元亿万千百十一二三四五六七八九零两第次所座台套户辆张处种只艘期篇部幢栋间场届批倍片"
    "块本门支颗株头层级省市区县镇乡村路岁天时分秒米吨亩度高低少好新老每各该此请问说讲想叫算干搞弄给帮修建造花钱买卖"
    "后前内外间以而且或如若因所之者者着过得地哪怎什么么咱俺俩仨些样点儿子等则并但可已曾只才仅均约超近达升降增减事听看吃喝用管"
)
_HELD_NEIGHBOUR = 3.0  # bonus, in natural logarithms, where the neighbouring pair stands in reports


@dataclass(frozen=True)
class Restored:
    """A question as it was meant.

    :ivar text: as typed where nothing was wrong.
    :ivar understood: words that it was read as.
    """

    text: str
    understood: tuple[str, ...] = ()


def restore(text: str, lexicon: Lexicon) -> Restored:
    """Return a question with pinyin read as Chinese and typing errors of one sound mended.

    A word is only changed where it stands in no report and the changed one does.
    """
    read = read_pinyin(text, lexicon)
    mended = _mended(read.text, lexicon)
    return Restored(mended.text, read.understood + mended.understood)


def _mended(text: str, lexicon: Lexicon) -> Restored:
    folded = fold_text(text)
    if len(folded) != len(text):
        return Restored(text)
    understood: list[str] = []
    for run in _RUN.finditer(folded):
        at = run.start()
        for start, end, word in _errors(run[0], lexicon):
            text = text[: at + start] + word + text[at + end :]
            understood.append(word)
    return Restored(text, tuple(understood))


def _errors(run: str, lexicon: Lexicon) -> list[tuple[int, int, str]]:
    """Return (start, end, right word) for every typing error of a Chinese run."""
    starts, at = [0], 0
    for word in jieba.cut(run, HMM=False):
        at += len(word)
        starts.append(at)
    alone = {
        a
        for a, b in itertools.pairwise(starts)
        if b - a == 1 and run[a] not in _SOUND and _strange(run, a, lexicon)
    }
    found: list[tuple[int, int, str]] = []
    windows = [
        (a, b)
        for a in starts
        for b in starts
        # Of two characters both must be odd ones: 教于, but not 谁管 or 多远.
        if 2 <= b - a <= _WINDOW and len(alone & set(range(a, b))) >= (2 if b - a == 2 else 1)
    ]
    for a, b in sorted(windows, key=lambda w: (w[0] - w[1], w[0])):
        if any(a < d and c < b for c, d, _ in found):
            continue
        word = _right(run, a, b, lexicon)
        if word is not None and (
            b - a >= _SURE or all(c == run[a + i] or a + i in alone for i, c in enumerate(word))
        ):
            found.append((a, b, word))
    return sorted(found)


def _strange(run: str, at: int, lexicon: Lexicon) -> bool:
    """Tell a single character that the reports do not know beside its neighbours."""
    pairs = [run[i : i + 2] for i in (at - 1, at) if i >= 0 and i + 2 <= len(run)]
    return not all(lexicon.holds(pair) for pair in pairs)


def _right(run: str, start: int, end: int, lexicon: Lexicon) -> str | None:
    """Return the word of the reports that was meant by a stretch which they do not know."""
    typed = run[start:end]
    if jieba.dt.FREQ.get(typed) or lexicon.holds(typed):
        return None
    sounds = [*lexicon.readings.alike(typed), *shipped_readings().alike(typed)]
    fit = [s for s in sounds if _like(typed, s.word, len(typed) // 2)]
    if not fit and len(typed) > 2:
        sounds = [*lexicon.readings.nearly(typed), *shipped_readings().nearly(typed)]
        fit = [s for s in sounds if _like(typed, s.word, len(typed) - 1)]
    fit = [s for s in fit if lexicon.holds(s.word)]
    if not fit:
        return None
    return max(fit, key=lambda s: _worth(s, run, start, end, lexicon)).word


def _like(typed: str, word: str, same: int) -> bool:
    alike = sum(a == b for a, b in zip(typed, word, strict=False))
    return len(word) == len(typed) and alike >= max(1, same)


def _worth(sound: Sounding, run: str, start: int, end: int, lexicon: Lexicon) -> float:
    before = run[start - 1 : start] + sound.word[0]
    behind = sound.word[-1] + run[end : end + 1]
    held = sum(len(pair) == 2 and lexicon.holds(pair) for pair in (before, behind))
    return sound.score + _HELD_NEIGHBOUR * held
