"""Turn the bytes of a plain text into text."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from charset_normalizer import from_bytes

from corpus.errors import DocumentError

# The largest report with pictures that we have met has 20 MiB; a file is read whole into memory.
MAX_BYTES = 64 * 1024 * 1024

SAMPLE = 20_000  # characters that tell whether a text is one

LOST_SHARE = 0.005  # of a file's characters may be damaged; more is another encoding

# The detector tries dozens of encodings; the beginning of a file is enough to tell.
_DETECTED_BYTES = 256 * 1024


def read_text(path: Path) -> str:
    """Return the text of a ``.txt`` file in UTF-8, UTF-16 or GB18030, byte-order mark removed.

    :raises DocumentError: if the file is missing, empty, too large or not text.
    """
    return decode(load(path), path.name)


def load(path: Path) -> bytes:
    """Return the bytes of a file.

    :raises DocumentError: if the file is missing, empty, larger than ``MAX_BYTES`` or no file.
    """
    try:
        if path.exists() and not path.is_file():
            raise DocumentError(f"“{path}”不是文件，请指定一个报告文件。")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise DocumentError(
                f"文件“{path.name}”超过64 MiB（有{size // 2**20} MiB），请拆分后再导入。"
            )
        with path.open("rb") as file:
            data = file.read(MAX_BYTES)
    except (OSError, ValueError) as error:
        cause = error.strerror if isinstance(error, OSError) else "路径无效"
        raise DocumentError(f"文件“{path}”打不开（{cause}），请检查路径和权限。") from error
    if not data:
        raise DocumentError(f"文件“{path.name}”是空的，请换一个有正文的文件。")
    return data


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


def looks_like_text(text: str, odd_share: float = 0.005) -> bool:
    """Tell text from bytes misread: control, private-use and unassigned characters are rare in it.

    :param odd_share: how many of the characters, 0 to 1, may be of those kinds.
    """
    sample = text[:SAMPLE]
    odd = sum(
        unicodedata.category(c) in ("Cc", "Co", "Cn", "Cs") and c not in "\n\r\t\f" for c in sample
    )
    control = sum(unicodedata.category(c) == "Cc" and c not in "\n\r\t\f" for c in sample)
    common = sum(
        "\u4e00" <= c <= "\u9fff" or c.isascii() or c in "，。、；：“”（）《》—" for c in sample
    )
    few = odd <= len(sample) * odd_share and control <= len(sample) * 0.005
    return few and common >= len(sample) * 0.6


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
        # Bytes that are no UTF-8 hardly ever pass for it, so a text in it may hold some garbage.
        if looks_like_text(text, 0.1 if encoding == "utf-8-sig" else 0.005):
            return text
    if (detected := _detect(data)) is not None:
        return detected
    # A download cut off inside a character, or a few bytes lost on a disk.
    for encoding in candidates:
        text = data.decode(encoding, errors="replace")
        if text.count("\ufffd") <= len(text) * LOST_SHARE and looks_like_text(text):
            return text
    raise DocumentError(
        f"文件“{name}”的编码无法识别，可能不是文本文件；请另存为UTF-8编码的txt再导入。"
    )


def _detect(data: bytes) -> str | None:
    sample = data[:_DETECTED_BYTES]
    if len(data) > _DETECTED_BYTES:
        sample = sample[: sample.rfind(b"\n") + 1] or sample  # cut between characters
    best = from_bytes(sample).best()
    if best is None:
        return None
    try:
        text = data.decode(best.encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    text = text.removeprefix("\ufeff")
    return text if looks_like_text(text) else None
