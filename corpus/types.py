"""What a report is made of; every range counts code points of ``Document.text``."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Protocol


@dataclass(frozen=True)
class FootnoteMark:
    """A glossary number glued to a term: ``document.text[start:end] == str(number)``."""

    number: int
    start: int
    end: int


@dataclass(frozen=True)
class GlossaryEntry:
    """One entry of 名词解释.

    :ivar uses: ranges in the body where the term stands (the mark itself excluded).
    """

    number: int
    term: str
    start: int
    end: int
    definition_start: int
    uses: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading and the text under it; ``path`` runs from the chapter down to this heading."""

    path: tuple[str, ...]
    heading_start: int
    heading_end: int
    end: int


@dataclass(frozen=True)
class Paragraph:
    """A line of running text.

    :ivar section: headings above it, the inline lead of the paragraph last where it has one.
    :ivar period: first and last year that its figures speak of unless a sentence names others.
    """

    section: tuple[str, ...]
    start: int
    end: int
    period: tuple[int, int] | None = None


@dataclass(frozen=True)
class Document:
    """A report: its text as read, untouched, and what was found in it.

    :ivar year: year of the report's date, or of its title.
    :ivar pages: start of each page in ``text``, of a PDF only.
    :ivar date: ISO date of the meeting, or empty.
    :ivar level: administrative level: nation, province, city, county, township, or empty.
    :ivar header_start: where the title block begins; above it stands what a web page added.
    :ivar warnings: what a person should know of the text, in Chinese: a damaged stretch.
    """

    id: str
    title: str
    text: str
    region: str = ""
    year: int | None = None
    date: str = ""
    meeting: str = ""
    speaker: str = ""
    header_end: int = 0
    sections: tuple[Section, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()
    marks: tuple[FootnoteMark, ...] = ()
    level: str = ""
    header_start: int = 0
    warnings: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()

    def page_of(self, offset: int) -> int | None:
        """Return the number of the page that a position stands on, None if there are no pages."""
        return bisect_right(self.pages, offset) or None

    def section_of(self, offset: int) -> tuple[str, ...]:
        """Return the headings above a position, empty where it stands in no paragraph."""
        at = bisect_right(self.paragraphs, offset, key=lambda p: p.start) - 1
        found = at >= 0 and offset < self.paragraphs[at].end
        return self.paragraphs[at].section if found else ()


class Dated(Protocol):
    """Whatever has the year of a report."""

    @property
    def year(self) -> int | None:
        """The year in which it was given."""


def newest_year(documents: Iterable[Dated]) -> int | None:
    """Return the year from which 去年 counts: that of the newest of the reports."""
    return max((d.year for d in documents if d.year is not None), default=None)


@dataclass(frozen=True)
class Sentence:
    """A sentence with the years it speaks of.

    :ivar years: years named in it, else taken over from the sentence before in its paragraph.
    :ivar period: the years that its surroundings speak of; a sum over five years has five.
    """

    start: int
    end: int
    years: tuple[int, ...] = ()
    period: tuple[int, int] | None = None


@dataclass(frozen=True)
class Passage:
    """What is indexed: whole sentences of one paragraph, ``text == document.text[start:end]``."""

    document_id: str
    section: tuple[str, ...]
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...] = ()


class FigureKind(StrEnum):
    """What a figure says about its indicator."""

    ACTUAL = "actual"  # 地区生产总值2382.5亿元
    GROWTH = "growth"  # 增长7.5%, 下降17.6%, 翻两番; positive in both directions
    SHARE = "share"  # 占全市总量的22.6%, 城镇化率52.6%
    CHANGE = "change"  # 比重提高2.7个百分点, 增加15.5辆
    TARGET = "target"  # 2022年主要工作安排: 力争…
    RANK = "rank"  # 居全市首位, 跃升到世界第二位
    COUNT = "count"  # 159项重点改革任务


@dataclass(frozen=True)
class Comparison:
    """What a figure is set against.

    :ivar form: 由…到… (``from`` for the value where a change began, ``to`` for where it ended),
        比…增长 (``than``), 占… (``of``).
    :ivar other: what it is compared with as written: 2016年, 全市总量; empty for ``from``, ``to``.
    """

    form: str
    other: str = ""


@dataclass(frozen=True)
class Figure:
    """A number with its meaning; ``document.text[start:end] == text``.

    :ivar text: number and unit as written, with 多 or 余 inside it, without 超 and 以上.
    :ivar indicator: what it measures, as written: 地区生产总值.
    :ivar name: the usual name of the indicator.
    :ivar subject: region or body that it speaks of: 全区, 北仑区, 中央财政.
    :ivar value: the number as written, exact; 三分之一 is ``Fraction(1, 3)``.
    :ivar unit: unit with its scale, as written: 万吨标准煤; ``%`` for 百分之.
    :ivar period: first and last year, None where neither report nor sentence names one.
    :ivar direction: +1 where it rose, -1 where it fell, 0 where the text says neither.
    :ivar qualifier: word that bounds the value: 超, 近, 以上, 左右; empty if exact.
    """

    start: int
    end: int
    text: str
    indicator: str
    name: str
    subject: str
    value: Decimal | Fraction
    unit: str
    period: tuple[int, int] | None
    kind: FigureKind
    comparison: Comparison | None = None
    direction: int = 0
    qualifier: str = ""
