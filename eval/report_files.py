"""Make docx, PDF, HTML and Markdown files of a report's text, for the tests of the readers."""

from __future__ import annotations

import html
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.report import read_report

if TYPE_CHECKING:  # the tools that make the files are needed for tests alone
    from docx.document import Document as WordDocument
    from docx.text.run import Run
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import BaseDocTemplate, Flowable

FONT = "STSong-Light"  # every PDF reader knows this font, so none needs to be installed
RUNNING_HEADER = "宁波市北仑区人民政府文件"

MENU = ("首页", "政务公开", "政务服务", "互动交流", "走进北仑", "专题专栏")
TEASERS = (
    "北仑区召开经济工作会议",
    "区领导调研港口建设",
    "全区安全生产大检查启动",
    "春节期间值班安排公布",
)
TABLE = (("指标", "2020年", "2021年"), ("地区生产总值（亿元）", "2080.1", "2382.5"), ("财政总收入（亿元）", "711.3", "781.1"))  # fmt: skip
NOTES = (
    ("两业融合", "指先进制造业和现代服务业融合发展。"),
    ("一带一路", "指丝绸之路经济带和二十一世纪海上丝绸之路。"),
)


@dataclass(frozen=True)
class Part:
    """A line of a report: a heading's level (1-6, 0 for running text) and its words."""

    level: int
    text: str


def report_parts(path: Path) -> list[Part]:
    """Return the lines of a report's txt, its headings with their levels."""
    document = read_report(path)
    levels = {s.heading_start: min(len(s.path), 6) for s in document.sections}
    parts = []
    start = 0
    for line in document.text.split("\n"):
        if words := line.strip():
            parts.append(Part(levels.get(start + line.index(words), 0), words))
        start += len(line) + 1
    return parts


def make_docx(
    parts: Sequence[Part], *, styled: bool = True, table: bool = False, notes: bool = False
) -> bytes:
    """Return a Word document; headings are styled or only bold, ``NOTES`` are real footnotes."""
    from docx import Document

    document = Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = RUNNING_HEADER
    section.footer.paragraphs[0].text = "— 1 —"
    marked: dict[int, Run] = {}
    for part in parts:
        if not part.level:
            paragraph = document.add_paragraph()
            rest = part.text
            for number, (term, _) in enumerate(NOTES, 1):
                head, found, tail = rest.partition(f"“{term}”")
                if notes and found and number not in marked:
                    paragraph.add_run(head + found)
                    marked[number] = paragraph.add_run()
                    rest = tail
            paragraph.add_run(rest)
        elif styled:
            document.add_heading(part.text, part.level)
        else:
            document.add_paragraph().add_run(part.text).bold = True
    if table:
        grid = document.add_table(rows=0, cols=len(TABLE[0]))
        for row in TABLE:
            for cell, text in zip(grid.add_row().cells, row, strict=True):
                cell.text = text
    if notes:
        _add_footnotes(document, marked)
    result = io.BytesIO()
    document.save(result)
    return result.getvalue()


