"""Requests and replies in OpenAI's form, as its clients send and read them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from chat.schemas.answers import AnswerModel
from chat.schemas.choosing import Documents, Levels, Regions, Years


class ContentPart(BaseModel):
    """消息的一部分；只读文字。"""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["text"])
    text: str | None = None


class Message(BaseModel):
    """一条消息。"""

    model_config = ConfigDict(extra="allow")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | Annotated[list[ContentPart], Field(max_length=50)] | None = None

    def text(self) -> str:
        """Return the text of the message."""
        if isinstance(self.content, list):
            return "".join(part.text or "" for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    """流式回答的选项。"""

    model_config = ConfigDict(extra="allow")

    include_usage: bool = Field(default=False, strict=True)


class ChatRequest(BaseModel):
    """对话补全；temperature等取样参数收下但不起作用，因为答案逐字引自报告。

    documents、regions、years、levels是扩展，限定在哪些报告里找。
    """

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "example": {
                "model": "wenzheng",
                "messages": [{"role": "user", "content": "2021年北仑区的地区生产总值是多少？"}],
            }
        },
    )

    model: str = Field(description="模型名，见 GET /v1/models。", max_length=100)
    messages: list[Message] = Field(
        min_length=1, max_length=200, description="从早到晚；最后一条user消息是问题。"
    )
    stream: bool | None = Field(default=None, strict=True, description="是否逐字返回。")
    stream_options: StreamOptions | None = None
    n: int | None = Field(default=None, strict=True, description="只能是1。")
    documents: Documents = Field(default_factory=list)
    regions: Regions = Field(default_factory=list)
    years: Years = Field(default_factory=list)
    levels: Levels = Field(default_factory=list)
    tool_choice: Any = Field(default=None, description="不调用工具；要求调用时报错。")
    response_format: Any = Field(default=None, description="只有文字；要求JSON时报错。")


class Usage(BaseModel):
    """用量；没有分词器，一个字符算一个词元。"""

    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(ge=0)
    total_tokens: int = Field(ge=0)


class ReplyMessage(BaseModel):
    """回答的消息。"""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None


class Choice(BaseModel):
    """唯一的一个回答。"""

    index: Literal[0] = 0
    message: ReplyMessage
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class ChatReply(BaseModel):
    """对话补全的结果；wenzheng是完整的回答，含出处。"""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    wenzheng: AnswerModel


class Delta(BaseModel):
    """新增的文字。"""

    role: Literal["assistant"] | None = None
    content: str | None = None


class ChunkChoice(BaseModel):
    """唯一的一个回答的一段。"""

    index: Literal[0] = 0
    delta: Delta
    finish_reason: Literal["stop"] | None = None
    logprobs: None = None


class ChatChunk(BaseModel):
    """流式回答的一段；最后一段带wenzheng。"""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str
    choices: list[ChunkChoice]
    usage: Usage | None = None
    wenzheng: AnswerModel | None = None


class Model(BaseModel):
    """一个可用的模型。"""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str = "wenzheng"


class ModelsReply(BaseModel):
    """可用的模型。"""

    object: Literal["list"] = "list"
    data: list[Model]


class OpenAIError(BaseModel):
    """出错说明。"""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorReply(BaseModel):
    """OpenAI形式的出错说明。"""

    error: OpenAIError
