"""Tell the kind of a file: by its first bytes, then by the ending of its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from corpus.errors import DocumentError

HEAD_BYTES = 4096  # enough for every signature below and for a page's doctype behind comments


class Kind(StrEnum):
    """A format that can be read."""

    TEXT = "txt"
    MARKDOWN = "md"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"


NAMES = {
    Kind.TEXT: "纯文本",
    Kind.MARKDOWN: "Markdown",
    Kind.HTML: "网页（HTML）",
    Kind.DOCX: "Word文档（docx）",
    Kind.PDF: "PDF",
}

SUFFIXES = {
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".shtml": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".docx": Kind.DOCX,
    ".docm": Kind.DOCX,
    ".pdf": Kind.PDF,
}

_PICTURE = "请先用OCR软件识别成文字，再导入。"
_PACKED = "请解压后导入其中的报告。"
_OFFICE = "请用Word或WPS打开，另存为docx后再导入。"


@dataclass(frozen=True)
class Foreign:
    """A format that cannot be read: its signature, its name, and what to do instead."""

    signature: bytes
    name: str
    mend: str


FOREIGN = (
    Foreign(b"\x89PNG\r\n\x1a\n", "PNG图片", _PICTURE),
    Foreign(b"\xff\xd8\xff", "JPEG图片", _PICTURE),
    Foreign(b"GIF87a", "GIF图片", _PICTURE),
    Foreign(b"GIF89a", "GIF图片", _PICTURE),
    Foreign(b"II*\x00", "TIFF图片", _PICTURE),
    Foreign(b"MM\x00*", "TIFF图片", _PICTURE),
    Foreign(b"RIFF", "图片或音视频", _PICTURE),
    Foreign(b"\x00\x00\x00\x0cjP", "JPEG2000图片", _PICTURE),
    Foreign(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版Office文档（doc、wps、xls）", _OFFICE),
    Foreign(b"{\\rtf", "RTF文档", _OFFICE),
    Foreign(b"Rar!\x1a\x07", "RAR压缩包", _PACKED),
    Foreign(b"7z\xbc\xaf\x27\x1c", "7z压缩包", _PACKED),
    Foreign(b"\x1f\x8b", "gzip压缩包", _PACKED),
    Foreign(b"BZh", "bzip2压缩包", _PACKED),
    Foreign(b"\xfd7zXZ\x00", "xz压缩包", _PACKED),
    Foreign(b"\x7fELF", "程序文件", "请换成报告文件。"),
    Foreign(b"MZ\x90", "程序文件", "请换成报告文件。"),
    Foreign(b"SQLite format 3\x00", "数据库文件", "请换成报告文件。"),
)

# An encrypted docx is an OLE file with a stream of this name.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

_BLANKS = rb"(?:\s|<\?xml[^>]{0,200}\?>|<!--.{0,2000}?-->)*"
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?" + _BLANKS + rb"<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml\b")
_SAVED_PAGE = re.compile(rb"(?:From: |MIME-Version: |Content-Type: multipart/related)", re.I)


def kind_of(data: bytes, name: str) -> Kind:
    """Return the kind of a file's bytes; ``name`` decides between the kinds of plain text.

    :raises DocumentError: if the format is one that cannot be read.
    """
    head = data[:HEAD_BYTES]
    suffix = PurePath(name).suffix.lower()
    if b"%PDF-" in head[:1024]:
        return Kind.PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind.DOCX
    for foreign in FOREIGN:
        if head.startswith(foreign.signature):
            _refuse(foreign, data, name)
    if _PAGE.match(_plain(head)):
        return Kind.HTML
    by_name = SUFFIXES.get(suffix, Kind.TEXT)
    if by_name in (Kind.PDF, Kind.DOCX):
        return _damaged_or_text(data, name, by_name)
    if by_name is not Kind.TEXT:
        return by_name
    if _XML.match(head):
        raise DocumentError(f"文件“{name}”是XML文件，不能当作报告读取。{_OFFICE}")
    if _SAVED_PAGE.match(head) and b"multipart/related" in head:
        raise DocumentError(
            f"文件“{name}”是单文件网页（mhtml），不能读取；"
            "请在浏览器里另存为“网页，仅HTML”后再导入。"
        )
    return Kind.TEXT


def mismatch(kind: Kind, name: str) -> str | None:
    """Return a warning if the ending of the name speaks of another kind than the content."""
    suffix = PurePath(name).suffix.lower()
    told = SUFFIXES.get(suffix)
    if told is kind or not suffix:
        return None
    if told is None and kind is Kind.TEXT:
        return None
    return f"文件“{name}”的扩展名是{suffix}，内容却是{NAMES[kind]}，已按{NAMES[kind]}读取。"


def _plain(head: bytes) -> bytes:
    """Return the ASCII characters of a head in UTF-16, other heads as they are."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="ignore").encode("ascii", errors="ignore")
    return head


def _refuse(foreign: Foreign, data: bytes, name: str) -> None:
    if foreign.mend is _OFFICE and _ENCRYPTED in data:
        raise DocumentError(
            f"文件“{name}”设了打开密码，无法读取；请用Word或WPS打开，取消密码并另存为docx后再导入。"
        )
    told = PurePath(name).suffix.lower()
    shown = f"，扩展名却是{told}" if told in SUFFIXES else ""
    raise DocumentError(f"文件“{name}”其实是{foreign.name}{shown}，不能读取；{foreign.mend}")


def _damaged_or_text(data: bytes, name: str, told: Kind) -> Kind:
    """Read a plain text under a wrong name as text; other bytes are a damaged file."""
    sample = data[:HEAD_BYTES]
    if b"\x00" not in sample and sum(b < 9 for b in sample) == 0:
        return Kind.TEXT
    raise DocumentError(
        f"文件“{name}”的扩展名是.{told.value}，内容却不是{NAMES[told]}，可能已损坏；"
        "请重新下载或重新导出后再导入。"
    )
