"""Clean and fold text while remembering where every character came from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from opencc import OpenCC

from corpus.types import FootnoteMark

_CJK = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef“”‘’—…]")
_WORD = re.compile(r"\S+")
# Characters of the category Cf (a test walks them all): marks of direction, zero-width spaces.
_UNSEEN = re.compile(
    "[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
_THOUSANDS = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")
_PUNCTUATION = frozenset("，；：！？（）")


@dataclass(frozen=True)
class CleanText:
    """Text for people or for matching; ``offsets[i]`` is the source position of ``text[i]``."""

    text: str
    offsets: tuple[int, ...]

    def source_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the source range of ``text[start:end]``, which must not be empty."""
        return self.offsets[start], self.offsets[end - 1] + 1


def clean(text: str, start: int, end: int, marks: tuple[FootnoteMark, ...]) -> CleanText:
    """Return ``text[start:end]`` without footnote marks and stray white space.

    White space goes where it touches a Chinese character or punctuation (``王  程``, a heading
    broken over two lines); between Latin words one space stays.
    """
    hidden = {i for m in marks if m.start < end and m.end > start for i in range(m.start, m.end)}
    whole = text[start:end]
    if not hidden and whole.isprintable() and " " not in whole:  # nothing to clean: most texts
        return CleanText(whole, tuple(range(start, end)))
    if not hidden and not _UNSEEN.search(whole):
        return _without_space(whole, start)
    kept: list[tuple[str, int]] = []
    for position in range(start, end):
        char = text[position]
        if position in hidden or unicodedata.category(char) == "Cf":
            continue
        if not char.isspace():
            kept.append((char, position))
        elif kept and not kept[-1][0].isspace():
            kept.append((" ", position))
    result = [
        (char, position)
        for i, (char, position) in enumerate(kept)
        if char != " "
        or (
            0 < i < len(kept) - 1
            and not _CJK.match(kept[i - 1][0])
            and not _CJK.match(kept[i + 1][0])
            and not _between_digits(kept, i)
        )
    ]
    return CleanText("".join(c for c, _ in result), tuple(p for _, p in result))


def _without_space(whole: str, start: int) -> CleanText:
    """Do what ``clean`` does, word by word, where nothing but white space goes."""
    text: list[str] = []
    offsets: list[int] = []
    last, end = "", start
    for match in _WORD.finditer(whole):
        word, begin = match[0], match.start() + start
        if last and not _CJK.match(last[-1]) and not _CJK.match(word):
            alone = len(last) < 2 or not last[-2].isdigit()
            if not (alone and last[-1].isdigit() and word[0].isdigit()):
                text.append(" ")
                offsets.append(end)
        text.append(word)
        end = begin + len(word)
        offsets.extend(range(begin, end))
        last = word
    return CleanText("".join(text), tuple(offsets))


def _between_digits(kept: list[tuple[str, int]], i: int) -> bool:
    """Tell a space inside a number that was set digit by digit: 1 9 9 8 年."""
    before, after = kept[i - 1][0], kept[i + 1][0]
    alone = i < 2 or not kept[i - 2][0].isdigit()
    return before.isdigit() and after.isdigit() and alone


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def simplify(text: str) -> str:
    """Return the text in simplified characters."""
    converted: str = _simplifier().convert(text)
    return converted


@lru_cache(maxsize=20_000)
def _normal(char: str) -> str:
    """Return NFKC of a character in lower case; Chinese commas and stops stay, for they cut clauses."""
    return char if char in _PUNCTUATION else unicodedata.normalize("NFKC", char).lower()


def fold(source: CleanText) -> CleanText:
    """Return the text for matching: NFKC, lower case, simplified characters, offsets kept."""
    chars = list(map(_normal, source.text))
    offsets = source.offsets
    joined = "".join(chars)
    if len(joined) != len(chars):  # some character became several: ㎡, ½
        offsets = tuple(o for c, o in zip(chars, offsets, strict=True) for _ in c)
    # The comma of a large number (３，０５４) is none between clauses.
    text = _THOUSANDS.sub(",", joined)
    simplified = simplify(text)
    # A phrase that changes its length would shift every offset behind it.
    return CleanText(simplified if len(simplified) == len(text) else text, offsets)


def fold_text(text: str) -> str:
    """Fold a text whose offsets do not matter, such as a question."""
    return simplify("".join(map(_normal, text)))
