"""Headings, paragraphs and the years that they speak of."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.cleaning import clean
from corpus.glossary import glossary_start
from corpus.structure import NUMBERING, chinese_number, outline, period_of
from corpus.types import Document

CHAPTERS = [
    "本届政府工作回顾",
    "今后五年的奋斗目标和主要任务",
    "2022年主要工作安排",
    "打造忠诚干净、人民满意的现代政府",
]
TASKS = [
    "一、聚焦改革攻坚，再创开发开放新优势",
    "二、聚焦创新驱动，集聚内涵发展新动能",
    "三、聚焦多元支撑，构建先进产业新体系",
    "聚焦高效畅通，开辟内外循环新格局",
    "五、聚焦全域统筹，塑造滨海都市新风貌",
    "六、聚焦系统治理，树立生态建设新标杆",
    "七、聚焦共同富裕，回应美好生活新期待",
]
LINES = st.lists(
    st.sampled_from(
        ["政府工作报告", "各位代表：", "一、甲", "（一）乙", "1.丙", "三、丁", "2022年工作", "正文在此。", "——要点，",
         "", "  ", "2021年，增长7.5%。收入提高；支出下降。", "（", "“"]
    )
).map("\n".join)  # fmt: skip


def paths(text: str) -> list[tuple[str, ...]]:
    return [s.path for s in outline(text, len(text), 2022).sections]


def test_the_chapters_of_the_report_are_its_outermost_headings(document: Document) -> None:
    assert [s.path[0] for s in document.sections if len(s.path) == 1] == CHAPTERS


def test_the_heading_that_lost_its_number_stands_beside_its_numbered_siblings(
    document: Document,
) -> None:
    found = [s.path for s in document.sections if len(s.path) == 2]
    assert found == [("2022年主要工作安排", task) for task in TASKS]


def test_a_paragraph_under_the_heading_without_number_belongs_to_it(document: Document) -> None:
    start = document.text.index("持续放大外贸优势。")
    (paragraph,) = [p for p in document.paragraphs if p.start == start]
    assert paragraph.section[:2] == ("2022年主要工作安排", "聚焦高效畅通，开辟内外循环新格局")


def test_a_heading_is_quoted_from_the_report(document: Document) -> None:
    for section in document.sections:
        heading = clean(document.text, section.heading_start, section.heading_end, ()).text
        assert heading == section.path[-1]


def test_a_section_ends_where_the_next_of_its_rank_begins(document: Document) -> None:
    tasks = [s for s in document.sections if s.path[-1] in TASKS]
    assert [s.end for s in tasks[:-1]] == [s.heading_start for s in tasks[1:]]


def test_the_last_task_ends_with_its_chapter(document: Document) -> None:
    last = next(s for s in document.sections if s.path[-1] == TASKS[-1])
    assert last.end == document.text.index(CHAPTERS[-1])


def test_a_paragraph_is_filed_under_the_section_it_lies_in(document: Document) -> None:
    for section in document.sections:
        inside = [
            p
            for p in document.paragraphs
            if section.heading_end <= p.start and p.end <= section.end
        ]
        assert inside
        assert all(p.section[: len(section.path)] == section.path for p in inside)


def test_the_short_first_sentence_of_a_paragraph_names_it(document: Document) -> None:
    start = document.text.index("更大力度建设自贸试验区。")
    (paragraph,) = [p for p in document.paragraphs if p.start == start]
    assert paragraph.section[-1] == "更大力度建设自贸试验区"


def test_no_paragraph_reaches_into_the_glossary(document: Document) -> None:
    start = glossary_start(document.text)
    assert start is not None
    assert all(p.end <= start for p in document.paragraphs)


def test_no_heading_of_the_report_is_taken_for_running_text(document: Document) -> None:
    texts = {document.text[p.start : p.end] for p in document.paragraphs}
    assert not texts & {*CHAPTERS, *TASKS}


@pytest.mark.parametrize(
    ("opening", "period"),
    [
        ("过去五年，是北仑发展史上", (2017, 2021)),
        ("这五年，是创新集聚", (2017, 2021)),
        ("刚刚过去的2021年", (2021, 2021)),
        ("一年来，我们抓紧抓实", (2021, 2021)),
        ("未来五年，是我国", (2022, 2026)),
        ("——打造制造业高质量", (2022, 2026)),
        ("各位代表，精准有力", (2022, 2022)),
        ("保障再加强。", (2022, 2022)),
        ("持续放大外贸优势。", (2022, 2022)),
    ],
)
def test_a_paragraph_speaks_of_the_years_of_its_chapter_or_its_opening(
    document: Document, opening: str, period: tuple[int, int]
) -> None:
    start = document.text.index(opening)
    assert [p.period for p in document.paragraphs if p.start == start] == [period]


@pytest.mark.parametrize(
    ("heading", "period"),
    [
        ("过去五年工作回顾", (2017, 2021)),
        ("本届政府工作回顾", (2017, 2021)),
        ("今后五年的奋斗目标和主要任务", (2022, 2026)),
        ("2022年主要工作安排", (2022, 2022)),
        ("2017—2021年工作回顾", (2017, 2021)),
        ("去年工作回顾", (2021, 2021)),
        ("今年重点工作", (2022, 2022)),
        ("“十四五”时期主要目标", (2021, 2025)),
        ("打造现代政府", None),
    ],
)
def test_a_heading_tells_the_years_of_its_chapter(
    heading: str, period: tuple[int, int] | None
) -> None:
    assert period_of(heading, 2022) == period


def test_a_relative_heading_tells_nothing_in_a_report_without_year() -> None:
    assert period_of("去年工作回顾", None) is None


@pytest.mark.parametrize("name", [name for name, _ in NUMBERING])
def test_every_way_of_numbering_opens_a_section(name: str) -> None:
    text = f"政府工作报告\n各位代表：\n{name}加快发展\n我们加快发展。\n"
    assert paths(text) == [(f"{name}加快发展",)]


def test_numbered_headings_nest_in_the_order_of_their_numbering() -> None:
    text = "报告\n各位代表：\n今年工作\n一、产业\n（一）工业\n1.钢铁\n产量增长。\n（二）农业\n粮食丰收。\n"
    assert paths(text) == [
        ("今年工作",),
        ("今年工作", "一、产业"),
        ("今年工作", "一、产业", "（一）工业"),
        ("今年工作", "一、产业", "（一）工业", "1.钢铁"),
        ("今年工作", "一、产业", "（二）农业"),
    ]


def test_a_numbered_sentence_is_not_a_heading() -> None:
    text = "报告\n各位代表：\n一、我们加快发展。\n1.全力推进项目建设；\n"
    assert paths(text) == []


def test_a_figure_at_the_start_of_a_line_is_not_a_number_of_a_heading() -> None:
    text = "报告\n各位代表：\n2.5万人受益，\n"
    assert paths(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("一", 1), ("九", 9), ("十", 10), ("十一", 11), ("二十", 20), ("九十九", 99)],
)
def test_chinese_numbers_of_headings_are_understood(text: str, value: int) -> None:
    assert chinese_number(text) == value


@settings(deadline=None)
@given(LINES | st.text())
def test_paragraphs_are_ordered_and_do_not_overlap(text: str) -> None:
    borders = [b for p in outline(text, len(text), 2022).paragraphs for b in (p.start, p.end)]
    assert borders == sorted(borders)


@settings(deadline=None)
@given(LINES | st.text())
def test_every_visible_character_is_title_heading_or_running_text(text: str) -> None:
    found = outline(text, len(text), 2022)
    covered = set(range(found.header_end))
    for section in found.sections:
        covered |= set(range(section.heading_start, section.heading_end))
    for paragraph in found.paragraphs:
        covered |= set(range(paragraph.start, paragraph.end))
    assert all(i in covered for i, char in enumerate(text) if not char.isspace())
