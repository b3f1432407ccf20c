"""The shapes of requests and replies at the HTTP edge, and their Chinese descriptions."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from chat.service import MAX_HISTORY, MAX_QUESTION
from chat.types import Answer, Status
from corpus.types import Document, FigureKind
from retriever.figures import FoundFigure
from retriever.search import Hit


class AskRequest(BaseModel):
    """提问。"""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(
        description=f"问题，最多{MAX_QUESTION}字。", examples=["2021年北仑区的地区生产总值是多少？"]
    )
    history: list[str] = Field(
        default_factory=list,
        max_length=MAX_HISTORY,
        description="此前问过的问题，从早到晚；用来理解“那下一年呢”这样的追问。",
    )
    documents: list[str] = Field(
        default_factory=list, max_length=100, description="只在这些文件里找；不填则找全部。"
    )
    top_k: int = Field(default=10, ge=1, le=50, description="阅读的段落数。")


class SearchRequest(BaseModel):
    """检索。"""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(description="问题或关键词。", examples=["保障性租赁住房"])
    documents: list[str] = Field(default_factory=list, max_length=100)
    top_k: int = Field(default=5, ge=1, le=100, description="返回的段落数。")


class CitationModel(BaseModel):
    """出处：quote 就是文件文本的 [start, end) 字符。"""

    document: str
    title: str
    section: list[str]
    start: int
    end: int
    quote: str
    page: int | None = Field(default=None, description="PDF的页码。")


class AnswerModel(BaseModel):
    """回答。"""

    question: str
    standalone_question: str = Field(description="结合此前问题补全后的问题。")
    status: Status
    answer: str
    explanation: str
    items: list[str]
    confidence: float = Field(ge=0, le=1)
    citations: list[CitationModel]
    answerer: str
    model: str
    took_ms: float

    @classmethod
    def of(cls, answer: Answer) -> AnswerModel:
        """Return the reply for an answer."""
        return cls.model_validate(answer, from_attributes=True)


class HitModel(BaseModel):
    """检索到的段落。"""

    document: str
    title: str
    section: list[str]
    start: int
    end: int
    text: str
    score: float

    @classmethod
    def of(cls, hit: Hit, document: Document) -> HitModel:
        """Return the reply for a hit."""
        passage = hit.passage
        return cls(
            document=document.id,
            title=document.title,
            section=list(passage.section),
            start=passage.start,
            end=passage.end,
            text=passage.text,
            score=round(hit.score, 4),
        )


class SearchReply(BaseModel):
    """检索结果，最好的在前。"""

    question: str
    hits: list[HitModel]


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


class FiguresReply(BaseModel):
    """找到的数据，按文件和原文的顺序。"""

    total: int
    figures: list[FigureModel]


class DocumentModel(BaseModel):
    """库里的一份文件。"""

    id: str
    title: str
    region: str
    year: int | None
    date: str
    meeting: str
    speaker: str
    characters: int

    @classmethod
    def of(cls, document: Document) -> DocumentModel:
        """Return the reply for a document."""
        return cls(
            id=document.id,
            title=document.title,
            region=document.region,
            year=document.year,
            date=document.date,
            meeting=document.meeting,
            speaker=document.speaker,
            characters=len(document.text),
        )


class DocumentsReply(BaseModel):
    """库里的文件。"""

    version: int
    documents: list[DocumentModel]


class Health(BaseModel):
    """服务状态。"""

    status: str
    detail: str = ""


class Problem(BaseModel):
    """出错说明（RFC 9457）。"""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
