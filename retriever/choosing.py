"""Which reports a caller wants to be asked: chosen by id, region, year and level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.errors import NoReportError, UnknownDocumentError
from corpus.nearest import nearest
from index.stores.protocol import Description
from retriever.places import goes_by

# Level → how people call it.
LEVELS = {
    "nation": "全国",
    "province": "省级",
    "city": "市级",
    "county": "区县级",
    "township": "乡镇级",
}
_NEAR = 5  # known ones that an error names


@dataclass(frozen=True)
class Choice:
    """Conditions on a report, all of which it must meet; an empty one lets every report through.

    :ivar documents: ids.
    :ivar regions: as in the report (宁波市北仑区), or as people call it (北仑区, 北仑).
    :ivar years: in which the report was given.
    :ivar levels: keys of ``LEVELS``.
    """

    documents: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    levels: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        documents: Iterable[str] | None = None,
        regions: Iterable[str] | None = None,
        years: Iterable[int] | None = None,
        levels: Iterable[str] | None = None,
    ) -> Choice:
        """Return the choice of what callers give, or leave out."""
        return cls(
            tuple(documents or ()), tuple(regions or ()), tuple(years or ()), tuple(levels or ())
        )

    def __bool__(self) -> bool:
        return bool(self.documents or self.regions or self.years or self.levels)


EVERYTHING = Choice()


def chosen(rows: Sequence[Description], choice: Choice) -> list[Description]:
    """Return the reports that meet a choice, in their order.

    :raises UnknownDocumentError: if there is no report of one of the ids.
    :raises NoReportError: if there is none of a region, a year or a level, or none that meets all.
    """
    ids = {row.id for row in rows}
    for name in choice.documents:
        if name not in ids:
            raise UnknownDocumentError.of(name, (row.id for row in rows))
    named = frozenset(choice.documents) or ids
    places = _regions(rows, choice.regions)
    years = _years(rows, choice.years)
    levels = _levels(rows, choice.levels)
    found = [
        row
        for row in rows
        if row.id in named
        and (not places or row.region in places)
        and (not years or row.year in years)
        and (not levels or row.level in levels)
    ]
    if not found:
        raise NoReportError(f"没有哪份报告同时符合这些条件：{_told(choice)}；请去掉一个再试。")
    return found


def _regions(rows: Sequence[Description], wanted: tuple[str, ...]) -> frozenset[str]:
    """Return the regions of reports that are meant."""
    if not wanted:
        return frozenset()
    held = dict.fromkeys(row.region for row in rows if row.region)
    meant: set[str] = set()
    for name in wanted:
        found = {name} if name in held else {region for region in held if goes_by(region, name)}
        if not found:
            raise _unknown(f"“{name[:80]}”的报告", nearest(name, held, _NEAR))
        meant |= found
    return frozenset(meant)


def _years(rows: Sequence[Description], wanted: tuple[int, ...]) -> frozenset[int]:
    held = {row.year for row in rows if row.year is not None} if wanted else set()
    for year in wanted:
        if year not in held:
            near = sorted((abs(other - year), other) for other in held)[:_NEAR]
            raise _unknown(f"{year}年的报告", [f"{other}年" for _, other in near])
    return frozenset(wanted)


def _levels(rows: Sequence[Description], wanted: tuple[str, ...]) -> frozenset[str]:
    held = {row.level for row in rows} if wanted else set()
    for level in wanted:
        if level not in LEVELS:
            raise NoReportError(
                f"没有“{level[:80]}”这一级；请从中选用：{'、'.join(map(_level, LEVELS))}。"
            )
        if level not in held:
            raise _unknown(f"{_level(level)}的报告", [_level(n) for n in LEVELS if n in held])
    return frozenset(wanted)


def _level(level: str) -> str:
    return f"{level}（{LEVELS[level]}）"


def _unknown(what: str, near: Sequence[str]) -> NoReportError:
    if not near:
        return NoReportError(f"库里没有{what}，也没有别的可选；请去掉这个条件。")
    return NoReportError(f"库里没有{what}；最接近的有：{'、'.join(near)}，请从中选用。")


def _told(choice: Choice) -> str:
    parts = (
        ("文件", choice.documents),
        ("地区", choice.regions),
        ("年份", tuple(map(str, choice.years))),
        ("级别", choice.levels),
    )
    return "，".join(f"{name}{'、'.join(given)}" for name, given in parts if given)
