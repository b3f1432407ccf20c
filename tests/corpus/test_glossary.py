"""Glossary entries and the footnote marks glued to their terms in the body."""

from __future__ import annotations

import pytest

from corpus.cleaning import clean
from corpus.glossary import find_entries, find_marks, glossary_start, uses_of
from corpus.report import parse_report
from corpus.types import Document

# number, term, how its definition begins
ENTRIES = [
    (1, "两业融合", "先进制造业和现代服务业融合发展。"),
    (2, "证照分离", "市场主体只需到工商部门领取营业执照"),
    (3, "TOD", "以公共交通为导向的开发"),
    (4, "两整两提", "即：市场综合整治、小微企业整合"),
    (5, "一核两翼、三区协同、多点联动", "“一核”指的是凤凰城"),
    (6, "五大功能定位", "是国家在浙江自贸试验区扩区方案中"),
    (7, "“131”功能定位", "国家批复的浙江自贸试验区宁波片区"),
    (8, "三张清单", "即数字化改革中的重大需求清单"),
    (9, "IRS", "指浙江省一体化数字资源系统。"),
    (10, "“152”体系与“141”体系全面贯通", "是浙江省为了破解基层治理碎片化"),
    (11, "PCT申请", "指通过专利合作条约（PATENT COOPERATION TREATY）途径"),
    (12, "四新经济", "指“新技术、新产业、新业态、新模式”的经济形态"),
    (13, "“3455”上市企业倍增计划", "指到2026年末"),
    (14, "M0", "即空间规划体系中在工业用地（M类）中"),
    (15, "RCEP", "指区域全面经济伙伴关系协定"),
    (16, "农业“双强”行动", "是浙江省提出的科技强农、机械强农行动。"),
    (17, "臭氧与PM2.5“双控双减”", "指对细颗粒物(PM2.5)和臭氧(O₃)"),
    (18, "三线一单", "是指生态保护红线、环境质量底线"),
    (19, "基层卫生网底建设“双百”计划", "到2025年，规划内社区卫生服务站"),
    (20, "两客一危", "指从事旅游的包车"),
    (21, "“大综合一体化”改革", "指以数字化改革为引领"),
]
# The text around each mark, which stands at the bar.
MARKS = [
    (1, "全国首批“两业融合”|试点"),
    (2, "率先试点“证照分离”|改革"),
    (3, "滨江新城迈入TOD|开发新阶段"),
    (4, "深入开展“两整两提”|，改造"),
    (5, "三区协同、多点联动”|的空间总体布局"),
    (6, "紧紧围绕“五大功能定位”|，强化"),
    (7, "围绕“131”功能定位|，强化"),
    (8, "围绕“三张清单”|，谋划"),
    (9, "加强IRS|推广应用"),
    (10, "推动“152”体系与“141”体系|全面贯通"),
    (11, "PCT申请|30件"),
    (12, "与“四新经济”|，加快"),
    (13, "“3455”上市企业倍增计划|，全年"),
    (14, "双轨关联、M0|创新型产业用地"),
    (15, "用好RCEP|红利"),
    (16, "农业“双强”行动|，积极"),
    (17, "臭氧与PM2.5“双控双减”|，大力"),
    (18, "严守“三线一单”|，认真"),
    (19, "基层卫生网底建设“双百”计划|，创新"),
    (20, "“两客一危”|安全监管"),
    (21, "“大综合一体化”改革|，完善"),
]


def body_of(document: Document) -> str:
    return document.text[: glossary_start(document.text)]


def as_read(document: Document) -> str:
    return clean(document.text, 0, len(document.text), document.marks).text


@pytest.mark.parametrize(("number", "term", "definition"), ENTRIES)
def test_every_glossary_entry_is_found_with_its_definition(
    document: Document, number: int, term: str, definition: str
) -> None:
    entry = document.glossary[number - 1]
    assert (entry.number, entry.term) == (number, term)
    assert document.text[entry.definition_start : entry.end].startswith(definition)


def test_the_report_has_no_entry_beside_the_21(document: Document) -> None:
    assert len(document.glossary) == len(ENTRIES)


def test_a_definition_ends_before_the_next_entry(document: Document) -> None:
    for entry, following in zip(document.glossary, document.glossary[1:], strict=False):
        definition = document.text[entry.definition_start : entry.end]
        assert definition.endswith("。")
        assert entry.end <= following.start


@pytest.mark.parametrize(("number", "context"), MARKS)
def test_every_footnote_mark_is_found_behind_its_term(
    document: Document, number: int, context: str
) -> None:
    mark = document.marks[number - 1]
    before, after = context.split("|")
    assert mark.number == number
    assert document.text[mark.start : mark.end] == str(number)
    assert document.text[: mark.start].endswith(before)
    assert document.text[mark.end :].startswith(after)


