"""Find the 名词解释 entries of a report and the footnote marks that point at them."""

from __future__ import annotations

import re

from corpus.types import FootnoteMark, GlossaryEntry

_TITLE = re.compile(r"^[ \t\u3000]*名\s*词\s*解\s*释[：:]?[ \t\u3000]*$", re.MULTILINE)
_ENTRY = re.compile(
    r"^[ \t\u3000]*(?P<number>\d{1,3})[.．、](?P<term>[^\n。：:]{1,40})[。：:]", re.MULTILINE
)
_QUOTES = str.maketrans("", "", "“”‘’\"'《》（）() 　")


def glossary_start(text: str) -> int | None:
    """Return where the glossary title stands, or None if the report has none."""
    found = list(_TITLE.finditer(text))
    return found[-1].start() if found else None


def find_entries(text: str, start: int) -> list[GlossaryEntry]:
    """Return the numbered entries after ``start``; numbers run 1, 2, 3 … without a gap."""
    heads = []
    for match in _ENTRY.finditer(text, start):
        if int(match["number"]) == len(heads) + 1:
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


def find_marks(text: str, end: int, entries: list[GlossaryEntry]) -> list[FootnoteMark]:
    """Return the marks in ``text[:end]``, at most one an entry, in the order of their numbers.

    Mark n stands behind its term (or behind the beginning of it) and after mark n - 1. Of all
    chains of places in that order the one whose terms agree in most characters is taken, so a
    digit that belongs to the text (``PM2.5``, ``“225”外贸``) cannot take the place of a mark, and
    ``PCT申请1130件`` is read as mark 11 and 30件.
    """
    # best[n] holds, by end position, the best chain that uses marks up to n.
    chains: list[tuple[int, int, tuple[FootnoteMark, ...]]] = [(0, 0, ())]  # (end, score, marks)
    for entry in entries:
        grown = []
        for match in re.finditer(str(entry.number), text[:end]):
            agreement = _agreement(text, match.start(), entry.term)
            if agreement < 2:
                continue
            before = max((c for c in chains if c[0] <= match.start()), key=lambda c: c[1])
            mark = FootnoteMark(entry.number, match.start(), match.end())
            grown.append((match.end(), before[1] + agreement, (*before[2], mark)))
        chains = _undominated(chains + grown)
    return list(max(chains, key=lambda c: c[1])[2])


def _undominated(
    chains: list[tuple[int, int, tuple[FootnoteMark, ...]]],
) -> list[tuple[int, int, tuple[FootnoteMark, ...]]]:
    """Keep a chain only if none ends earlier with as good a score."""
    kept: list[tuple[int, int, tuple[FootnoteMark, ...]]] = []
    for chain in sorted(chains, key=lambda c: (c[0], -c[1])):
        if not kept or chain[1] > kept[-1][1]:
            kept.append(chain)
    return kept


def _agreement(text: str, position: int, term: str) -> int:
    """Return how many characters before ``position`` are the term or a beginning of it."""
    plain = term.translate(_QUOTES)
    before = text[max(0, position - 60) : position].translate(_QUOTES)
    for length in range(len(plain), 0, -1):
        if before.endswith(plain[:length]):
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
