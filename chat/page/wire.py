"""What the page's script and the server tell each other: JSON in fields that nobody sees."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chat.checking import MAX_HISTORY

_Message = TypeVar("_Message", bound=BaseModel)


class Asked(BaseModel):
    """What the browser sends: a question, those before it, an id of the turn."""

    model_config = ConfigDict(extra="forbid")

    turn: str = Field(pattern=r"^[a-z0-9]{1,16}$")
    question: str  # the service says how long it may be; the limit on bodies bounds it before
    history: list[str] = Field(default_factory=list, max_length=MAX_HISTORY)
    answer: str = Field(default="", max_length=200_000)


class Kept(BaseModel):
    """Turns that the browser kept from an earlier visit."""

    turn: str = Field(pattern=r"^[a-z0-9]{1,16}$")
    turns: list[Asked] = Field(max_length=MAX_HISTORY)


class Told(BaseModel):
    """What the browser hears: HTML for a turn.

    :ivar done: the answer is complete.
    :ivar answer: the answer as JSON, which the browser keeps.
    :ivar restored: of turns kept from an earlier visit, HTML by turn.
    """

    turn: str
    html: str = ""
    done: bool = True
    answer: str = ""
    restored: dict[str, str] = Field(default_factory=dict)

    def line(self) -> str:
        """Return it as JSON."""
        return self.model_dump_json(exclude_defaults=True)


def read(text: str, model: type[_Message]) -> _Message | None:
    """Return a message of the wire, None if it is none: only page.js writes them."""
    try:
        return model.model_validate_json(text)
    except ValidationError:
        return None
