"""Outlines and passages of reports from eight decades, the outlines read by eye."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from corpus.description import outline_of
from corpus.glossary import find_entries, find_marks, glossary_start
from corpus.passages import MAX_CHARACTERS, MIN_CHARACTERS, TITLE_BLOCK, context, passages
from corpus.report import parse_report
from corpus.sentences import flowing_ranges
from corpus.types import Document, Passage

DATA = Path(__file__).parents[1] / "data"
GOLDEN = sorted(path.stem for path in (DATA / "outlines").glob("*.txt"))


@cache
def report(name: str) -> Document:
    return parse_report((DATA / "reports" / f"{name}.txt").read_text(encoding="utf-8"), name)


def body_passages(document: Document) -> list[Passage]:
    return [p for p in passages(document) if p.section[:1] not in ((TITLE_BLOCK,), ("名词解释",))]


@pytest.mark.parametrize("name", GOLDEN)
def test_the_outline_is_the_one_read_by_eye(name: str) -> None:
    golden = (DATA / "outlines" / f"{name}.txt").read_text(encoding="utf-8")
    assert outline_of(report(name)) == golden


def test_the_golden_outlines_come_from_eight_decades() -> None:
    assert len({name[-4:-1] for name in GOLDEN}) == len(GOLDEN) - 1 == 7


@pytest.mark.parametrize("name", GOLDEN)
def test_passages_have_the_size_of_one_idea(name: str) -> None:
    sizes = [len(p.text) for p in body_passages(report(name)) if len(p.sentences) > 1]
    assert all(size < MAX_CHARACTERS + MIN_CHARACTERS for size in sizes)


def test_nine_of_ten_passages_fit_or_are_one_sentence() -> None:
    found = [p for name in GOLDEN for p in body_passages(report(name))]
    fitting = [
        p for p in found if len(p.sentences) == 1 or MIN_CHARACTERS <= len(p.text) <= MAX_CHARACTERS
    ]
    assert len(fitting) >= 0.9 * len(found)


@pytest.mark.parametrize("name", GOLDEN)
def test_no_passage_crosses_a_heading(name: str) -> None:
    document = report(name)
    starts = [s.heading_start for s in document.sections]
    for passage in body_passages(document):
        assert not [s for s in starts if passage.start < s < passage.end]


@pytest.mark.parametrize("name", GOLDEN)
def test_no_passage_cuts_a_sentence(name: str) -> None:
    document = report(name)
    whole = [r for p in document.paragraphs for r in flowing_ranges(document.text, p.start, p.end)]
    starts, ends = {a for a, _ in whole}, {b for _, b in whole}
    found = body_passages(document)
    assert all(p.start in starts and p.end in ends for p in found)
    assert [(s.start, s.end) for p in found for s in p.sentences] == whole


@pytest.mark.parametrize("name", GOLDEN)
def test_the_context_of_a_passage_tells_report_and_headings(name: str) -> None:
    document = report(name)
    for passage in passages(document):
        assert context(document, passage) == " › ".join((document.title, *passage.section))


def test_a_paragraph_broken_over_lines_is_one_paragraph_of_whole_sentences() -> None:
    lines = (
        "过去一年，面对复杂严峻的外部环境，我们坚持稳中求进，地区生产总值",
        "增长４．２％，一般公共预算收入达到八十亿元，城乡居民收入比值缩小",
        "到1.65。新增市场主体一万二千户，规上工业增加值增长百分之五，主要",
        "指标好于全市平均水平，民生事业全面进步，社会大局保持和谐和稳定，",
        "发展质量稳步提升，改革开放不断深化，城乡面貌明显变化，群众反映好",
        "于往年。",
    )
    text = "政府工作报告\n各位代表：\n一、工作回顾\n" + "\n\n- 1 -\n".join(lines[:2]) + "\n"
    text += "\n".join(lines[2:]) + "\n二、工作安排\n新的一年要更加努力。\n"
    document = parse_report(text, "甲县_2023")
    first = document.paragraphs[1]
    assert first.section == ("一、工作回顾",)
    assert text[first.start : first.end].endswith("于往年。")
    sentences = [text[a:b] for a, b in flowing_ranges(text, first.start, first.end)]
    assert [s[-4:] for s in sentences] == [".65。", "于往年。"]


def test_a_greeting_glued_to_the_speaker_opens_the_body() -> None:
    document = report("国务院_1978")
    assert document.text[: document.header_end].endswith("华国锋")
    assert document.text[document.paragraphs[0].start :].startswith("各位代表！")


def test_a_numbered_lead_opens_a_section_that_holds_the_paragraphs_behind_it() -> None:
    document = report("国务院_2021")
    start = document.text.index("优化和落实减税政策。")
    (paragraph,) = [p for p in document.paragraphs if p.start <= start < p.end]
    assert paragraph.section[:2] == (
        "三、2021年重点工作",
        "（一）保持宏观政策连续性稳定性可持续性，促进经济运行在合理区间",
    )


def test_a_greeting_alone_closes_the_subsections() -> None:
    document = report("国务院_2012")
    start = document.text.index("让我们紧密团结在以胡锦涛同志为总书记")
    (paragraph,) = [p for p in document.paragraphs if p.start <= start < p.end]
    assert paragraph.section == ("三、2012年主要任务",)


def test_roman_order_of_numbering_is_read_from_the_report() -> None:
    text = "报告\n各位代表：\n（一）形势\n向好。\n（二）方针\n一、农业\n增产。\n二、工业\n增长。\n（三）前景\n光明。\n"
    paths = [s.path for s in parse_report(text, "甲县_1981").sections]
    assert paths == [
        ("（一）形势",),
        ("（二）方针",),
        ("（二）方针", "一、农业"),
        ("（二）方针", "二、工业"),
        ("（三）前景",),
    ]


def test_a_list_of_numbered_sentences_is_no_list_of_headings() -> None:
    text = "报告\n各位代表：\n一、要求\n第一，抓好农业。\n第二，抓好工业。\n第三，抓好商业。\n我们一定努力工作。\n"
    assert [s.path for s in parse_report(text, "甲县_1981").sections] == [("一、要求",)]


def test_the_cells_of_a_table_are_no_headings() -> None:
    text = "报告\n各位代表：\n一、要求\n指标\n单位\n上年\n今年\n以上指标要努力完成。\n"
    assert [s.path for s in parse_report(text, "甲县_1981").sections] == [("一、要求",)]


def test_line_ends_of_windows_change_nothing() -> None:
    plain = report("北仑区_2022")
    document = parse_report(plain.text.replace("\n", "\r\n"), "北仑区_2022")
    assert [s.path for s in document.sections] == [s.path for s in plain.sections]
    assert [e.term for e in document.glossary] == [e.term for e in plain.glossary]
    assert [m.number for m in document.marks] == [m.number for m in plain.marks]
    assert [p.section for p in document.paragraphs] == [p.section for p in plain.paragraphs]


def test_notes_at_the_end_are_a_glossary_if_they_are_numbered() -> None:
    document = report("国务院_2012")
    assert [e.term for e in document.glossary[:3]] == ["“三网”融合", "云计算", "物联网"]
    assert len(document.glossary) == 9
    assert all(p.end <= document.glossary[0].start for p in document.paragraphs)
    assert len(document.glossary[0].uses) == 2
    assert glossary_start("正文。\n附注：\n略。\n") is None


def test_a_number_of_the_term_itself_is_no_mark() -> None:
    assert report("国务院_2012").marks == ()


@pytest.mark.parametrize("sign", ["{}", "[{}]", "【{}】"])
def test_a_mark_behind_another_wording_is_found_by_its_sequence(sign: str) -> None:
    one, two, three, four = (sign.format(n) for n in range(1, 5))
    body = f"推进甲业{one}、提升丙行动{two}，发展丁业{three}，建设戊区{four}。\n"
    terms = ["甲业", "乙工程", "丁业", "戊区"]
    text = body + "名词解释\n" + "".join(f"{i}.{t}。略。\n" for i, t in enumerate(terms, 1))
    marks = find_marks(text, len(body), find_entries(text, len(body)))
    assert [(m.number, text[m.start : m.end]) for m in marks] == list(
        enumerate((one, two, three, four), 1)
    )
