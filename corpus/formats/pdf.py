"""Read a PDF with a text layer."""

from __future__ import annotations

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from corpus.errors import DocumentError
from corpus.formats.extraction import MAX_CHARACTERS, Source, TextBuilder, visible
from corpus.formats.pdf_lines import page_lines
from corpus.formats.pdf_page import read_page
from corpus.formats.pdf_paragraphs import paragraphs
from corpus.formats.pdf_rows import Line
from corpus.formats.pdf_running import without_running_lines
from corpus.reading import looks_like_text

# The longest plans have 300 pages; at some 10 ms a page this many take a minute.
MAX_PAGES = 5_000

# A page with less is a picture with a page number or a stamp on it.
_PAGE_MIN = 10  # characters
_SCANNED_SHARE = 0.8  # of the pages without text makes the whole file a scan
_NAMED_PAGES = 10  # that a warning lists


def read_pdf(data: bytes, name: str) -> Source:
    """Return the text of a PDF and where its pages start.

    Running headers, footers and page numbers are left out, columns are read one after the other,
    and lines broken inside a sentence are joined.

    :raises DocumentError: if the file is damaged, wants a password, is too long, or has no text.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise _unopened(error, name) from error
    try:
        if len(document) > MAX_PAGES:
            raise DocumentError(
                f"文件“{name}”有{len(document)}页，超过{MAX_PAGES}页的上限，请拆分后再导入。"
            )
        return _read(document, name)
    finally:
        document.close()


def _unopened(error: pdfium.PdfiumError, name: str) -> DocumentError:
    code = getattr(error, "err_code", None)
    if code in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY):
        return DocumentError(
            f"文件“{name}”设了打开密码，无法读取；请用PDF阅读器打开，取消密码并另存后再导入。"
        )
    return DocumentError(
        f"文件“{name}”不完整或已损坏，不能当作PDF打开；请重新下载或重新导出后再导入。"
    )


def _read(document: pdfium.PdfDocument, name: str) -> Source:
    builder = TextBuilder(name)
    pages: list[list[Line]] = []
    bare: list[int] = []
    broken: list[int] = []
    characters = 0
    for number in range(len(document)):
        lines: list[Line] = []
        try:
            page = document[number]
            content = read_page(page)
            page.close()
        except pdfium.PdfiumError:
            broken.append(number + 1)
        else:
            lines = page_lines(content)
            if len(content.glyphs) < _PAGE_MIN and content.pictures:
                bare.append(number + 1)
        pages.append(lines)
        characters += sum(len(line.text) for line in lines)
        if characters > MAX_CHARACTERS:
            raise DocumentError(
                f"文件“{name}”的文字超过{MAX_CHARACTERS // 10_000}万字，请拆分后再导入。"
            )
    _check_text(pages, bare, broken, name)
    if bare:
        builder.warn(
            f"文件“{name}”{_listed(bare)}没有文字层，可能是扫描件，未能读取；需要时请先用OCR识别。"
        )
    if broken:
        builder.warn(
            f"文件“{name}”{_listed(broken)}已损坏，未能读取；请重新下载或重新导出后再导入。"
        )
    _add_text(builder, without_running_lines(pages))
    return builder.source()


def _check_text(pages: list[list[Line]], bare: list[int], broken: list[int], name: str) -> None:
    text = "".join(line.text for lines in pages for line in lines)
    if not pages or len(broken) == len(pages):
        raise DocumentError(
            f"文件“{name}”不完整或已损坏，一页也读不出来；请重新下载或重新导出后再导入。"
        )
    if len(bare) > _SCANNED_SHARE * len(pages) or not text.strip():
        raise DocumentError(
            f"文件“{name}”没有文字层，可能是扫描件或图片；请先用OCR软件识别成文字，再导入。"
        )
    if not looks_like_text(text):
        raise DocumentError(
            f"文件“{name}”的文字层是乱码（字体没有文字编码）；"
            "请先用OCR软件识别成文字，或从原文件重新导出PDF后再导入。"
        )


def _listed(numbers: list[int]) -> str:
    shown = "、".join(map(str, numbers[:_NAMED_PAGES]))
    return f"第{shown}{'等' if len(numbers) > _NAMED_PAGES else ''}页"


def _add_text(builder: TextBuilder, pages: list[list[Line]]) -> None:
    begun = 0
    for paragraph in paragraphs(pages):
        while begun <= paragraph.page:
            builder.page()
            begun += 1
        text = visible(paragraph.text).replace("\n", " ")
        lead = len(text) - len(text.lstrip())
        for page, offset in paragraph.breaks:
            while begun <= page:
                builder.page_inside(max(0, offset - lead))
                begun += 1
        builder.line(text)
    for _ in range(begun, len(pages)):
        builder.page()
