"""A file that cannot be read says why and what to do, soon, and harms nothing."""

from __future__ import annotations

import io
import os
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

import corpus.sandbox
from corpus.errors import DocumentError
from corpus.formats.html import read_html
from corpus.formats.kinds import FOREIGN
from corpus.formats.markdown import read_markdown
from corpus.reading import MAX_BYTES
from corpus.report import BUNDLED
from corpus.source import read_source
from eval.fuzz_readers import run
from eval.report_files import make_docx, make_pdf, report_parts

# Seconds in which any of these files must be refused, on a busy machine.
SOON = 20


@pytest.fixture(scope="module")
def docx() -> bytes:
    return make_docx(report_parts(BUNDLED)[:20])


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return make_pdf(report_parts(BUNDLED)[:20])


def refusal(tmp_path: Path, name: str, data: bytes) -> str:
    """Write the file, read it, and return the message with which it is refused."""
    path = tmp_path / name
    path.write_bytes(data)
    start = time.monotonic()
    with pytest.raises(DocumentError) as caught:
        read_source(path)
    assert time.monotonic() - start < SOON
    assert name in caught.value.message
    assert "；" in caught.value.message or "，请" in caught.value.message
    return caught.value.message


def repacked(data: bytes, change: Callable[[str, bytes], bytes], **extra: bytes) -> bytes:
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as archive,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in archive.namelist():
            packed.writestr(name, change(name, archive.read(name)))
        for name, part in extra.items():
            packed.writestr(name, part)
    return result.getvalue()


def bare_pdf(pages: int) -> bytes:
    """A PDF of so many empty pages, written by hand."""
    kids = " ".join(f"{n} 0 R" for n in range(3, pages + 3))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {pages}/Kids[{kids}]>>"]
    objects += ["<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"] * pages
    result = io.BytesIO(b"%PDF-1.4\n")
    result.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, 1):
        places.append(result.tell())
        result.write(f"{number} 0 obj{body}endobj\n".encode())
    start = result.tell()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    result.write(
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode()
    )
    return result.getvalue()


def scanned_pdf() -> bytes:
    """A PDF of two pictures, as a scanner makes it."""
    result = io.BytesIO()
    page = Image.new("RGB", (600, 850), "white")
    page.save(result, "PDF", save_all=True, append_images=[page])
    return result.getvalue()


class TestPdf:
    def test_a_password_is_asked_to_be_taken_off(self, tmp_path: Path) -> None:
        data = make_pdf(report_parts(BUNDLED)[:5], password="secret")
        assert "密码" in refusal(tmp_path, "加密.pdf", data)

    def test_a_scan_is_sent_to_ocr(self, tmp_path: Path) -> None:
        message = refusal(tmp_path, "扫描.pdf", scanned_pdf())
        assert "没有文字层" in message
        assert "OCR" in message

    def test_scanned_pages_among_others_are_named(self, tmp_path: Path, pdf: bytes) -> None:
        import pypdfium2

        document = pypdfium2.PdfDocument(pdf)
        pages = len(document)
        document.import_pages(pypdfium2.PdfDocument(scanned_pdf()), [0])
        result = io.BytesIO()
        document.save(result)
        path = tmp_path / "夹有扫描页.pdf"
        path.write_bytes(result.getvalue())
        source = read_source(path)
        assert f"第{pages + 1}页没有文字层" in source.warnings[0]
        assert len(source.pages) == pages + 1

    def test_fifty_thousand_pages_are_too_many(self, tmp_path: Path) -> None:
        assert "50000页，超过5000页" in refusal(tmp_path, "五万页.pdf", bare_pdf(50_000))

    def test_a_page_tree_that_lies_about_its_length(self, tmp_path: Path) -> None:
        data = bare_pdf(3).replace(b"/Count 3", b"/Count 999999999")
        refusal(tmp_path, "页数造假.pdf", data)

    @pytest.mark.parametrize("share", [0.01, 0.2])
    def test_a_truncated_file(self, share: float, tmp_path: Path, pdf: bytes) -> None:
        message = refusal(tmp_path, "截断.pdf", pdf[: int(len(pdf) * share)])
        assert "不完整或已损坏" in message

    def test_a_picture_renamed(self, tmp_path: Path) -> None:
        result = io.BytesIO()
        Image.new("RGB", (20, 20)).save(result, "PNG")
        message = refusal(tmp_path, "改名.pdf", result.getvalue())
        assert "其实是PNG图片" in message
        assert "OCR" in message

    def test_bytes_that_are_no_pdf(self, tmp_path: Path) -> None:
        assert "内容却不是PDF" in refusal(tmp_path, "假.pdf", bytes(range(256)) * 20)