def _add_footnotes(document: WordDocument, marked: dict[int, Run]) -> None:
    """Add a footnotes part, which python-docx cannot write, and a mark in each run."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part as OpcPart
    from docx.oxml.ns import nsdecls
    from docx.oxml.parser import parse_xml

    bodies = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r>'
        f"<w:r><w:t>{term}：{definition}</w:t></w:r></w:p></w:footnote>"
        for number, (term, definition) in enumerate(NOTES, 1)
    )
    blob = (
        f"<w:footnotes {nsdecls('w')}>"
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        f"{bodies}</w:footnotes>"
    )
    part = OpcPart(
        PackURI("/word/footnotes.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
        blob.encode(),
        document.part.package,
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    for number, run in marked.items():
        run._r.append(parse_xml(f'<w:footnoteReference {nsdecls("w")} w:id="{number}"/>'))


def make_pdf(
    parts: Sequence[Part],
    *,
    columns: int = 1,
    table: bool = False,
    password: str = "",
    compressed: bool = True,
) -> bytes:
    """Return a PDF on A4 with running header, page numbers, justified lines and indents."""
    from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Table

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    size = 14 if columns == 1 else 10.5
    body = ParagraphStyle(
        "body", fontName=FONT, fontSize=size, leading=size * 1.6, firstLineIndent=2 * size,
        wordWrap="CJK", alignment=TA_JUSTIFY,
    )  # fmt: skip
    heading = ParagraphStyle(
        "heading", body, fontSize=size + 2, leading=size * 2, alignment=TA_CENTER, firstLineIndent=0
    )
    width, height = A4
    margin, gutter = 25 * mm, 8 * mm
    column = (width - 2 * margin - (columns - 1) * gutter) / columns
    frames = [
        Frame(margin + i * (column + gutter), margin, column, height - 2 * margin,
              leftPadding=0, rightPadding=0)
        for i in range(columns)
    ]  # fmt: skip

    def running(canvas: Canvas, template: BaseDocTemplate) -> None:
        canvas.setFont(FONT, 9)
        canvas.drawCentredString(width / 2, height - 15 * mm, RUNNING_HEADER)
        canvas.drawCentredString(width / 2, 12 * mm, f"— {template.page} —")

    result = io.BytesIO()
    template = BaseDocTemplate(
        result, pagesize=A4, pageTemplates=[PageTemplate("page", frames, onPage=running)],
        encrypt=StandardEncryption(password) if password else None, pageCompression=int(compressed),
    )  # fmt: skip
    flow: list[Flowable] = [
        Paragraph(html.escape(p.text), heading if p.level else body) for p in parts
    ]
    if table:
        style = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONTNAME", (0, 0), (-1, -1), FONT)]
        flow.insert(len(flow) // 2, Table(TABLE, style=style))
    template.build(flow)
    return result.getvalue()


def make_html(parts: Sequence[Part], *, encoding: str = "utf-8") -> bytes:
    """Return a page as a government's content system makes it: menu, side bar, footer, share bar."""
    links = "".join(f'<li><a href="/{i}.html">{name}</a></li>' for i, name in enumerate(MENU))
    teasers = "".join(f'<li><a href="/t{i}.html">{t}</a></li>' for i, t in enumerate(TEASERS))
    text = "\n".join(
        f"<h{p.level}>{html.escape(p.text)}</h{p.level}>"
        if p.level
        else f"<p>\u3000\u3000{html.escape(p.text)}</p>"
        for p in parts
    )
    rows = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in TABLE)
    page = f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="{encoding}"><title>政府工作报告_北仑区人民政府</title>
<style>body {{ color: #333 }}</style><script>var site = "北仑";</script></head><body>
<div class="top"><a href="/login">登录</a> <a href="/en">English</a> 今天是2022年2月20日 星期日</div>
<div class="header"><ul class="nav">{links}</ul></div>
<div class="wrap"><div class="position">您当前的位置：<a href="/">首页</a> &gt; <a href="/zwgk">政务公开</a></div>
<div class="left"><h3>相关新闻</h3><ul>{teasers}</ul></div>
<div class="article"><div class="info">发布时间：2022-02-20 来源：区政府办 浏览次数：1203 字体：大 中 小</div>
<div class="TRS_Editor">{text}<table>{rows}</table></div>
<div class="share">分享到：<a href="#">微信</a> <a href="#">微博</a></div><div>【打印本页】 【关闭窗口】</div></div></div>
<div class="footer"><p>主办：宁波市北仑区人民政府 承办：区政府办公室</p>
<p>浙ICP备05000001号 浙公网安备33020602000001号 网站标识码：3302060001</p></div>
</body></html>"""
    return page.encode(encoding)


def make_markdown(parts: Sequence[Part]) -> str:
    """Return Markdown with ``#`` headings and a table."""
    lines = [f"{'#' * p.level} {p.text}" if p.level else p.text.replace("*", r"\*") for p in parts]
    rows = [f"| {' | '.join(row)} |" for row in TABLE]
    rows.insert(1, "|---|---|---|")
    return "\n\n".join([*lines, "\n".join(rows)]) + "\n"
