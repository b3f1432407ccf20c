"""The skill for figures and for reckoning with them: reads the question, then hands it on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from chat.skills.asked import COUNTRY, Asked, read
from chat.skills.base import Inquiry, Outcome
from chat.skills.comparing import which_is_more
from chat.skills.lookups import looked_up, since_last_year
from chat.skills.naming import Spelling
from chat.skills.parts import partly_named
from chat.skills.series import extreme_year, over_years, passing_year
from chat.skills.stretches import of_the_span
from chat.skills.sums import reckoned
from chat.skills.values import MOST_REPORTS, LackingError, Shelf, nearest, place, refused
from chat.skills.wording import Task
from retriever.kinds import Kind

_OTHER_KINDS = frozenset({Kind.DEFINITION, Kind.REASON, Kind.YES_NO, Kind.PERSON})
_NATION = "nation"
# 养老金人均每月: what a report may add to a name without meaning something else.
_ADDED = re.compile(r"(?:人均|平均|每|月|标准|水平)+")


def numbers(inquiry: Inquiry) -> Outcome | None:
    """Answer a question for figures whose every word is understood, None for any other."""
    if inquiry.question.kind in _OTHER_KINDS:
        return None
    rows = inquiry.scope.rows
    if any(name in inquiry.question.folded for name in COUNTRY):
        rows = [r for r in rows if r.level == _NATION] or rows
    if not 0 < len(rows) <= MOST_REPORTS:
        return None
    shelf = Shelf(inquiry.library, rows)
    asked = read(inquiry.question.text, shelf.naming, rows)
    if asked is None:
        return _partly(inquiry, shelf)
    if asked.level:
        return _of_other_level(shelf, asked)
    if asked.scope:
        return refused(_other_scope(shelf, asked))
    try:
        return _done(shelf, asked)
    except LackingError as lacking:
        for tried, other in _elsewhere(shelf, asked):
            shelf.taken = other
            try:
                return _done(shelf, tried)
            except LackingError:
                continue
        shelf.taken = ""
        # What the report itself tells of these years is found by reading.
        firm = lacking.firm or (_firm(asked) and not shelf.told_over(asked))
        return refused(lacking) if firm else None


def _partly(inquiry: Inquiry, shelf: Shelf) -> Outcome | None:
    try:
        return partly_named(inquiry, shelf)
    except LackingError as lacking:
        return refused(lacking)


def _of_other_level(shelf: Shelf, asked: Asked) -> Outcome | None:
    """Say that the reports speak of a place, not of the whole that it is a part of (全市)."""
    name, region = asked.indicators[0], shelf.regions(asked)[0]
    if any(f.figure.subject == asked.level for f in shelf.found(name.key, region)):
        return None
    near = nearest(shelf.all_series(name.key, region))
    if not near:
        return None
    said = f"报告没有给出{asked.level}的{name.written}，给出的是{place(region)}的。"
    return refused(LackingError(said, near[:1]))


def _elsewhere(shelf: Shelf, asked: Asked) -> list[tuple[Asked, str]]:
    """Return what else to try: a fuller name, and other places where the question names none."""
    closer = _closer(shelf, asked)
    tries = [(closer, "")] if closer is not None else []
    if not asked.regions:
        first = shelf.regions(asked)[0]
        tries += [(asked, place) for place in shelf.places() if place != first]
    return tries


def _other_scope(shelf: Shelf, asked: Asked) -> LackingError:
    """Say that the reports give the indicator, but not by head, household or unit."""
    name = asked.indicators[0]
    near = nearest(shelf.all_series(name.key, shelf.regions(asked)[0]))
    return LackingError(
        f"报告没有给出{asked.scope}{name.written}；给出的{name.written}不是{asked.scope}的数，口径不同。",
        near,
    )


def _done(shelf: Shelf, asked: Asked) -> Outcome | None:
    if asked.before and (outcome := since_last_year(shelf, asked)) is not None:
        return outcome
    if asked.span is not None and (outcome := of_the_span(shelf, asked)) is not None:
        return outcome
    outcome = _WAYS[asked.task](shelf, asked)
    if outcome is None and asked.task is Task.DIFFERENCE and len(asked.years) == 1:
        return looked_up(shelf, asked)  # 2021年能耗要降低多少
    return outcome


def _first(shelf: Shelf, asked: Asked) -> Outcome | None:
    return passing_year(shelf, asked, last=False)


def _last(shelf: Shelf, asked: Asked) -> Outcome | None:
    return passing_year(shelf, asked, last=True)


_WAYS: dict[Task, Callable[[Shelf, Asked], Outcome | None]] = {
    Task.FIRST: _first,
    Task.LAST: _last,
    Task.EXTREME: extreme_year,
    Task.WHICH: which_is_more,
    Task.SERIES: over_years,
    Task.SUM: reckoned,
    Task.RATIO: reckoned,
    Task.SHARE: reckoned,
    Task.DIFFERENCE: reckoned,
    Task.VALUE: looked_up,
}


def _firm(asked: Asked) -> bool:
    """Tell whether a question can be answered by figures only, so that lacking one is a refusal."""
    if asked.task in (Task.VALUE, Task.SERIES):
        return bool(asked.years) or asked.task is Task.SERIES
    if asked.task in (Task.DIFFERENCE, Task.SUM, Task.RATIO, Task.SHARE):
        terms = max(len(asked.years), len(asked.indicators), len(asked.regions))
        return terms > 1 or asked.before or (asked.goals and asked.done) or asked.ranged
    return True


def _closer(shelf: Shelf, asked: Asked) -> Asked | None:
    """Return the question about the fuller name that the reports use, if there is just one."""
    changed: list[Spelling] = []
    for spelling in asked.indicators:
        fuller = [
            key
            for key in shelf.naming.longer(spelling.key)
            if _ADDED.fullmatch(key.removeprefix(spelling.key))
        ]
        changed.append(replace(spelling, key=fuller[0]) if len(fuller) == 1 else spelling)
    indicators = tuple(changed)
    return None if indicators == asked.indicators else replace(asked, indicators=indicators)