class TestWord:
    @pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
    def test_a_truncated_file(self, share: float, tmp_path: Path, docx: bytes) -> None:
        message = refusal(tmp_path, "截断.docx", docx[: int(len(docx) * share)])
        assert "不完整或已损坏" in message

    def test_a_zip_bomb_in_the_text(self, tmp_path: Path, docx: bytes) -> None:
        bomb = repacked(docx, lambda n, p: b" " * 2**23 + p if n == "word/document.xml" else p)
        assert len(bomb) < 100_000
        assert "压缩炸弹" in refusal(tmp_path, "炸弹.docx", bomb)

    def test_a_zip_bomb_beside_the_text(self, tmp_path: Path, docx: bytes) -> None:
        bomb = repacked(docx, lambda _, p: p, **{"word/media/a.bmp": bytes(2**25)})
        assert "压缩炸弹" in refusal(tmp_path, "炸弹.docx", bomb)

    def test_too_many_parts(self, tmp_path: Path, docx: bytes) -> None:
        bomb = repacked(docx, lambda _, p: p, **{f"word/x{n}.xml": b"" for n in range(2_001)})
        assert "压缩炸弹" in refusal(tmp_path, "部件.docx", bomb)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_entities_are_not_expanded(self, encoding: str, tmp_path: Path, docx: bytes) -> None:
        laughs = '<!DOCTYPE w [<!ENTITY a "哈哈哈哈"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        secret = tmp_path / "secret.txt"
        secret.write_text("密", "utf-8")
        outside = f'<!DOCTYPE w [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'
        for doctype in (laughs, outside):

            def declare(name: str, part: bytes, doctype: str = doctype) -> bytes:
                if name != "word/document.xml":
                    return part
                head, _, body = part.decode().partition("?>")
                head = head.replace("UTF-8", encoding.upper())
                return f"{head}?>{doctype}{body}".encode(encoding)

            assert "实体定义" in refusal(tmp_path, "实体.docx", repacked(docx, declare))

    def test_deeply_nested_tables(self, tmp_path: Path, docx: bytes) -> None:
        depth = 3_000
        nest = b"<w:tbl><w:tr><w:tc>" * depth + b"<w:p/>" + b"</w:tc></w:tr></w:tbl>" * depth

        def bury(name: str, part: bytes) -> bytes:
            return (
                part.replace(b"<w:body>", b"<w:body>" + nest)
                if name == "word/document.xml"
                else part
            )

        refusal(tmp_path, "深.docx", repacked(docx, bury))

    def test_a_password(self, tmp_path: Path) -> None:
        """An encrypted docx is an OLE file that names its package."""
        data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024) + "EncryptedPackage".encode("utf-16-le")  # fmt: skip
        assert "密码" in refusal(tmp_path, "加密.docx", data)

    @pytest.mark.parametrize(
        ("members", "said"),
        [
            (("OFD.xml",), "OFD版式文件"),
            (("xl/workbook.xml",), "Excel表格"),
            (("ppt/presentation.xml",), "PowerPoint"),
            (("mimetype", "content.xml"), "OpenDocument"),
            (("报告.txt",), "压缩包"),
        ],
    )
    def test_other_containers_are_told_apart(
        self, members: tuple[str, ...], said: str, tmp_path: Path
    ) -> None:
        result = io.BytesIO()
        with zipfile.ZipFile(result, "w") as archive:
            for member in members:
                archive.writestr(member, "<x/>")
        assert said in refusal(tmp_path, "别的.docx", result.getvalue())


