"""Read questions typed in pinyin: the likeliest words of the reports for the letters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from retriever.lexicon import Lexicon
from retriever.readings import ASKING, Sounding, shipped_readings

_LATIN = re.compile(r"[A-Za-züÜ]+(?:[ '’][A-Za-züÜ]+)*")
_WORD = re.compile(r"[A-Za-züÜ]+")
_INITIAL = "zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]"
_FINAL = "iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve|a|e|i|o|u|v"
_LONGEST = 30  # letters of the longest word
_HELD = 2.5  # bonus, in natural logarithms, of a word that stands in the reports
_ACROSS = -1.0  # for a word that crosses a space
_LIKELY = -6.5  # mean per syllable from which the letters are taken for pinyin
_ENGLISH = 4  # letters from which a word that is no pinyin shows that the text is none
_FEWEST = 3  # syllables in all, or 2 that make one word of the reports


@dataclass(frozen=True)
class Read:
    """A text with its pinyin read; ``understood`` tells the words, empty where there was none."""

    text: str
    understood: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Way:
    """The best words up to a letter."""

    score: float
    words: tuple[Sounding, ...]


def read_pinyin(text: str, lexicon: Lexicon) -> Read:
    """Return a text with pinyin read as Chinese; GDP, 5G, APP and English stay as they are."""
    latin = _LATIN.findall(text)
    if not latin or _is_english(text):
        return Read(text)
    parts: list[tuple[int, int, _Way]] = []
    for match in _LATIN.finditer(text):
        for start, end in _segments(match[0]):
            way = _read(match[0][start:end], lexicon)
            if way is not None:
                parts.append((match.start() + start, match.start() + end, way))
    words = [w for _, _, way in parts for w in way.words]
    syllables = sum(len(w.syllables) for w in words)
    telling = any(len(w.word) > 1 and (w.word in ASKING or lexicon.holds(w.word)) for w in words)
    if not telling or syllables < _FEWEST - any(len(w.word) > 1 for w in words):
        return Read(text)
    for start, end, way in reversed(parts):
        text = text[:start] + "".join(w.word for w in way.words) + text[end:]
    text = re.sub(r"(?<=[\u4e00-\u9fff]) +| +(?=[\u4e00-\u9fff])", "", text).strip()
    return Read(text, (text.rstrip("?？ "),))


def _is_english(text: str) -> bool:
    words = _WORD.findall(text)
    return any(len(w) >= _ENGLISH and not w.isupper() and not _is_pinyin(w) for w in words)


@lru_cache(maxsize=4096)
def _is_pinyin(word: str) -> bool:
    """Tell whether letters can be cut into syllables of Mandarin."""
    folded = word.lower().replace("ü", "v")
    # Greedy finals fail where a syllable ends early (danan): the cutting below decides.
    reach = {0}
    for start in range(len(folded)):
        if start in reach:
            for end in range(start + 1, min(len(folded), start + 6) + 1):
                if _one_syllable(folded[start:end]):
                    reach.add(end)
    return len(folded) in reach


@lru_cache(maxsize=2048)
def _one_syllable(letters: str) -> bool:
    return bool(re.fullmatch(rf"(?:{_INITIAL})?(?:{_FINAL})", letters)) and bool(
        shipped_readings().spelt(letters)
    )


def _segments(run: str) -> list[tuple[int, int]]:
    """Return the stretches of adjoining words that may be pinyin; capitals (GDP) are none."""
    found: list[tuple[int, int]] = []
    for match in _WORD.finditer(run):
        word = match[0]
        if (word.isupper() and len(word) > 1) or (not word[1:].islower() and len(word) > 1):
            continue
        if not _is_pinyin(word):
            continue
        if found and not _WORD.search(run[found[-1][1] : match.start()]):
            found[-1] = found[-1][0], match.end()
        else:
            found.append(match.span())
    return found


def _read(segment: str, lexicon: Lexicon) -> _Way | None:
    """Return the likeliest words of a stretch, None if it is hardly pinyin."""
    letters, gaps = "", set()
    for part in re.split(r"[ '’]+", segment.lower().replace("ü", "v")):
        letters += part
        gaps.add(len(letters))
    best: dict[int, _Way] = {0: _Way(0.0, ())}
    for start in range(len(letters)):
        if start not in best:
            continue
        for end in range(start + 1, min(len(letters), start + _LONGEST) + 1):
            key = letters[start:end]
            for sound in (*lexicon.readings.spelt(key), *shipped_readings().spelt(key)):
                cuts = _cuts(sound, start)
                crossed = [g for g in gaps if start < g < end]
                if any(g not in cuts for g in crossed):
                    continue
                held = len(sound.word) > 1 and lexicon.holds(sound.word)
                score = best[start].score + sound.score + _HELD * held + _ACROSS * bool(crossed)
                if end not in best or score > best[end].score:
                    best[end] = _Way(score, (*best[start].words, sound))
    whole = best.get(len(letters))
    if whole is None:
        return None
    syllables = sum(len(w.syllables) for w in whole.words)
    return whole if whole.score / syllables >= _LIKELY else None


def _cuts(sound: Sounding, start: int) -> set[int]:
    cuts = set()
    for syllable in sound.syllables:
        start += len(syllable)
        cuts.add(start)
    return cuts