@pytest.mark.parametrize("context", [context for _, context in MARKS])
def test_a_footnote_mark_is_not_read_aloud(document: Document, context: str) -> None:
    assert context.replace("|", "") in as_read(document)


@pytest.mark.parametrize(
    "name",
    ["PM2.5浓度由33微克", "“225”外贸双万亿", "新建5G基站600个", "“3455”上市企业", "“131”功能", "“246”产业",
     "11个主要经济指标", "“12345”热线", "7×24小时", "220KV灵岩变", "发明专利300件"],
)  # fmt: skip
def test_digits_of_the_text_are_not_taken_for_marks(document: Document, name: str) -> None:
    assert name in as_read(document)


def test_a_report_without_glossary_has_no_marks() -> None:
    document = parse_report("政府工作报告\n各位代表：\n推进“两业融合”1试点。\n", "甲县_2022")
    assert (document.glossary, document.marks) == ((), ())


def test_the_words_glossary_in_running_text_open_no_glossary() -> None:
    assert glossary_start("有关名词解释见附件。\n各位代表：") is None


def test_the_last_glossary_title_counts() -> None:
    text = "目录\n名词解释\n正文。\n名词解释：\n1.甲乙。丙。"
    assert glossary_start(text) == text.rindex("名词解释")


@pytest.mark.parametrize("number", ["1.", "1．", "1、"])
@pytest.mark.parametrize("stop", ["。", "：", ":"])
def test_entries_are_read_in_the_usual_ways_of_writing(number: str, stop: str) -> None:
    text = f"名词解释\n　{number}三线一单{stop}生态保护红线等。\n"
    (entry,) = find_entries(text, 0)
    assert entry.term == "三线一单"
    assert text[entry.definition_start : entry.end] == "生态保护红线等。"


def test_a_definition_of_several_lines_is_kept_whole() -> None:
    text = "名词解释\n1.四个平台。指：\n综治工作；\n市场监管。\n2.两山。绿水青山。\n"
    first, _ = find_entries(text, 0)
    assert text[first.definition_start : first.end] == "指：\n综治工作；\n市场监管。"


def test_a_numbered_list_inside_a_definition_opens_no_entries() -> None:
    text = "名词解释\n1.双百。包括：\n5.其他：略。\n2.两山。绿水青山。\n"
    assert [e.term for e in find_entries(text, 0)] == ["双百", "两山"]


def test_marks_stand_in_the_order_of_their_numbers() -> None:
    body = "我们2年建成2座桥，推进“两业融合”1和“证照分离”2改革。\n"
    text = body + "名词解释\n1.两业融合。甲。\n2.证照分离。乙。\n"
    marks = find_marks(text, len(body), find_entries(text, len(body)))
    assert [(m.number, text[m.end :][:2]) for m in marks] == [(1, "和“"), (2, "改革")]


def test_a_term_without_its_mark_does_not_hide_the_next_mark() -> None:
    body = "推进两业融合和“证照分离”2改革。\n"
    text = body + "名词解释\n1.两业融合。甲。\n2.证照分离。乙。\n"
    marks = find_marks(text, len(body), find_entries(text, len(body)))
    assert [m.number for m in marks] == [2]


@pytest.mark.parametrize(
    ("number", "times"), [(1, 3), (2, 2), (3, 2), (8, 1), (10, 1), (14, 1), (21, 1)]
)
def test_uses_of_a_term_are_found_all_over_the_body(
    document: Document, number: int, times: int
) -> None:
    assert len(document.glossary[number - 1].uses) == times


def test_a_use_is_the_term_itself_without_the_mark_behind_it(document: Document) -> None:
    m0 = document.glossary[13]
    assert [document.text[a:b] for a, b in m0.uses] == ["M0"]


def test_every_term_is_used_in_the_body_and_not_in_the_glossary(document: Document) -> None:
    for entry in document.glossary:
        assert entry.uses
        assert all(end <= len(body_of(document)) for _, end in entry.uses)


def test_a_use_is_found_although_a_mark_stands_in_its_middle(document: Document) -> None:
    ((start, end),) = document.glossary[9].uses
    assert clean(document.text, start, end, document.marks).text.endswith("“141”体系全面贯通")


def test_quotes_do_not_hide_a_use() -> None:
    text = "推进“扩中”“提低”行动。"
    ((start, end),) = uses_of("扩中提低行动", text, len(text), [])
    assert text[start:end] == "扩中”“提低”行动"
