"""Take the quantities of an evidence segment apart: what each measures, whose it is, of which year."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chat.span import folded
from chat.types import Evidence
from corpus.quantities import Quantity, quantities
from corpus.sentences import clause_ranges
from corpus.types import Document
from corpus.years import named_years

_WINDOW_BEFORE, _WINDOW_AFTER = 30, 10
_FROM = re.compile(r"(?:从|由)[^，。；]{0,14}$")
_TO = re.compile(r"(?:到|至|为|达)[^，。；、]{0,10}$")
_JOINER = re.compile(r"[、和与及]")


@dataclass(frozen=True)
class Candidate:
    """A quantity with the words that say what it measures.

    :ivar text: the folded segment that the ranges count in.
    :ivar source: range of the quantity in the document.
    :ivar before: range that names its indicator.
    :ivar after: range behind it (the thing counted).
    :ivar owner: range of the quantity or name that it belongs to in a parallel list.
    :ivar years: years bound to it.
    :ivar start_value: it is where a change began (由…).
    """

    evidence: Evidence
    text: str
    quantity: Quantity
    source: tuple[int, int]
    before: tuple[int, int]
    after: tuple[int, int]
    owner: tuple[int, int] | None
    years: tuple[int, ...]
    start_value: bool

    @property
    def labels(self) -> list[str]:
        """The stretches of text that say what the quantity measures."""
        ranges = [self.before, self.after]
        if self.owner is not None:
            ranges.append(self.owner)
        return [*(self.text[a:b] for a, b in ranges), self.quantity.unit]


def candidates(document: Document, evidence: Evidence) -> list[Candidate]:
    """Return every quantity of an evidence segment with its owner and years."""
    segment = folded(document, evidence)
    text = segment.text
    found = quantities(text)
    owners = _owners(text, found)
    result: list[Candidate] = []
    for i, quantity in enumerate(found):
        clause = next(
            (r for r in clause_ranges(text, 0, len(text)) if r[0] <= quantity.start < r[1]),
            (0, len(text)),
        )
        previous = max((q.end for q in found[:i]), default=0)
        begin = clause[0] if previous <= clause[0] else previous
        if quantity.start - begin < 4:  # 年均增长18.8%: the indicator stands a clause earlier
            begin = min(begin, max(0, quantity.start - _WINDOW_BEFORE))
        stop = re.search(r"[，。；：、]", text[quantity.end : quantity.end + _WINDOW_AFTER])
        end = quantity.end + (stop.start() if stop else _WINDOW_AFTER)
        head = text[clause[0] : quantity.start]
        start_value = bool(_FROM.search(head)) and not _TO.search(head)
        # 由2016年的88.5%跃升至96%: the year before the first value is not that of the second.
        reach = previous if result and result[-1].start_value else clause[0]
        named = [y for p, y in named_years(text) if max(reach, clause[0]) <= p < quantity.start]
        result.append(
            Candidate(
                evidence=evidence,
                text=text,
                quantity=quantity,
                source=segment.source_range(quantity.start, quantity.end),
                before=(begin, quantity.start),
                after=(quantity.end, min(end, len(text))),
                owner=owners.get(i),
                years=(named[-1],) if named else evidence.segment.years,
                start_value=start_value,
            )
        )
    return result


def _owners(text: str, found: list[Quantity]) -> dict[int, tuple[int, int]]:
    """Match the i-th of a run of quantities with the i-th owner named before it.

    收入781.1亿元、预算391.9亿元，年均增长18.8%和17.8%: 17.8% belongs to 预算391.9亿元;
    甲、乙分别为3家和5家: 5家 belongs to 乙.
    """
    owners: dict[int, tuple[int, int]] = {}
    for run in _runs(text, found):
        first = found[run[0]]
        earlier = [q for q in found[: run[0]] if q.kind != first.kind]
        if len(earlier) >= len(run):
            mates = earlier[-len(run) :]
            starts = [max((q.end for q in found if q.end <= m.start), default=0) for m in mates]
            begins = [
                max(s, _clause_start(text, m.start)) for s, m in zip(starts, mates, strict=True)
            ]
            for index, begin, mate in zip(run, begins, mates, strict=True):
                owners[index] = (begin, mate.end)
            continue
        head = text[_clause_start(text, first.start) : first.start]
        if "分别" in head:
            names = list(re.finditer(r"[^、和与及]+", head.split("分别")[0]))
            if len(names) >= len(run):
                offset = _clause_start(text, first.start)
                for index, name in zip(run, names[-len(run) :], strict=True):
                    owners[index] = (offset + name.start(), offset + name.end())
    return owners


def _runs(text: str, found: list[Quantity]) -> list[list[int]]:
    runs: list[list[int]] = []
    for i in range(1, len(found)):
        gap = text[found[i - 1].end : found[i].start]
        if len(gap) == 1 and _JOINER.match(gap) and found[i].kind == found[i - 1].kind:
            if runs and runs[-1][-1] == i - 1:
                runs[-1].append(i)
            else:
                runs.append([i - 1, i])
    return runs


def _clause_start(text: str, position: int) -> int:
    return max((text.rfind(c, 0, position) + 1 for c in "，。；：,;"), default=0)


def two_clauses_before(text: str, position: int) -> int:
    """Return where the clause before the one at ``position`` begins: 服务业增加值…，比重从…."""
    marks = [m.end() for m in re.finditer(r"[，；：]", text[:position])]
    return marks[-2] if len(marks) >= 2 else 0
