"""Figures at the HTTP edge."""

from __future__ import annotations

from pydantic import BaseModel, Field

from chat.schemas.common import Page
from corpus.types import FigureKind
from retriever.figures import FoundFigure


class FigureModel(BaseModel):
    """报告里的一个数据；text 就是文件文本的 [start, end) 字符。"""

    document: str
    title: str
    indicator: str = Field(description="指标，照原文。")
    name: str = Field(description="指标的通用名。")
    subject: str = Field(description="哪个地区或单位的。")
    value: str = Field(description="数值，精确的十进制数或分数。")
    unit: str
    period: list[int] | None = Field(description="起止年份。")
    kind: FigureKind
    direction: int = Field(description="1增加，-1减少，0未说。")
    qualifier: str = Field(description="超、近、以上、左右等。")
    text: str
    start: int
    end: int
    page: int | None = None

    @classmethod
    def of(cls, found: FoundFigure) -> FigureModel:
        """Return the reply for a figure."""
        figure = found.figure
        return cls(
            document=found.document.id,
            title=found.document.title,
            indicator=figure.indicator,
            name=figure.name,
            subject=figure.subject,
            value=str(figure.value),
            unit=figure.unit,
            period=list(figure.period) if figure.period else None,
            kind=figure.kind,
            direction=figure.direction,
            qualifier=figure.qualifier,
            text=figure.text,
            start=figure.start,
            end=figure.end,
            page=found.page,
        )


class FiguresReply(Page):
    """找到的数据，按文件和原文的顺序。"""

    figures: list[FigureModel]
