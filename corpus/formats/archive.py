"""Check a zip container before anything in it is unpacked."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib

from docx.oxml.parser import parse_xml
from lxml.etree import tostring

from corpus.errors import DocumentError

# A report with pictures has some 50 parts; the sizes are those after unpacking. Word's XML packs
# 10 to 30 times; python-docx builds trees some five times as large as the XML, within the
# child's address space.
MAX_MEMBERS = 2_000
MAX_UNPACKED = 256 * 1024 * 1024  # bytes, all parts
MAX_XML_PART = 64 * 1024 * 1024  # bytes, one part
MAX_RATIO = 250  # unpacked to packed, for parts beyond RATIO_FROM
RATIO_FROM = 4 * 1024 * 1024  # bytes

_XML = (".xml", ".rels")
_DOCTYPES = tuple(
    word.encode(e) for e in ("ascii", "utf-16-le", "utf-16-be") for word in ("<!D", "<!E")
)


def check_docx(data: bytes, name: str) -> None:
    """Refuse containers that are damaged, encrypted, no docx, or a bomb.

    :raises DocumentError: naming what is wrong with the file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(archive.infolist(), name)
            _check_kind(archive, name)
            for member in archive.infolist():
                if member.filename.endswith(_XML):
                    _check_xml(archive.read(member), name)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        NotImplementedError,
        OSError,
    ) as error:
        raise damaged(name) from error
    except RuntimeError as error:  # zipfile: "is encrypted, password required for extraction"
        raise DocumentError(f"文件“{name}”设了密码，无法读取；请取消密码后再导入。") from error


def damaged(name: str) -> DocumentError:
    """Return the error for a container that is cut off or broken."""
    return DocumentError(
        f"文件“{name}”不完整或已损坏，不能当作docx打开；请重新下载，或用Word、WPS修复并另存后再导入。"
    )


def text_parts(data: bytes) -> bytes:
    """Return a docx that has passed ``check_docx`` without its pictures and broken links.

    A damaged picture then does no harm, nor does a link to a part that is not there: Word writes
    pictures with the target ``NULL``, and python-docx stops at the first.
    """
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as archive,
        zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as kept,
    ):
        names = {n for n in archive.namelist() if n.endswith(_XML)}
        for name in names:
            part = archive.read(name)
            kept.writestr(
                name, _existing_links(part, name, names) if name.endswith(".rels") else part
            )
    return result.getvalue()


def _existing_links(part: bytes, name: str, names: set[str]) -> bytes:
    folder = posixpath.dirname(posixpath.dirname(name))
    links = parse_xml(part)
    for link in list(links):
        target = posixpath.normpath(posixpath.join("/", folder, link.get("Target") or ""))
        if link.get("TargetMode") != "External" and target.lstrip("/") not in names:
            links.remove(link)
    serialized: bytes = tostring(links)
    return serialized


def _check_sizes(members: list[zipfile.ZipInfo], name: str) -> None:
    bomb = len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_UNPACKED
    for member in members:
        large = member.file_size > RATIO_FROM
        bomb |= large and member.file_size > MAX_RATIO * max(1, member.compress_size)
        bomb |= member.file_size > MAX_XML_PART and member.filename.endswith(".xml")
    if bomb:
        raise DocumentError(
            f"文件“{name}”解压后大得异常（疑似压缩炸弹），已拒绝读取；"
            "请确认来源，用Word或WPS打开并另存后再导入。"
        )


def _check_kind(archive: zipfile.ZipFile, name: str) -> None:
    names = set(archive.namelist())
    if "word/document.xml" in names or any(n.startswith("word/") for n in names):
        return
    if "OFD.xml" in names:
        what, mend = "OFD版式文件", "请用OFD阅读器导出为PDF后再导入。"
    elif any(n.startswith("xl/") for n in names):
        what, mend = "Excel表格", "请把要用的内容另存为docx或txt后再导入。"
    elif any(n.startswith("ppt/") for n in names):
        what, mend = "PowerPoint演示文稿", "请把要用的内容另存为docx或txt后再导入。"
    elif "mimetype" in names and "content.xml" in names:
        what, mend = "OpenDocument文档", "请用WPS或LibreOffice打开，另存为docx后再导入。"
    else:
        what, mend = "压缩包", "请解压后导入其中的报告。"
    raise DocumentError(f"文件“{name}”是{what}，不是docx，不能读取；{mend}")


def _check_xml(part: bytes, name: str) -> None:
    """Refuse document type declarations: Word writes none, and entities are defined in them."""
    if any(word in part for word in _DOCTYPES):
        raise DocumentError(
            f"文件“{name}”的XML里有文档类型或实体定义，可能是恶意文件，已拒绝读取；"
            "请用Word或WPS打开并另存后再导入。"
        )