class TestAnyFile:
    def test_an_empty_file(self, tmp_path: Path) -> None:
        for name in ("空.txt", "空.pdf", "空.docx", "空.html", "空.md"):
            assert "是空的" in refusal(tmp_path, name, b"")

    @pytest.mark.parametrize("name", ["空白.txt", "空白.html", "空白.md"])
    def test_a_file_of_blanks(self, name: str, tmp_path: Path) -> None:
        refusal(tmp_path, name, b" \n\t \n")

    def test_two_hundred_megabytes_are_refused_unread(self, tmp_path: Path) -> None:
        for name in ("大.txt", "大.pdf", "大.docx"):
            path = tmp_path / name
            with path.open("wb") as file:
                file.truncate(200 * 2**20)
            start = time.monotonic()
            with pytest.raises(DocumentError, match=name) as caught:
                read_source(path)
            assert f"超过{MAX_BYTES // 2**20} MiB（有200 MiB）" in caught.value.message
            assert time.monotonic() - start < 1

    @pytest.mark.parametrize("foreign", FOREIGN, ids=lambda f: f.name)
    def test_every_foreign_format_is_named_with_its_mend(
        self, foreign: object, tmp_path: Path
    ) -> None:
        signature, name, mend = (getattr(foreign, a) for a in ("signature", "name", "mend"))
        message = refusal(tmp_path, "报告.pdf", signature + bytes(64))
        assert name in message
        assert mend in message

    def test_what_is_no_file(self, tmp_path: Path) -> None:
        pipe = tmp_path / "管道.txt"
        os.mkfifo(pipe)
        for path in (tmp_path, pipe, tmp_path / "没有.txt", Path("/dev/zero"), Path("a\0b")):
            with pytest.raises(DocumentError, match=r"不是文件|打不开"):
                read_source(path)

    def test_a_file_that_is_no_report_is_taken_with_a_warning(self, tmp_path: Path) -> None:
        path = tmp_path / "通知.txt"
        path.write_text("关于春节放假的通知\n春节放假七天。\n", "utf-8")
        source = read_source(path)
        assert source.text.startswith("关于春节放假的通知")
        assert "不是政府工作报告" in source.warnings[0]

    @pytest.mark.parametrize(
        ("name", "kind"), [("报告.txt", "docx"), ("报告.pdf", "docx"), ("报告.doc", "网页"), ("报告.docx", "纯文本")]
    )  # fmt: skip
    def test_a_wrong_ending_is_told_and_the_file_read(
        self, name: str, kind: str, tmp_path: Path, docx: bytes
    ) -> None:
        words = "各位代表：现在报告工作，请予审议。"
        contents = {
            "docx": docx,
            "网页": f"<html><body><p>{words}</p></body></html>".encode(),
            "纯文本": words.encode(),
        }
        path = tmp_path / name
        path.write_bytes(contents[kind])
        source = read_source(path)
        assert "各位代表" in source.text
        assert "扩展名" in source.warnings[0]
        assert kind in source.warnings[0]

    def test_a_text_with_lost_bytes_is_read_with_a_warning(self, tmp_path: Path) -> None:
        path = tmp_path / "断.txt"
        path.write_bytes(BUNDLED.read_bytes() + "北".encode()[:2])
        source = read_source(path)
        assert "已损坏" in source.warnings[0]

    @pytest.mark.parametrize(
        "markup", ["<div>", "<table><tr><td>", "<b>", "<ul><li>", "&#65;", "<a href=x>", "<!--"]
    )
    def test_a_page_nested_twenty_thousand_deep(self, markup: str, tmp_path: Path) -> None:
        path = tmp_path / "深.html"
        path.write_text("<html><body>" + markup * 20_000 + "各位代表：报告工作。", "utf-8")
        start = time.monotonic()
        try:
            assert read_source(path).text
        except DocumentError as error:
            assert "深.html" in error.message
        assert time.monotonic() - start < 2 * corpus.sandbox.CPU_BASE_SECONDS


class TestChild:
    def test_a_child_that_takes_too_long_is_stopped(
        self, tmp_path: Path, pdf: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(corpus.sandbox, "WALL_PER_CPU", 0.0001)
        assert "超过30秒，已停止" in refusal(tmp_path, "慢.pdf", pdf)

    def test_a_child_that_dies_is_told_as_a_damaged_file(
        self, tmp_path: Path, pdf: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for program, said in (("/bin/false", "已损坏"), ("/没有", "启动读取进程失败")):
            monkeypatch.setattr(sys, "executable", program)
            assert said in refusal(tmp_path, "死.pdf", pdf)


class TestFuzz:
    def test_damaged_files_neither_crash_nor_hang(self) -> None:
        """The long form is ``python -m eval.fuzz_readers --inputs 20000``."""
        figures = run(300, first=1_000_000)
        assert sum(figures.outcomes.values()) == 300
        assert figures.bad == []
        assert figures.count("read") > 100
        assert figures.count("refused") > 30

    @settings(max_examples=150, deadline=2_000, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.sampled_from("# |-*_`[]()<>!^:\\&;\n\t 1.一、各位代表“”。$~=\u3000\x00\ufdd0\ufdd1\ud800"), max_size=120).map("".join))  # fmt: skip
    def test_any_markdown_is_read_or_refused(self, text: str) -> None:
        try:
            source = read_markdown(text, "a.md")
        except DocumentError:
            return
        assert source.text.strip()
        assert all(source.text[a:b] == f"[{n}]" for a, b, n in source.marks)
        assert all(0 < level <= 6 and start < len(source.text) for start, level in source.headings)

    @settings(max_examples=150, deadline=2_000, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.one_of(
                st.sampled_from(
                    "<p> </p> <div> </div> <h1> </h1> <a> </a> <table> <tr> <td> </td> </table> <br> "
                    "<ul><li> <script> <!-- --> <style> <pre> </pre> <title> &nbsp; &#x110000; <svg> <template>".split()
                ),
                st.text(max_size=20),
            ),
            max_size=40,
        ).map("".join)
    )
    def test_any_page_is_read_or_refused(self, text: str) -> None:
        try:
            source = read_html(text.encode("utf-8", "surrogatepass"), "a.html")
        except DocumentError:
            return
        assert source.text.strip()
        assert all(source.text[start] != "\n" for start, _ in source.headings)
