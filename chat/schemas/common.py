"""What several replies share: pages of a list, problem documents, health."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Page(BaseModel):
    """一页结果；Link头给出前后页的地址。"""

    total: int = Field(ge=0, description="一共有多少。")
    offset: int = Field(ge=0, description="这一页从第几个起。")
    limit: int = Field(ge=1, description="一页最多几个。")


class Health(BaseModel):
    """服务状态。"""

    status: Literal["ok", "degraded", "unavailable"] = Field(
        description="degraded：照常回答，但有些部分不工作，detail说明哪些。"
    )
    detail: str = Field(default="", description="不可用、或不完全可用的原因。")
    version: int | None = Field(default=None, description="正在使用的索引版本。")


class Problem(BaseModel):
    """出错说明（RFC 9457）：detail说明原因和办法，code供程序判断。"""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "urn:wenzheng:question_invalid",
                "title": "问题无法受理",
                "status": 422,
                "detail": "问题是空的，请写下想问的内容。",
                "code": "question_invalid",
            }
        }
    )

    type: str = Field(description="出错的种类：urn:wenzheng:后接code。")
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    code: str
