"""Addresses of the staff's page; what changes the library itself goes through the API."""

from __future__ import annotations

import shutil
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.concurrency import run_in_threadpool

from chat.api.context import Rooms, rooms
from chat.api.multipart import Limits, receive
from chat.guard.keys import Writer
from chat.page.replies import page
from chat.page.strings import language_of
from chat.staff.check import Checked, check
from chat.staff.trial import MOST, SHIPPED, changes, questions_of
from chat.staff.wordlist import WordRow, add_row, read_rows, remove_row, row_of
from chat.types import Answer
from corpus.errors import QuestionError
from corpus.facts import Overrides
from corpus.reading import MAX_BYTES

InRooms = Annotated[Rooms, Depends(rooms)]
_Word = Annotated[str, StringConstraints(max_length=1000)]


class Words(BaseModel):
    """One row of the vocabulary."""

    model_config = ConfigDict(extra="forbid")

    official: list[_Word] = Field(max_length=10)
    everyday: list[_Word] = Field(max_length=30)

    @property
    def row(self) -> WordRow:
        """The row.

        :raises WordsError: if one of the words cannot be taken in.
        """
        return row_of(self.official, self.everyday)


class Trial(Words):
    """Words to try, and questions to try them on; those of the settings if there are none."""

    questions: str = Field(default="", max_length=200_000)


class WordsReply(BaseModel):
    """The rows that staff have added."""

    rows: list[Words]


class ChangeModel(BaseModel):
    """A question that is answered otherwise with the words."""

    question: str
    before: str
    after: str
    better: bool | None


class TrialReply(BaseModel):
    """What words change."""

    asked: int
    changes: list[ChangeModel]


class SettingModel(BaseModel):
    """A setting in force."""

    name: str
    value: str
    description: str
    changed: bool


class SettingsReply(BaseModel):
    """All settings in force."""

    settings: list[SettingModel]


router = APIRouter(include_in_schema=False)


@router.get("/staff", response_class=HTMLResponse)
def staff(request: Request, lang: str = "") -> HTMLResponse:
    """Return the page; it holds nothing that needs a key."""
    return page(request, "staff.html", language_of(lang))


@router.post("/staff/check")
async def check_file(request: Request, found: InRooms, _: Writer) -> list[Checked]:
    """Read the files of an upload and tell what was understood of them."""
    limits = Limits(MAX_BYTES, found.config.max_upload_mib * 2**20, 10)
    folder = await run_in_threadpool(found.worker.new_folder)
    try:
        received = await receive(request, folder, limits)
        given = received.fields
        year = given.get("year", "")
        overrides = Overrides(
            given.get("region", ""), int(year) if year.isdecimal() else None, given.get("title", "")
        )
        return [
            await run_in_threadpool(check, found.service, folder / name, overrides)
            for name in received.names
        ]
    finally:
        await run_in_threadpool(shutil.rmtree, folder, ignore_errors=True)


@router.get("/staff/words")
def words(found: InRooms, _: Writer) -> WordsReply:
    """List the rows that staff have added."""
    return _words(read_rows(found.service.vocabulary))


@router.post("/staff/words")
def add_words(given: Words, found: InRooms, caller: Writer) -> WordsReply:
    """Add a row; it is in use within a second."""
    rows = add_row(found.service.vocabulary, given.row)
    told = f"{'/'.join(given.official)} = {'、'.join(given.everyday)}"
    found.records.audit.record(caller.who, "vocabulary.add", told[:200])
    return _words(rows)


@router.delete("/staff/words")
def remove_words(
    official: Annotated[list[str], Query(max_length=10)], found: InRooms, caller: Writer
) -> WordsReply:
    """Remove a row."""
    rows = remove_row(found.service.vocabulary, tuple(official))
    found.records.audit.record(caller.who, "vocabulary.remove", "/".join(official)[:200])
    return _words(rows)


@router.post("/staff/words/trial")
def try_words(given: Trial, found: InRooms, _: Writer) -> TrialReply:
    """Tell which questions the words would answer otherwise; nothing is stored."""
    text = given.questions
    if not text.strip():
        path = found.config.questions or SHIPPED
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise QuestionError(
                f"读不了问题文件“{path.name}”（{error}）；请上传一个，或检查设置questions。"
            ) from error
    questions = questions_of(text)[:MOST]
    changed = changes(found.service, given.row, questions)
    return TrialReply(
        asked=len(questions),
        changes=[
            ChangeModel(
                question=c.question, before=_said(c.before), after=_said(c.after), better=c.better
            )
            for c in changed
        ],
    )


@router.get("/staff/settings")
def settings_in_force(found: InRooms, _: Writer) -> SettingsReply:
    """List the settings in force; secrets are not shown."""
    config = found.config
    plain = config.model_dump(mode="json")
    usual = type(config).model_construct().model_dump(mode="json")
    return SettingsReply(
        settings=[
            SettingModel(
                name=name,
                value=_shown(plain[name]),
                description=field.description or "",
                changed=plain[name] != usual[name],
            )
            for name, field in type(config).model_fields.items()
        ]
    )


def _words(rows: list[WordRow]) -> WordsReply:
    shown = [
        Words.model_construct(official=list(r.official), everyday=list(r.everyday)) for r in rows
    ]
    return WordsReply.model_construct(rows=shown)


def _said(answer: Answer) -> str:
    return "；".join(answer.items) or answer.answer


def _shown(value: object) -> str:
    if value in (None, "", []):
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(str, value))
    return str(value)
