"""Years, dates and plan periods of a text, each comparable with those of another text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.figures.periods import arabic_years
from corpus.years import plan_periods, relative_years

_NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九")}
_NO_DAY = -1
_CHINESE_DAY = re.compile("[一二三四五六七八九]|[二三]?十[一二三四五六七八九]?")
_DAY_NUMBER = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_DATE = re.compile(
    rf"(?:(?P<year>(?:19|20)\d\d)\s*年)?(?P<month>{_DAY_NUMBER})月(?:份|(?P<day>{_DAY_NUMBER})[日号])"
    rf"|(?:(?P<year2>(?:19|20)\d\d)\s*年)(?P<month2>{_DAY_NUMBER})月"
    rf"|(?<!\d)(?P<year3>(?:19|20)\d\d)[-/.](?P<month3>\d{{1,2}})(?:[-/.](?P<day3>\d{{1,2}}))?(?![\d%万亿元])"
    rf"|(?<![\d一二三四五六七八九十])(?P<month4>{_DAY_NUMBER})月(?![份球])"
)
_RANGE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*年?(?:底|末)?\s*[—–－\-~～至到]+\s*((?:19|20)\d\d)\s*年"
)
_YEAR = re.compile(r"(?<![\d.])((?:19|20)\d\d)\s*年")


@dataclass(frozen=True)
class Dated:
    """A time that a text names: ``text[start:end]``.

    :ivar years: first and last year; None where a date names no year.
    :ivar month: 0 where only years are named; ``day`` likewise.
    :ivar word: 今年, 过去五年, 十四五 as written; empty where the years are written out.
    """

    start: int
    end: int
    years: tuple[int, int] | None
    month: int = 0
    day: int = 0
    word: str = ""


def dated(folded: str, report_year: int | None) -> list[Dated]:
    """Return every year, date, relative year and plan of a folded text, in order.

    :param report_year: from which 去年 counts.
    """
    text = arabic_years(folded)
    found: list[Dated] = []
    for match in _DATE.finditer(text):
        parts = match.groupdict()
        year, month, day = (
            next((v for k, v in parts.items() if k.startswith(name) and v), "")
            for name in ("year", "month", "day")
        )
        years = (int(year), int(year)) if year else None
        found.append(Dated(*match.span(), years, _number(month), _number(day)))
    for match in _RANGE.finditer(text):
        found.append(Dated(*match.span(), (int(match[1]), int(match[2]))))
    for match in _YEAR.finditer(text):
        found.append(Dated(*match.span(), (int(match[1]), int(match[1]))))
    for start, first, last in relative_years(text, report_year):
        word = next(w for w in _words_at(text, start))
        found.append(Dated(start, start + len(word), (first, last), word=word))
    for start, first, last in plan_periods(text):
        end = text.index("五", start) + 1
        found.append(Dated(start, end, (first, last), word=text[start:end].strip('“"')))
    kept: list[Dated] = []
    for one in sorted(found, key=lambda d: (d.start, -d.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _words_at(text: str, start: int) -> list[str]:
    from corpus.years import RELATIVE

    return sorted((w for w in RELATIVE if text.startswith(w, start)), key=len, reverse=True)


def _number(text: str) -> int:
    """Return a month or day in digits or Chinese numerals up to 三十一; 0 if there is none.

    Characters that make no such number (二五日) are a day that no report has.
    """
    if not text:
        return 0
    if text.isdigit():
        return int(text) or _NO_DAY
    if not _CHINESE_DAY.fullmatch(text):
        return _NO_DAY
    high, ten, low = text.partition("十")
    if not ten:
        return _NUMERALS[text]
    return _NUMERALS.get(high, 1) * 10 + _NUMERALS.get(low, 0)
