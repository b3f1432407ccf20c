"""Find the 名词解释 entries of a report and the footnote marks that point at them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.types import FootnoteMark, GlossaryEntry

_TITLE = re.compile(
    r"^[ \t\u3000\xa0]*(?:附件?\s*\d?\s*[：:]\s*)?(?:《?政府工作报告》?|报告|有关|相关|部分)*名\s*词\s*(?:解\s*释|注\s*释|说\s*明)(?:说明)?[：:]?[ \t\r\u3000\xa0]*$",
    re.MULTILINE,
)
# 附注： may head other notes, too: it opens a glossary only if numbered entries follow.
_NOTES = re.compile(
    r"^[ \t\u3000\xa0]*(?:附\s*注|注\s*释|注)[：:]?[ \t\r\u3000\xa0]*$", re.MULTILINE
)
_ENTRY = re.compile(
    r"^[ \t\u3000\xa0]*[［\[【〔（(]?(?P<number>\d{1,3}|[①-⑳])(?:[.．、]|[］\]】〕）)][.．、]?|(?<=[①-⑳]))[ \t\u3000\xa0]*(?P<term>[^\n。：:]{1,40})[。：:]",
    re.MULTILINE,
)
_SPACE = " \t\n\u3000\xa0[【〔（("
_QUOTES = str.maketrans("", "", "“”‘’\"'《》（）() 　")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_COUNTING = "第到至达为约近超前仅共有成了和比"  # characters that a figure of the text follows
_Chain = tuple[int, int, tuple[FootnoteMark, ...]]


def glossary_start(text: str) -> int | None:
    """Return where the glossary title stands, or None if the report has none."""
    if found := list(_TITLE.finditer(text)):
        return found[-1].start()
    for match in reversed(list(_NOTES.finditer(text))):
        entries = find_entries(text, match.end())
        if len(entries) > 1 and not text[match.end() : entries[0].start].strip(_SPACE):
            return match.start()
    return None


def find_entries(text: str, start: int) -> list[GlossaryEntry]:
    """Return the numbered entries after ``start``; numbers run 1, 2, 3 … without a gap."""
    heads: list[re.Match[str]] = []
    for match in _ENTRY.finditer(text, start):
        if _value(match["number"]) == len(heads) + 1:
            heads.append(match)
    entries = []
    for i, match in enumerate(heads):
        limit = heads[i + 1].start() if i + 1 < len(heads) else len(text)
        end = match.end() + len(text[match.end() : limit].rstrip())
        entries.append(
            GlossaryEntry(
                number=i + 1,
                term=match["term"].strip(),
                start=match.start("number"),
                end=end,
                definition_start=match.end(),
            )
        )
    return entries


def _value(number: str) -> int:
    return int(number) if number.isdecimal() else ord(number) - ord("①") + 1


def find_marks(text: str, end: int, entries: list[GlossaryEntry]) -> list[FootnoteMark]:
    """Return the marks in ``text[:end]``, at most one an entry, in the order of their numbers.

    Mark n stands behind mark n - 1: behind its term (or the beginning of it), or written as no
    digit of the text is ([3], ③, ³). Of all chains of places in that order the one whose terms
    agree in most characters is taken, so a digit that belongs to the text (``PM2.5``,
    ``“225”外贸``) cannot take the place of a mark, and ``PCT申请1130件`` is read as mark 11 and
    30件. A number missing between its neighbours is taken where only one place is left for it.
    """
    # A chain holds where it ends, how well its terms agree, and its marks.
    chains: list[_Chain] = [(0, 0, ())]
    for entry in entries:
        grown = []
        for start, stop, agreement in _candidates(text, end, entry):
            before = max((c for c in chains if c[0] <= start), key=lambda c: c[1])
            mark = FootnoteMark(entry.number, start, stop)
            grown.append((stop, before[1] + agreement, (*before[2], mark)))
        chains = _undominated(chains + grown)
    return _fill_gaps(text, list(max(chains, key=lambda c: c[1])[2]), len(entries))


def _candidates(text: str, end: int, entry: GlossaryEntry) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and agreement of every place where the mark of an entry may stand."""
    number = str(entry.number)
    for match in re.finditer(number, text[:end]):
        agreement = _agreement(text, match.start(), entry.term, number)
        if agreement >= 2:
            yield *match.span(), agreement
    signs = [rf"[\[［【〔]{number}[\]］】〕]", number.translate(_RAISED)]
    if entry.number <= len(_CIRCLED):
        signs.append(_CIRCLED[entry.number - 1])
    for match in re.finditer(rf"(?<=[\w”’》）])(?:{'|'.join(signs)})(?![⁰¹²³⁴-⁹])", text[:end]):
        # m² is a unit, not mark 2.
        if match[0][0] not in "²³" or not text[match.start() - 1].isascii():
            yield *match.span(), 2 + _agreement(text, match.start(), entry.term, number)


def _fill_gaps(text: str, marks: list[FootnoteMark], count: int) -> list[FootnoteMark]:
    """Add a mark whose term is worded otherwise in the text, if its place is the only one."""
    if len(marks) < max(2, count // 2):
        return marks
    found = {m.number: m for m in marks}
    for number in range(2, count):
        before, after = found.get(number - 1), found.get(number + 1)
        if number in found or before is None or after is None:
            continue
        pattern = re.compile(
            rf"(?<=[\u4e00-\u9fff”’》）])(?<![{_COUNTING}]){number}(?=[，。；、！？：）])"
        )
        places = list(pattern.finditer(text, before.end, after.start))
        if len(places) == 1:
            found[number] = FootnoteMark(number, *places[0].span())
    return [found[number] for number in sorted(found)]


def _undominated(chains: list[_Chain]) -> list[_Chain]:
    """Keep a chain only if none ends earlier with as good a score."""
    kept: list[_Chain] = []
    for chain in sorted(chains, key=lambda c: (c[0], -c[1])):
        if not kept or chain[1] > kept[-1][1]:
            kept.append(chain)
    return kept


def _agreement(text: str, position: int, term: str, number: str) -> int:
    """Return how many characters before ``position`` are the term or a beginning of it."""
    plain = term.translate(_QUOTES)
    before = text[max(0, position - 60) : position].translate(_QUOTES)
    for length in range(len(plain), 0, -1):
        if before.endswith(plain[:length]):
            # The number may be the term's own: 尿毒症等8类大病 as entry 8.
            if plain[length:].startswith(number):
                return 0
            # The beginning of a long term must be most of a name to count.
            return length if length >= min(2, len(plain)) else 0
    return 0


def uses_of(
    term: str, text: str, end: int, marks: list[FootnoteMark]
) -> tuple[tuple[int, int], ...]:
    """Return every range of ``text[:end]`` where the term stands, quotes and marks ignored."""
    hidden = {i for m in marks for i in range(m.start, m.end)}
    positions = [
        i for i in range(end) if i not in hidden and text[i].translate(_QUOTES) and text[i] != "\n"
    ]
    body = "".join(text[i] for i in positions)
    plain = term.translate(_QUOTES)
    return tuple(
        (positions[m.start()], positions[m.end() - 1] + 1)
        for m in re.finditer(re.escape(plain), body)
    )
