"""A report means the same whatever format it comes in."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from docx import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from corpus.formats.html import FURNITURE
from corpus.formats.joining import glue
from corpus.report import BUNDLED, parse_report
from corpus.source import Source, read_source
from corpus.types import Document
from eval.report_files import (
    FONT,
    MENU,
    NOTES,
    RUNNING_HEADER,
    TABLE,
    TEASERS,
    Part,
    make_docx,
    make_html,
    make_markdown,
    make_pdf,
    report_parts,
)

ROWS = [" | ".join(row) for row in TABLE]


@pytest.fixture(scope="module")
def parts() -> list[Part]:
    return report_parts(BUNDLED)


@pytest.fixture(scope="module")
def files(parts: list[Part], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("formats")
    contents = {
        "标题样式.docx": make_docx(parts),
        "只有加粗.docx": make_docx(parts, styled=False),
        "表格和脚注.docx": make_docx(parts, table=True, notes=True),
        "单栏.pdf": make_pdf(parts),
        "双栏.pdf": make_pdf(parts, columns=2),
        "表格.pdf": make_pdf(parts, table=True),
        "网页.html": make_html(parts),
        "国标码网页.htm": make_html(parts, encoding="gb18030"),
        "报告.md": make_markdown(parts).encode(),
        "报告.txt": BUNDLED.read_bytes(),
        "国标码.txt": BUNDLED.read_text("utf-8").encode("gb18030"),
        "统一码.txt": BUNDLED.read_text("utf-8").encode("utf-16"),
        "字节序标记.txt": BUNDLED.read_text("utf-8").encode("utf-8-sig"),
    }
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    return {name: folder / name for name in contents}


@pytest.fixture(scope="module")
def sources(files: dict[str, Path]) -> dict[str, Source]:
    return {name: read_source(path) for name, path in files.items()}


def characters(text: str) -> Counter[str]:
    """The multiset of characters, white space aside."""
    return Counter(c for c in text if not c.isspace())


def read(tmp_path: Path, name: str, data: bytes) -> Source:
    path = tmp_path / name
    path.write_bytes(data)
    return read_source(path)


FORMATS = [
    "标题样式.docx", "只有加粗.docx", "表格和脚注.docx", "单栏.pdf", "双栏.pdf", "表格.pdf",
    "网页.html", "国标码网页.htm", "报告.md", "国标码.txt", "统一码.txt", "字节序标记.txt",
]  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_nearly_every_character_is_kept_and_none_is_added(
    name: str, sources: dict[str, Source], document: Document
) -> None:
    expected, found = characters(document.text), characters(sources[name].text)
    kept = sum((expected & found).values())
    assert kept >= 0.995 * sum(expected.values())
    # The table and the footnotes that the maker adds are all that may come on top.
    added = sum((found - expected).values())
    assert added <= sum(len("".join(r.split())) for r in ROWS) + sum(
        len(t + d) + 12 for t, d in NOTES
    )


@pytest.mark.parametrize("name", FORMATS)
def test_sections_are_those_of_the_plain_text(
    name: str, sources: dict[str, Source], document: Document
) -> None:
    text = "\n".join(x for x in sources[name].text.split("\n") if " | " not in x)
    found = parse_report(text, "北仑区_2022")
    assert [s.path for s in found.sections] == [s.path for s in document.sections]
    assert len(found.paragraphs) == len(document.paragraphs)
    assert len(found.glossary) == len(document.glossary)


@pytest.mark.parametrize("name", ["标题样式.docx", "网页.html", "报告.md"])
def test_headings_stand_where_the_format_says(
    name: str, sources: dict[str, Source], parts: list[Part]
) -> None:
    source = sources[name]
    found = [(source.text[start:].split("\n")[0], level) for start, level in source.headings]
    assert found == [(p.text, p.level) for p in parts if p.level]


def test_headings_in_bold_have_the_level_of_their_number(
    sources: dict[str, Source], parts: list[Part]
) -> None:
    source = sources["只有加粗.docx"]
    found = [(source.text[start:].split("\n")[0], level) for start, level in source.headings]
    # The report has lost the number of 聚焦高效畅通; corpus.structure puts it in its place.
    assert found == [(p.text, 2 if "、" in p.text[:3] else 1) for p in parts if p.level]


@pytest.mark.parametrize("name", ["报告.txt", "国标码.txt", "统一码.txt", "字节序标记.txt"])
def test_plain_text_is_untouched(name: str, sources: dict[str, Source]) -> None:
    assert sources[name] == Source(BUNDLED.read_bytes().decode("utf-8"))


def test_no_reader_has_a_warning_for_a_report(sources: dict[str, Source]) -> None:
    assert {name: s.warnings for name, s in sources.items() if s.warnings} == {}


class TestWord:
    def test_a_footnote_keeps_its_mark_in_brackets_and_its_text_at_the_end(
        self, sources: dict[str, Source]
    ) -> None:
        source = sources["表格和脚注.docx"]
        assert "“两业融合”[1]1试点" in source.text
        assert source.text.endswith(
            "注释\n" + "".join(f"{n}.{t}：{d}\n" for n, (t, d) in enumerate(NOTES, 1))
        )
        assert [source.text[start:end] for start, end, _ in source.marks] == ["[1]", "[2]"]

    def test_table_rows_are_lines(self, sources: dict[str, Source]) -> None:
        assert "\n".join(ROWS) in sources["表格和脚注.docx"].text

    def test_header_and_footer_are_left_out(self, sources: dict[str, Source]) -> None:
        assert RUNNING_HEADER not in sources["标题样式.docx"].text

    def test_a_list_number_that_word_counts_is_written_out(self, tmp_path: Path) -> None:
        document = WordDocument()
        numbering = document.part.numbering_part.element
        numbering.insert(
            0,
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
                '<w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
            ),
        )
        numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
        )
        for text in ("聚焦改革攻坚", "聚焦创新驱动"):
            paragraph = document.add_paragraph(text)
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = 77
        source = read(tmp_path, "编号.docx", saved(document))
        assert source.text == "一、聚焦改革攻坚\n二、聚焦创新驱动\n"

    def test_deleted_words_are_gone_and_inserted_ones_are_there(self, tmp_path: Path) -> None:
        document = WordDocument()
        paragraph = document.add_paragraph("增长")._p
        for tag, text in (("del", "<w:r><w:delText>7%</w:delText></w:r>"), ("ins", "<w:r><w:t>8%</w:t></w:r>")):  # fmt: skip
            paragraph.append(parse_xml(f"<w:{tag} {nsdecls('w')}>{text}</w:{tag}>"))
        assert read(tmp_path, "修订.docx", saved(document)).text == "增长8%\n"

    def test_a_link_to_a_part_that_is_not_there_does_no_harm(self, tmp_path: Path) -> None:
        """Word writes pictures with the target NULL; python-docx stops at them."""
        source = io.BytesIO(saved(WordDocument(), "各位代表：现在报告工作。"))
        result = io.BytesIO()
        with zipfile.ZipFile(source) as archive, zipfile.ZipFile(result, "w") as changed:
            for name in archive.namelist():
                part = archive.read(name)
                if name == "word/_rels/document.xml.rels":
                    part = part.replace(
                        b"</Relationships>",
                        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/'
                        b'officeDocument/2006/relationships/image" Target="NULL"/></Relationships>',
                    )
                changed.writestr(name, part)
        assert read(tmp_path, "缺图.docx", result.getvalue()).text == "各位代表：现在报告工作。\n"

    def test_a_damaged_picture_does_no_harm(self, tmp_path: Path) -> None:
        data = saved(WordDocument(), "各位代表：现在报告工作。")
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            place = archive.getinfo("docProps/thumbnail.jpeg").header_offset + 200
        broken = data[:place] + bytes(50) + data[place + 50 :]
        assert read(tmp_path, "坏图.docx", broken).text == "各位代表：现在报告工作。\n"

    def test_words_in_a_content_control_or_text_box_are_read(self, tmp_path: Path) -> None:
        document = WordDocument()
        body = document.element.body
        body.insert(0, parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>控件里的话</w:t></w:r></w:p></w:sdtContent></w:sdt>"))  # fmt: skip
        run = document.add_paragraph("正文").add_run()._r
        run.append(parse_xml(f"<w:pict {nsdecls('w')}><w:txbxContent><w:p><w:r><w:t>框里的话</w:t></w:r></w:p></w:txbxContent></w:pict>"))  # fmt: skip
        assert body.find(qn("w:sdt")) is not None
        assert read(tmp_path, "控件.docx", saved(document)).text == "控件里的话\n正文\n框里的话\n"


def saved(document: object, text: str = "") -> bytes:
    result = io.BytesIO()
    if text:
        document.add_paragraph(text)  # type: ignore[attr-defined]
    document.save(result)  # type: ignore[attr-defined]
    return result.getvalue()


class TestPdf:
    @pytest.mark.parametrize("name", ["单栏.pdf", "双栏.pdf", "表格.pdf"])
    def test_running_headers_and_page_numbers_are_gone(
        self, name: str, sources: dict[str, Source]
    ) -> None:
        text = sources[name].text
        assert RUNNING_HEADER not in text
        assert re.search(r"—\s*\d+\s*—", text) is None

    @pytest.mark.parametrize("name", ["单栏.pdf", "双栏.pdf"])
    def test_paragraphs_are_whole_again(
        self, name: str, sources: dict[str, Source], parts: list[Part]
    ) -> None:
        found = ["".join(x.split()) for x in sources[name].text.splitlines()]
        assert found == ["".join(p.text.split()) for p in parts]

    def test_pages_start_where_the_page_breaks(self, sources: dict[str, Source]) -> None:
        import pypdfium2

        source = sources["单栏.pdf"]
        document = pypdfium2.PdfDocument(make_pdf(report_parts(BUNDLED)))
        assert len(source.pages) == len(document)
        assert list(source.pages) == sorted(source.pages)
        for page, start in zip(document, source.pages, strict=True):
            shown = "".join(page.get_textpage().get_text_range().split())
            shown = shown.removeprefix(RUNNING_HEADER)
            here = "".join(source.text[start : start + 40].split())[:20]
            assert here in shown[:60]

    def test_table_rows_are_lines(self, sources: dict[str, Source]) -> None:
        assert "\n".join(ROWS) in sources["表格.pdf"].text

    @pytest.mark.parametrize("rotation", [90, 180, 270])
    def test_a_page_drawn_sideways_and_turned_back_reads_the_same(
        self, rotation: int, tmp_path: Path
    ) -> None:
        result = io.BytesIO()
        canvas = Canvas(result, pagesize=(600, 800))
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        canvas.setPageRotation(rotation)
        canvas.translate(*{90: (600, 0), 180: (600, 800), 270: (0, 800)}[rotation])
        canvas.rotate(rotation)
        canvas.setFont(FONT, 12)
        canvas.drawString(60, 500, "政府工作报告")
        canvas.drawString(60, 470, "各位代表：现在报告工作。")
        canvas.save()
        source = read(tmp_path, "转.pdf", result.getvalue())
        assert source.text == "政府工作报告\n各位代表：现在报告工作。\n"

    @pytest.mark.parametrize(
        ("before", "after", "between"),
        [
            ("全区实现", "地区生产总值", ""),
            ("PATENT", "COOPERATION", " "),
            ("2382.", "5亿元", ""),
            ("2382", ".5亿元", ""),
            ("增长7.5", "%", ""),
            ("PM", "2.5", " "),
            ("co-", "operation", ""),
        ],
    )
    def test_broken_lines_are_glued(self, before: str, after: str, between: str) -> None:
        assert glue(before, after) == between


class TestWebPage:
    @pytest.mark.parametrize("name", ["网页.html", "国标码网页.htm"])
    def test_menu_side_bar_and_footer_are_gone(self, name: str, sources: dict[str, Source]) -> None:
        text = sources[name].text
        assert not [line for line in text.splitlines() if line in (*MENU, *TEASERS)]
        assert not [
            w for w in ("ICP备", "浏览次数", "分享到", "打印本页", "当前的位置") if w in text
        ]

    def test_table_rows_are_lines(self, sources: dict[str, Source]) -> None:
        assert sources["网页.html"].text.endswith("\n".join(ROWS) + "\n")

    @pytest.mark.parametrize(("example", "pattern"), FURNITURE, ids=[e for e, _ in FURNITURE])
    def test_every_pattern_of_furniture_finds_its_example(
        self, example: str, pattern: re.Pattern[str]
    ) -> None:
        assert pattern.match(example.removesuffix("…"))

    def test_a_title_above_the_text_is_kept(self, tmp_path: Path) -> None:
        page = (
            "<html><body><h1>北仑区2022年政府工作报告</h1><div><a href=/>首页</a></div><div>"
            + "<p>各位代表：现在，我代表区人民政府向大会报告工作，请予审议，并请提出意见。</p>" * 3
            + "</div></body></html>"
        )
        source = read(tmp_path, "页.html", page.encode())
        assert source.text.startswith("北仑区2022年政府工作报告\n各位代表：")
        assert source.headings == ((0, 1),)

    def test_a_glossary_in_a_box_of_its_own_is_kept(self, tmp_path: Path) -> None:
        page = (
            "<html><body><div class=a>" + "<p>各位代表，全区经济稳定增长，民生持续改善。</p>" * 60
            + "</div><div class=b>" + "<p>1.两业融合。指先进制造业和现代服务业融合，共同发展。</p>" * 15
            + "</div><div class=c><p>版权声明：未经许可，不得转载。</p></div></body></html>"
        )  # fmt: skip
        text = read(tmp_path, "页.html", page.encode()).text
        assert text.count("两业融合") == 15
        assert "不得转载" not in text

    def test_a_table_that_lays_out_the_page_is_no_table(self, tmp_path: Path) -> None:
        words = "全区实现地区生产总值稳定增长，民生持续改善。" * 12
        page = f"<html><body><table><tr><td>导航</td><td><p>各位代表：</p><p>{words}</p></td></tr></table></body></html>"
        assert words in read(tmp_path, "旧.html", page.encode()).text.splitlines()


class TestMarkdown:
    def test_marks_go_and_list_numbers_stay(self, tmp_path: Path) -> None:
        text = "# 政府工作报告\n\n实现**地区生产总值**2382.5亿元[^甲]，见[附件](a.pdf)。\n\n1. 稳增长\n2. 惠民生\n\n[^甲]: 按可比价计算。\n"
        source = read(tmp_path, "记.md", text.encode())
        assert source.text == (
            "政府工作报告\n实现地区生产总值2382.5亿元[1]，见附件。\n1.稳增长\n2.惠民生\n注释\n1.按可比价计算。\n"
        )
        assert [source.text[a:b] for a, b, _ in source.marks] == ["[1]"]

    def test_lines_wrapped_by_an_editor_are_joined(self, tmp_path: Path) -> None:
        text = "2021年，全区实现地区生产总值2382.5亿元，年均增长7.5%，城乡居民人均可支\n配收入年均增长7.7%。\n第二行单独成段。\n"
        lines = read(tmp_path, "折行.md", text.encode()).text.splitlines()
        assert lines[0].endswith("城乡居民人均可支配收入年均增长7.7%。")
        assert lines[1] == "第二行单独成段。"
