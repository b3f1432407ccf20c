"""Read a multipart upload to disk as it arrives, within limits that hold while it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from fastapi import Request
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from chat.guard.lingering import linger
from chat.guard.problems import Refused
from corpus.report import SUFFIXES, document_id

MULTIPART = "multipart/form-data"
_FIELD_BYTES = 4096
_HEADER_BYTES = 4096
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*/\\]')
_NAME_BYTES = 200  # file systems take 255; the ending and a margin stay free
_MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """How much may be uploaded at once."""

    file_bytes: int
    total_bytes: int
    files: int


@dataclass
class Upload:
    """What was uploaded: names of files in the folder, and the other fields of the form."""

    names: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


@dataclass
class _Part:
    """The part of the form that is being read."""

    header: bytearray = field(default_factory=bytearray)
    headers: dict[str, bytes] = field(default_factory=dict)
    value: bytearray = field(default_factory=bytearray)
    name: str = ""
    filename: str | None = None
    file: BinaryIO | None = None
    size: int = 0


async def receive(request: Request, folder: Path, limits: Limits) -> Upload:
    """Write the files of an upload to a folder as they arrive.

    :raises Refused: 413 above a limit, 422 for a form that is no upload of reports.
    :raises ClientDisconnect: if the client goes away.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limits.total_bytes:
        raise _too_large(limits)
    reader = _Reader(request.headers["content-type"], folder, limits)
    more = True
    try:
        while more:
            message = await request.receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            more = message.get("more_body", False)
            await run_in_threadpool(reader.feed, message.get("body", b""))
        return reader.finished()
    except Refused:
        if more:
            await linger(request.receive)
        raise
    finally:
        reader.close()


class _Reader:
    """Takes the form apart; python-multipart calls the ``on_`` methods."""

    def __init__(self, content_type: str, folder: Path, limits: Limits) -> None:
        boundary = parse_options_header(content_type)[1].get(b"boundary")
        if not boundary or len(boundary) > 200:
            raise _faulty("缺少分隔符（boundary）")
        self._folder = folder
        self._limits = limits
        self._received = 0
        self._ended = False
        self._upload = Upload()
        self._part = _Part()
        self._header_name = ""
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._on_part_begin,
                "on_part_data": self._on_part_data,
                "on_part_end": self._on_part_end,
                "on_header_field": self._on_header_field,
                "on_header_value": self._on_header_value,
                "on_header_end": self._on_header_end,
                "on_headers_finished": self._on_headers_finished,
                "on_end": self._on_end,
            },
        )

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the body."""
        self._received += len(chunk)
        if self._received > self._limits.total_bytes:
            raise _too_large(self._limits)
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise _faulty("表单的格式不对") from error

    def finished(self) -> Upload:
        """Return what was uploaded."""
        if not self._ended:
            raise _faulty("表单不完整")
        if not self._upload.names:
            raise _faulty("里面没有文件")
        return self._upload

    def close(self) -> None:
        """Close the file that is being written, if any."""
        if self._part.file is not None:
            self._part.file.close()

    def _on_part_begin(self) -> None:
        self._part = _Part()

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._part.header += data[start:end]
        self._bounded(self._part.header, _HEADER_BYTES)

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._part.value += data[start:end]
        self._bounded(self._part.value, _HEADER_BYTES)

    def _on_header_end(self) -> None:
        part = self._part
        part.headers[part.header.decode("latin-1").lower()] = bytes(part.value)
        part.header.clear()
        part.value.clear()

    def _on_headers_finished(self) -> None:
        part = self._part
        options = parse_options_header(part.headers.get("content-disposition", b""))[1]
        part.name = options.get(b"name", b"").decode("utf-8", errors="replace")
        if b"filename" not in options:
            return
        if part.name != "files":
            raise _faulty("文件应放在名为“files”的字段里")
        if len(self._upload.names) == self._limits.files:
            raise Refused(
                413, "文件太多", f"一次最多上传{self._limits.files}个文件，请分几次。", "too_large"
            )
        part.filename = safe_name(_decoded(options[b"filename"]))
        self._check_name(part.filename)
        part.file = (self._folder / part.filename).open("xb")

    def _check_name(self, name: str) -> None:
        if Path(name).suffix.lower() not in SUFFIXES:
            kinds = "、".join(s.removeprefix(".") for s in SUFFIXES)
            raise _faulty(f"“{name}”不是能读的格式（{kinds}）")
        same = [n for n in self._upload.names if _id(n) == _id(name)]
        if same:
            raise _faulty(f"“{name}”与“{same[0]}”同名，编号会相同，请改名")

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        part.size += end - start
        if part.file is None:
            part.value += data[start:end]
            self._bounded(part.value, _FIELD_BYTES)
            return
        if part.size > self._limits.file_bytes:
            raise Refused(
                413,
                "文件太大",
                f"“{part.filename}”超过{self._limits.file_bytes // _MIB} MiB，请拆分后再上传。",
                "too_large",
            )
        part.file.write(data[start:end])

    def _on_part_end(self) -> None:
        part = self._part
        if part.file is None:
            if part.name in self._upload.fields:
                raise _faulty(f"字段“{part.name[:40]}”给了两次")
            self._upload.fields[part.name] = part.value.decode("utf-8", errors="replace")
            return
        part.file.close()
        assert part.filename is not None
        if part.size == 0:
            raise _faulty(f"“{part.filename}”是空的")
        self._upload.names.append(part.filename)

    def _on_end(self) -> None:
        self._ended = True

    def _bounded(self, value: bytearray, most: int) -> None:
        if len(value) > most:
            raise Refused(413, "请求太大", "表单里的文字太长，请缩短。", "too_large")


def safe_name(name: str) -> str:
    """Return the last part of a file name that a client gave, fit for the folder of an upload."""
    last = re.split(r"[/\\]", name)[-1]
    cleaned = _FORBIDDEN.sub("", last).strip(" .")
    stem, suffix = Path(cleaned).stem, Path(cleaned).suffix
    while len(stem.encode()) > _NAME_BYTES:
        stem = stem[:-1]
    return f"{stem}{suffix[:12]}"


def _id(name: str) -> str:
    return document_id(Path(name).stem)


def _decoded(raw: bytes) -> str:
    """Decode a file name; browsers send UTF-8, old clients GB18030."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def _too_large(limits: Limits) -> Refused:
    return Refused(
        413,
        "请求太大",
        f"一次上传合计不能超过{limits.total_bytes // _MIB} MiB，请分几次上传。",
        "too_large",
    )


def _faulty(why: str) -> Refused:
    return Refused(
        422,
        "上传有误",
        f"上传的内容有误：{why}；请用multipart/form-data，把报告放在“files”字段里。",
        "upload_invalid",
    )
