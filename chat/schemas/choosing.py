"""Which reports a caller wants to be asked, at the HTTP edge: the same fields everywhere."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Protocol

from pydantic import Field

from retriever.choosing import LEVELS, Choice

_LEVELS = "、".join(f"{level}（{called}）" for level, called in LEVELS.items())


class Level(StrEnum):
    """行政层级。"""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"


_Name = Annotated[str, Field(max_length=200)]
_Year = Annotated[int, Field(strict=True, ge=1900, le=2100)]
OF_DOCUMENTS = "只在这些文件里找；不填则找全部。"
OF_REGIONS = "只找这些地区的报告，写全称（宁波市北仑区）或通称（北仑区、北仑）都可以。"
OF_YEARS = "只找这些年份的报告；是报告的年份，不是数据的。"
OF_LEVELS = f"只找这些层级政府的报告：{_LEVELS}。"
Documents = Annotated[list[str], Field(max_length=100, description=OF_DOCUMENTS, examples=[[]])]
Regions = Annotated[list[_Name], Field(max_length=100, description=OF_REGIONS, examples=[[]])]
Years = Annotated[list[_Year], Field(max_length=100, description=OF_YEARS, examples=[[]])]
Levels = Annotated[list[Level], Field(max_length=5, description=OF_LEVELS, examples=[[]])]


class Choosing(Protocol):
    """A request that may choose reports."""

    documents: Documents
    regions: Regions
    years: Years
    levels: Levels


def choice_of(asked: Choosing) -> Choice:
    """Return which reports a request chooses."""
    return Choice.of(asked.documents, asked.regions, asked.years, asked.levels)
