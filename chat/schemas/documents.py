"""Documents of the library at the HTTP edge: facts, outline, versions."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from chat.schemas.common import Page
from corpus.types import Document
from index.library import Library
from index.stores.protocol import Description
from index.versions import Version


class DocumentModel(BaseModel):
    """库里的一份文件。"""

    id: str = Field(description="编号，就是文件名（不含扩展名）。")
    title: str
    region: str
    year: int | None
    level: str = Field(description="nation、province、city、county、township，或空。")
    date: str = Field(description="会议日期，如2022-02-21；没有则空。")
    meeting: str
    speaker: str
    characters: int = Field(description="全文字数。")

    @classmethod
    def of(cls, row: Description) -> DocumentModel:
        """Return the reply for the facts of a document."""
        return cls(
            id=row.id,
            title=row.title,
            region=row.region,
            year=row.year,
            level=row.level,
            date=row.date,
            meeting=row.meeting,
            speaker=row.speaker,
            characters=row.characters,
        )


class DocumentsReply(Page):
    """库里的文件。"""

    version: int = Field(description="库的版本。")
    documents: list[DocumentModel]


class DocumentDetail(DocumentModel):
    """一份文件的详情。"""

    pages: int = Field(description="PDF的页数；其他格式为0。")
    sections: int = Field(description="标题数。")
    paragraphs: int
    passages: int = Field(description="检索的段落数。")
    figures: int = Field(description="数据的个数。")
    terms: int = Field(description="名词解释的条数。")
    warnings: list[str] = Field(description="读取时发现的问题。")

    @classmethod
    def within(cls, document: Document, library: Library) -> DocumentDetail:
        """Return the reply for a document of a library."""
        row = library.description(document.id)
        return cls(
            **DocumentModel.of(row).model_dump(),
            pages=len(document.pages),
            sections=len(document.sections),
            paragraphs=len(document.paragraphs),
            passages=row.passages,
            figures=len(library.figures[document.id]),
            terms=len(document.glossary),
            warnings=list(document.warnings),
        )


class OutlineEntry(BaseModel):
    """一个标题：标题是文本的 [start, heading_end)，它管到 end 为止。"""

    title: str
    level: int = Field(ge=1, description="第几级标题。")
    path: list[str] = Field(description="从大到小的各级标题。")
    start: int
    heading_end: int
    end: int


class OutlineReply(BaseModel):
    """一份文件的章节，按原文的顺序。"""

    document: str
    title: str
    sections: list[OutlineEntry]

    @classmethod
    def of(cls, document: Document) -> OutlineReply:
        """Return the reply for a document."""
        return cls(
            document=document.id,
            title=document.title,
            sections=[
                OutlineEntry(
                    title=s.path[-1],
                    level=len(s.path),
                    path=list(s.path),
                    start=s.heading_start,
                    heading_end=s.heading_end,
                    end=s.end,
                )
                for s in document.sections
            ],
        )


class VersionModel(BaseModel):
    """库的一个版本。"""

    number: int
    created: datetime
    documents: int = Field(description="文件数；版本损坏、读不出时为0。")
    passages: int = Field(description="段落数；版本损坏、读不出时为0。")
    encoder: str = Field(description="编码模型。")
    published: bool = Field(description="是不是正在使用的版本。")
    whole: bool = Field(description="文件是否完好。")

    @classmethod
    def of(cls, version: Version) -> VersionModel:
        """Return the reply for a version."""
        return cls.model_validate(version, from_attributes=True)


class VersionsReply(BaseModel):
    """还留着的版本，从新到旧。"""

    versions: list[VersionModel]
