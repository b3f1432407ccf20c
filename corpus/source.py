"""Read a file of any kind that people keep reports in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from corpus.errors import DocumentError
from corpus.formats.extraction import MAX_CHARACTERS, Source
from corpus.formats.kinds import Kind, kind_of, mismatch
from corpus.reading import LOST_SHARE, decode, load
from corpus.sandbox import read_in_child

__all__ = ["Source", "read_source"]

# A report says what it is in its title or greets the deputies soon after.
_HEAD = 3_000  # characters
_REPORT_WORDS = ("工作报告", "各位代表", "人民代表大会")


def read_source(path: Path) -> Source:
    """Return the text of a txt, Markdown, HTML, docx or PDF file.

    The content decides about the kind, then the ending of the name. A txt is decoded and left
    untouched; the others are parsed in a child process with limits of time and memory.

    :raises DocumentError: if there is no text to be had; the message (Chinese) names the file, the
        cause and the mend.
    """
    data = load(path)
    kind = kind_of(data, path.name)
    if kind is Kind.TEXT:
        source = Source(decode(data, path.name))
        if len(source.text) > MAX_CHARACTERS:
            raise DocumentError(
                f"文件“{path.name}”的文字超过{MAX_CHARACTERS // 10_000}万字，请拆分后再导入。"
            )
    else:
        del data  # the child reads the file itself
        source = read_in_child(kind, path, path.name)
    told = [f(source.text, path.name) for f in (_damaged, _no_report)]
    told.insert(0, mismatch(kind, path.name))
    return replace(source, warnings=(*source.warnings, *(w for w in told if w)))


def _damaged(text: str, name: str) -> str | None:
    # Where there are more, the text was misread before it came to us: corpus.damage finds those.
    lost = text.count("\ufffd")
    if not 0 < lost <= len(text) * LOST_SHARE:
        return None
    return f"文件“{name}”有{lost}个字已损坏（显示为\ufffd）；请核对原文件。"


def _no_report(text: str, name: str) -> str | None:
    head = "".join(text[:_HEAD].split())
    if any(word in head for word in _REPORT_WORDS):
        return None
    return f"文件“{name}”看起来不是政府工作报告，已按普通文档导入；章节和数据可能认不全。"
