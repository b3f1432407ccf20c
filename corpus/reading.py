"""Turn the bytes of a file into text."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from charset_normalizer import from_bytes

from corpus.errors import DocumentError

MAX_BYTES = 64 * 1024 * 1024


def read_text(path: Path) -> str:
    """Return the text of a ``.txt`` file in UTF-8, UTF-16 or GB18030, byte-order mark removed.

    :raises DocumentError: if the file is missing, empty, too large or not text.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DocumentError(f"文件“{path.name}”超过64 MiB，请拆分后再导入。")
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(
            f"文件“{path}”打不开（{error.strerror}），请检查路径和权限。"
        ) from error
    return decode(data, path.name)


def decode(data: bytes, name: str) -> str:
    """Decode the bytes of the named file.

    UTF-8 decides by itself; GB18030, which almost any bytes satisfy, must also look like Chinese
    text, else the detector has a say.

    :raises DocumentError: if there is no text in the bytes.
    """
    text = _decode(data, name)
    if not text.strip():
        raise DocumentError(f"文件“{name}”是空的，请换一个有正文的文件。")
    if not any(unicodedata.category(c)[0] == "L" for c in text):
        raise DocumentError(f"文件“{name}”里没有文字，请换一个有正文的文件。")
    return text


def _decode(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _looks_like_text(text):
            return text
    best = from_bytes(data).best()
    if best is not None and _looks_like_text(str(best)):
        return str(best)
    raise DocumentError(
        f"文件“{name}”的编码无法识别，可能不是文本文件；请另存为UTF-8编码的txt再导入。"
    )


def _looks_like_text(text: str) -> bool:
    """Tell text from bytes misread: control, private-use and unassigned characters are rare in it."""
    sample = text[:20_000]
    odd = sum(unicodedata.category(c) in ("Cc", "Co", "Cn", "Cs") and c not in "\n\r\t\f" for c in sample)
    common = sum("\u4e00" <= c <= "\u9fff" or c.isascii() or c in "，。、；：“”（）《》—" for c in sample)
    return odd <= len(sample) * 0.005 and common >= len(sample) * 0.6
