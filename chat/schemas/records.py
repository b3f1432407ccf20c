"""Jobs, feedback and the audit log at the HTTP edge."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from chat.checking import MAX_QUESTION
from chat.records.audit import Entry
from chat.records.feedback import Feedback
from chat.records.insights import Group
from chat.records.jobs import Job, JobState
from chat.schemas.answers import CitationModel
from chat.schemas.common import Page
from chat.types import Status


def _printable(text: str) -> str:
    """Drop control characters, which databases and terminals take amiss; lines stay."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


Text = Annotated[str, AfterValidator(_printable)]


class JobModel(BaseModel):
    """一个后台任务。"""

    id: str
    kind: str = Field(description="documents.add：导入文件；documents.delete：删除文件。")
    state: JobState = Field(
        description="queued排队，running进行，done完成，failed失败，interrupted因服务停止而中断。"
    )
    done: int = Field(ge=0, description="已索引的段落数。")
    total: int = Field(ge=0, description="一共要索引的段落数；还不知道时是0。")
    messages: list[str] = Field(description="每个文件的情况，和失败的原因。")
    version: int | None = Field(description="完成后库的版本。")
    created_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, job: Job) -> JobModel:
        """Return the reply for a job."""
        return cls(
            id=job.id,
            kind=job.kind,
            state=job.state,
            done=job.done,
            total=job.total,
            messages=list(job.messages),
            version=job.result_version,
            created_by=job.created_by,
            created_at=job.created_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
        )


class JobsReply(Page):
    """后台任务，新的在前。"""

    jobs: list[JobModel]


class FeedbackRequest(BaseModel):
    """对一个回答的反馈。"""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "question": "2021年北仑区的地区生产总值是多少？",
                "answer": "2382.5亿元",
                "status": "answered",
                "helpful": True,
            }
        },
    )

    question: Text = Field(min_length=1, max_length=MAX_QUESTION, description="问的问题。")
    answer: Text = Field(max_length=5000, description="得到的答案。")
    status: Status = Field(description="回答里的status。")
    helpful: bool = Field(strict=True, description="有没有帮助。")
    reason: Text = Field(default="", max_length=100, description="没帮助的原因，如“答非所问”。")
    comment: Text = Field(default="", max_length=1000, description="补充说明。")
    citations: list[CitationModel] = Field(
        default_factory=list, max_length=20, description="回答里的citations。"
    )
    version: int = Field(
        default=0, strict=True, ge=0, le=2**31 - 1, description="库的版本；不知道则0。"
    )
    request_id: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9._-]{0,64}$",
        description="回答的X-Request-ID头；没有则不填。",
    )


class FeedbackKept(BaseModel):
    """反馈已记下。"""

    id: int
    at: datetime


class FeedbackModel(BaseModel):
    """一条反馈；个人信息已隐去。"""

    id: int
    at: datetime
    question: str
    answer: str
    status: str
    helpful: bool
    reason: str
    comment: str
    citations: list[CitationModel]
    version: int
    request_id: str

    @classmethod
    def of(cls, kept: Feedback) -> FeedbackModel:
        """Return the reply for an opinion."""
        return cls.model_validate(kept, from_attributes=True)


class FeedbackReply(BaseModel):
    """反馈，新的在前；下一页的地址在Link头里。"""

    total: int = Field(description="一共有多少条。")
    helpful: int = Field(description="其中说有帮助的。")
    limit: int
    feedback: list[FeedbackModel]


class AuditModel(BaseModel):
    """审计日志的一条：谁在什么时候改了什么。"""

    id: int
    at: datetime
    who: str
    action: str
    subject: str
    detail: str

    @classmethod
    def of(cls, entry: Entry) -> AuditModel:
        """Return the reply for a line of the log."""
        return cls.model_validate(entry, from_attributes=True)


class AuditReply(BaseModel):
    """审计日志，新的在前；下一页的地址在Link头里。"""

    limit: int
    entries: list[AuditModel]


class GroupModel(BaseModel):
    """意思相近的一组问题。"""

    question: str = Field(description="这一组里最有代表性的问法。")
    count: int = Field(description="问过几次。")
    unanswered: int = Field(description="其中报告没有说的。")
    disliked: int = Field(description="其中反馈说没帮助的。")
    examples: list[str] = Field(description="几种问法。")
    last: datetime = Field(description="最近一次。")
    reasons: list[str] = Field(description="没帮助的原因。")

    @classmethod
    def of(cls, group: Group) -> GroupModel:
        """Return the reply for a group."""
        return cls.model_validate(group, from_attributes=True)


class InsightsReply(Page):
    """没答上的和反馈不好的问题，按意思分组，多的在前。"""

    days: int = Field(description="统计最近多少天。")
    asked: int = Field(description="一共问了多少次。")
    unanswered: int
    disliked: int
    left_out: int = Field(description="太多而没有分组的问法数。")
    groups: list[GroupModel]
