"""Find stretches of a text whose bytes were misread: UTF-8 taken for GBK (鐨勫伐浣 for 的工作)."""

from __future__ import annotations

import re

# Reading UTF-8 as GBK pairs the three bytes of a character with their neighbours. What arises are
# private-use characters, � and rare ones; these two come of ， and of the full-width space.
_TRACES = re.compile("[\ufffd\ue000-\uf8ff]|锛|銆")
_WINDOW = 32
# Healthy Chinese text gives at most 0.1 here, misread text at least 0.7 (51 national reports).
_SHARE = 0.5
# Healthy looking stretches shorter than this between two misread ones are misread, too.
_GAP = 64


def misread_stretches(text: str) -> list[tuple[int, int]]:
    """Return the ranges of ``text`` that are UTF-8 misread as GBK, in order."""
    if sum(1 for _ in _TRACES.finditer(text)) < 4:
        return []
    stretches: list[tuple[int, int]] = []
    for start in range(0, len(text), _WINDOW):
        end = min(start + _WINDOW, len(text))
        if not _misread(text[start:end]):
            continue
        if stretches and start - stretches[-1][1] <= _GAP:
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((start, end))
    return [(_first(text, start), _last(text, end)) for start, end in stretches]


def _misread(piece: str) -> bool:
    """Tell whether most bytes of the piece, read as they were written, are Chinese in UTF-8."""
    data = piece.strip().encode("gb18030", errors="replace")
    if len(data) < 6:
        return False
    decoded = data.decode("utf-8", errors="ignore")
    good = sum(3 for c in decoded if "\u2010" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef")
    return good / len(data) >= _SHARE


def _first(text: str, start: int) -> int:
    """Move the beginning of a stretch, found by windows, to its first misread character."""
    for position in range(max(0, start - _WINDOW), min(start + _WINDOW, len(text))):
        following = text[position + 1 : position + 10]
        if _opens(text[position]) and (
            following.startswith("\ufffd") or _misread(text[position] + following)
        ):
            return position
    return start


def _opens(char: str) -> bool:
    """Tell whether a character is the lead byte of UTF-8 with a byte that continues it."""
    data = char.encode("gb18030", errors="replace")
    return len(data) == 2 and 0xE2 <= data[0] <= 0xEF and 0x80 <= data[1] <= 0xBF


def _last(text: str, end: int) -> int:
    """Move the end of a stretch to the end of a line behind which the text can be read again."""
    stop = text.find("\n", max(0, end - _WINDOW))
    while stop >= 0 and _misread(text[stop : stop + _WINDOW]):
        stop = text.find("\n", stop + 1)
    return len(text) if stop < 0 else stop


def warning(stretch: tuple[int, int]) -> str:
    """Return what a person should know of a misread stretch: where it is, how to mend it."""
    start, end = stretch
    return (
        f"正文从第{start + 1}个字符起有{end - start}个字符是乱码"
        "（UTF-8编码被误读为GBK），这一段不参与问答；请重新导入原始文件。"
    )
