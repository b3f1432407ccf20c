"""Questions and answers at the HTTP edge."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from chat.checking import MAX_HISTORY, MAX_QUESTION
from chat.schemas.choosing import Documents, Levels, Regions, Years
from chat.types import Answer, Status
from corpus.types import Document
from retriever.search import Hit

_GDP = "2021年北仑区的地区生产总值是多少？"


class AskRequest(BaseModel):
    """提问。"""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(description=f"问题，最多{MAX_QUESTION}字。", examples=[_GDP])
    history: list[str] = Field(
        default_factory=list,
        max_length=MAX_HISTORY,
        description="此前问过的问题，从早到晚；用来理解“那下一年呢”这样的追问。",
        examples=[[]],
    )
    documents: Documents = Field(default_factory=list)
    regions: Regions = Field(default_factory=list)
    years: Years = Field(default_factory=list)
    levels: Levels = Field(default_factory=list)
    top_k: int = Field(default=10, strict=True, ge=1, le=50, description="阅读的段落数。")
    session: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9_-]{16,64}$",
        description=(
            "会话编号，由调用方随机生成（例如UUID）；给出后，服务记住同一会话此前的问题，"
            "半小时不用即忘。不给则什么都不记。"
        ),
    )


class SearchRequest(BaseModel):
    """检索。"""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(description="问题或关键词。", examples=["保障性租赁住房"])
    documents: Documents = Field(default_factory=list)
    regions: Regions = Field(default_factory=list)
    years: Years = Field(default_factory=list)
    levels: Levels = Field(default_factory=list)
    top_k: int = Field(default=5, strict=True, ge=1, le=100, description="返回的段落数。")


class CitationModel(BaseModel):
    """出处：quote 就是文件文本的 [start, end) 字符。"""

    document: str
    title: str
    section: list[str] = Field(description="所在章节，从大到小。")
    start: int = Field(strict=True, ge=0, le=2**31 - 1)
    end: int = Field(strict=True, ge=0, le=2**31 - 1)
    quote: str
    page: int | None = Field(default=None, strict=True, description="PDF的页码。")


class GroundingModel(BaseModel):
    """对生成的回答逐句核对的结果。"""

    sentences: int = Field(description="模型写了几句。")
    kept: int = Field(description="核对无误、照写的句数。")
    replaced: int = Field(description="换成报告原文的句数。")
    cut: int = Field(description="删去的句数。")
    uncited: int = Field(description="没有注明出处的句数。")
    unknown_citations: int = Field(description="引用了并不存在的段落，处数。")
    unsupported_numbers: int = Field(description="出处里没有的数字、数量、日期，个数。")
    unsupported_names: int = Field(description="出处里没有的人名、地名、机构名，个数。")
    unsupported_quotes: int = Field(description="出处里没有的引文，处数。")
    contradictions: int = Field(description="与出处意思相反的句数。")
    unsupported_words: int = Field(description="用词大多不见于出处的句数。")


class GroupModel(BaseModel):
    """摘要里同一章的各条。"""

    heading: str = Field(description="章的标题。")
    items: list[str] = Field(description="这一章里的各条，逐字摘自报告。")


class AnswerModel(BaseModel):
    """回答。"""

    question: str
    standalone_question: str = Field(description="结合此前问题补全后的问题。")
    status: Status = Field(description="answered：报告里有；unanswerable：报告里没有。")
    answer: str = Field(description="答案，尽量短；报告里没有时，是一句说明。")
    explanation: str = Field(description="答案所在的原句；计算题前面有算式，摘要是各章的摘录。")
    items: list[str] = Field(description="列举、措施或摘要的各条；没有则空。")
    confidence: float = Field(ge=0, le=1, description="答对的概率。")
    citations: list[CitationModel] = Field(description="出处；报告里没有时，是最接近的几处。")
    answerer: str = Field(description="extractive：逐字摘引；generative：模型生成。")
    model: str
    took_ms: float
    grounding: GroundingModel | None = Field(
        default=None, description="模型生成的回答的核对结果；逐字摘引时为null。"
    )
    notes: list[str] = Field(default_factory=list, description="需要说明的情况，如改用了逐字摘引。")
    groups: list[GroupModel] = Field(
        default_factory=list,
        description="问某个专题或某一章时，按章分开的各条；连起来就是items，次序与citations相同。",
    )

    @classmethod
    def of(cls, answer: Answer) -> AnswerModel:
        """Return the reply for an answer."""
        return cls.model_validate(answer, from_attributes=True)


class HitModel(BaseModel):
    """检索到的段落：text 就是文件文本的 [start, end) 字符。"""

    document: str
    title: str
    section: list[str]
    start: int
    end: int
    text: str
    score: float = Field(description="越大越好，只在同一次检索里可比。")

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
