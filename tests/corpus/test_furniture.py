"""What is in a file but not in the report: page furniture, damage, a second copy."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from corpus.damage import misread_stretches
from corpus.furniture import FURNITURE, furniture_ranges
from corpus.passages import passages
from corpus.report import parse_report
from corpus.types import Document

DATA = Path(__file__).parents[1] / "data"
GOLDEN = sorted(path.stem for path in (DATA / "outlines").glob("*.txt"))


@cache
def report(name: str) -> Document:
    return parse_report((DATA / "reports" / f"{name}.txt").read_text(encoding="utf-8"), name)


@pytest.mark.parametrize("name", ["国务院_2020", "国务院_2021"])
@pytest.mark.parametrize(
    "words",
    ["维基文库", "导出", "←", "→", "相关导览", "姊妹计划", "公有领域", "Wikisource", "creativecommons", "* * *", "公报"],
)  # fmt: skip
def test_what_the_web_page_added_is_no_content(name: str, words: str) -> None:
    document = report(name)
    assert words in document.text
    assert not [p.text for p in passages(document) if words in p.text]
    assert not [s.path for s in document.sections if any(words in part for part in s.path)]


@pytest.mark.parametrize("name", ["国务院_2020", "国务院_2021"])
def test_the_title_block_begins_below_the_navigation_of_the_page(name: str) -> None:
    d = report(name)
    block = d.text[d.header_start : d.header_end]
    assert block.startswith("政府工作报告")
    assert block.split()[-1].endswith("李克强")


def test_a_heading_that_the_export_wrote_twice_is_read_once() -> None:
    first = report("国务院_2020").sections[0]
    assert first.path == ("一、2019年和今年以来工作回顾",)
    assert first.heading_end - first.heading_start == len(first.path[0])


@pytest.mark.parametrize(("example", "where"), [(e, w) for _, w, e in FURNITURE if w != "piece"])
def test_every_row_of_furniture_fits_its_example(example: str, where: str) -> None:
    text = example + "\n" if where == "top" else f"{'正文在这里。' * 20}\n{example}\n"
    ranges = furniture_ranges(text, [])
    assert [(a, b) for a, b in ranges if text[a:b].strip() == example.strip()]


@pytest.mark.parametrize("example", [e for _, w, e in FURNITURE if w == "piece"])
def test_every_note_at_the_end_of_a_line_fits_its_example(example: str) -> None:
    text = f"争取更大的胜利！{example}\n"
    assert len(furniture_ranges(text, [])) == 1


def test_ordinary_lines_are_no_furniture() -> None:
    text = "各位代表！\n2022年主要工作安排\n一、产业\n本作品获奖。\n来源渠道不断拓宽。\n下一步，我们将努力。\n关闭淘汰落后产能\n分享发展成果\n由粗放→集约转变。\n"
    assert furniture_ranges(text, []) == []


def test_a_misread_stretch_is_named_and_left_out() -> None:
    document = report("国务院_2004")
    ((start, end),) = misread_stretches(document.text)
    assert document.text[:start].rstrip().endswith("决不辜负人民的期望。")
    assert document.text[start:].startswith("銆")
    assert not document.text[end:].strip()
    assert max(p.end for p in document.paragraphs) <= start
    (warning,) = document.warnings
    assert f"第{start + 1}个字符" in warning
    assert "重新导入" in warning


def test_text_behind_a_misread_stretch_is_read_again() -> None:
    broken = ("国民经济持续健康发展，" * 20).encode().decode("gb18030", errors="replace")
    text = f"政府工作报告\n各位代表：\n粮食增产。\n{broken}\n收入增长。\n"
    document = parse_report(text, "甲县_2022")
    kept = [text[p.start : p.end] for p in document.paragraphs]
    assert kept == ["各位代表：", "粮食增产。", "收入增长。"]
    assert len(document.warnings) == 1


@pytest.mark.parametrize("name", [n for n in GOLDEN if n != "国务院_2004"])
def test_a_sound_text_has_no_warning(name: str) -> None:
    assert report(name).warnings == ()


def test_a_second_copy_of_the_report_is_left_out() -> None:
    body = "".join(
        f"　　第{i}件实事已经办好，群众反映良好，成效逐步显现出来。\n" for i in range(60)
    )
    text = f"政府工作报告\n各位代表：\n{body}政府工作报告\n{body}"
    document = parse_report(text, "甲县_2022")
    kept = [text[p.start : p.end] for p in document.paragraphs if "实事" in text[p.start : p.end]]
    assert len(kept) == len(set(kept)) == 60
    assert "重复" in document.warnings[0]
