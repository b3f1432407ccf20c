"""Files of any Chinese encoding are read the same; what is no text is refused by name."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from corpus.errors import DocumentError
from corpus.reading import read_text
from corpus.report import BUNDLED
from corpus.types import Document

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00" + random.Random(1).randbytes(4000)


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"],
)
def test_the_report_reads_the_same_in_every_encoding(
    document: Document, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "报告.txt"
    path.write_bytes(document.text.encode(encoding))
    assert read_text(path) == document.text


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf16_with_a_byte_order_mark_reads_the_same(
    document: Document, tmp_path: Path, mark: bytes
) -> None:
    path = tmp_path / "报告.txt"
    encoding = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    path.write_bytes(mark + document.text.encode(encoding))
    assert read_text(path) == document.text


def test_a_short_note_in_gb18030_is_read(tmp_path: Path) -> None:
    path = tmp_path / "短.txt"
    path.write_bytes("北仑区政府工作报告".encode("gb18030"))
    assert read_text(path) == "北仑区政府工作报告"


def test_the_text_of_a_file_with_windows_line_ends_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_bytes("政府工作报告\r\n各位代表：\r\n".encode())
    assert read_text(path) == "政府工作报告\r\n各位代表：\r\n"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xef\xbb\xbf", id="only a byte-order mark"),
        pytest.param(" \n\t\u3000\n".encode(), id="white space"),
        pytest.param("————\n2022 ……".encode(), id="no letter"),
        pytest.param(PNG, id="a picture"),
        pytest.param(bytes(2000), id="zeros"),
        pytest.param(b"\xff\xfe" + PNG, id="a picture that looks like UTF-16"),
    ],
)
def test_a_file_without_text_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "附件三.txt"
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=r"文件“附件三\.txt”.*请"):
        read_text(path)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"不存在的报告\.txt”打不开.*请检查路径"):
        read_text(tmp_path / "不存在的报告.txt")


def test_a_folder_in_place_of_a_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=tmp_path.name):
        read_text(tmp_path)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "很大.txt"
    with path.open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    with pytest.raises(DocumentError, match=r"很大\.txt”超过64 MiB"):
        read_text(path)


def test_a_refusal_has_a_code_for_programs(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as refused:
        read_text(tmp_path / "无.txt")
    assert refused.value.code == "document_unreadable"


def test_the_bundled_report_is_text() -> None:
    assert "各位代表" in read_text(BUNDLED)
