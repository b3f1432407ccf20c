"""The grounding guard over the bundled report: what a model may say, and what is kept from the reader."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from chat.generative.guard import Verdict, check
from chat.generative.sentences import DraftSentence, parsed
from chat.generative.sources import Source, sources
from chat.service import Service
from index.words import shipped_words

WORDS = shipped_words()
# A phrase of each passage that is given to the model; its number is its place here.
PASSAGES = (
    "2021年，全区实现地区生产总值2382.5亿元",
    "全区空气质量优良率由2016年的88.5%跃升至2021年的96%",
    "新增城镇就业112696人",
    "成功引进极氪电动汽车、荣芯半导体",
    "力争全区生产总值超过3200亿元",
    "全社会研发经费支出占GDP比重从2016年的2.4%提高到2021年的2.7%以上",
    "是我区发展向更高层级迈进的关键五年",
    "2020年3月29日，习近平总书记亲临浙江考察",
)


@pytest.fixture(scope="module")
def given(service: Service) -> tuple[Source, ...]:
    library = service.library
    return sources(
        library, [next(p for p in library.passages if phrase in p.text) for phrase in PASSAGES]
    )


def judge(written: str, given: tuple[Source, ...]) -> Verdict:
    sentence = parsed(written)
    assert sentence is not None
    return check(sentence, given, WORDS)


@pytest.mark.parametrize(
    "written",
    [
        "2021年，全区实现地区生产总值2382.5亿元，年均增长7.5%。[1]",
        "根据段落，2021年北仑区的地区生产总值为2382.5亿元[1]。",
        "2021年全区地区生产总值达到２３８２．５亿元【1】。",
        "2021年，北仑区GDP为2382.5亿元。[1]",
        "财政总收入781.1亿元，年均增长18.8%。[1]",
        "空气质量优良率由2016年的88.5%跃升至2021年的96%[2]。",
        "PM2.5浓度由33微克/立方米降至20微克/立方米。[2]",
        "五年来新增城镇就业112696人。[3]",
        "新增城镇就业11.2696万人。[3]",
        "报告提到，成功引进极氪电动汽车等重点项目39个，投资总额超1450亿元。[4]",
        "到2026年，力争全区生产总值超过3200亿元。[5]",
        "研发经费支出占GDP比重从2016年的2.4%提高到2021年的2.7%以上。[6]",
        "2020年3月29日，习近平总书记亲临浙江考察，第一站来到北仑。[8]",
        "新增城镇就业112696人，获“最佳促进就业城市奖”。[3]",
    ],
)
def test_what_the_cited_passage_says_is_kept(written: str, given: tuple[Source, ...]) -> None:
    verdict = judge(written, given)
    assert not verdict.faults.any(), verdict.faults
    assert verdict.supports


# What is wrong: (sentence, the count that tells it)
WRONG: tuple[tuple[str, str], ...] = (
    # numbers
    ("2021年，全区实现地区生产总值2832.5亿元。[1]", "unsupported_numbers"),
    ("2021年，全区实现地区生产总值23825亿元。[1]", "unsupported_numbers"),
    ("2021年，全区实现地区生产总值二千三百八十二亿元。[1]", "unsupported_numbers"),
    ("2021年，全区实现地区生产总值2382.5万元。[1]", "unsupported_numbers"),
    ("2021年，全区实现地区生产总值２３８３．５亿元。[1]", "unsupported_numbers"),
    ("2021年，全区实现地区生产总值超过2382.5亿元。[1]", "unsupported_numbers"),
    ("地区生产总值年均增长7.5个百分点。[1]", "unsupported_numbers"),
    ("地区生产总值年均增长七点六个百分点。[1]", "unsupported_numbers"),
    ("地区生产总值年均增长近一成。[1]", "unsupported_numbers"),
    ("地区生产总值年均增长7%—8%。[1]", "unsupported_numbers"),
    ("到2026年，力争全区生产总值3200亿元。[5]", "unsupported_numbers"),
    ("到2026年，力争全区生产总值不到3200亿元。[5]", "unsupported_numbers"),
    ("2021年全区实现地区生产总值2382.5亿元，约合壹仟亿美元。[1]", "unsupported_numbers"),
    ("空气质量优良率达到96%，其中④个街道优良。[2]", "unsupported_numbers"),
    ("新增城镇就业廿万人。[3]", "unsupported_numbers"),
    ("新增城镇就业٢٥人。[3]", "unsupported_numbers"),
    ("新增城镇就业3️⃣人。[3]", "unsupported_numbers"),
    # the number stands there, for something else
    ("2021年，全区实现财政总收入2382.5亿元。[1]", "unsupported_numbers"),
    ("一般公共预算收入781.1亿元。[1]", "unsupported_numbers"),
    ("财政总收入年均增长17.8%。[1]", "unsupported_numbers"),
    ("地区生产总值年均下降7.5%。[1]", "unsupported_numbers"),
    ("空气质量优良率由2016年的96%变为2021年的88.5%。[2]", "unsupported_numbers"),
    # years
    ("2020年，全区实现地区生产总值2382.5亿元。[1]", "unsupported_numbers"),
    ("到2025年，力争全区生产总值超过3200亿元。[5]", "unsupported_numbers"),
    ("未来五年，是我区发展向更高层级迈进的关键五年，将于2月12日完成。[7]", "unsupported_numbers"),
    ("2021年3月二五日，全区实现地区生产总值2382.5亿元。[1]", "unsupported_numbers"),
    ("2021年3月15日，全区实现地区生产总值2382.5亿元。[1]", "unsupported_numbers"),
    # names
    ("2021年，鄞州区实现地区生产总值2382.5亿元。[1]", "unsupported_names"),
    ("成功引进比亚迪、荣芯半导体等重点项目39个。[4]", "unsupported_names"),
    ("新增城镇就业112696人，详见https://example.com。[3]", "unsupported_names"),
    # quotations
    ("新增城镇就业112696人，获“全国就业先进城市”。[3]", "unsupported_quotes"),
    ("总投资额超“450亿元”。[4]", "unsupported_quotes"),
    ("投资总额超“1450”元。[4]", "unsupported_quotes"),
    # turned round
    ("2021年全区未实现地区生产总值2382.5亿元。[1]", "contradictions"),
    ("空气质量优良率没有跃升。[2]", "contradictions"),
    # words
    ("今年将免费发放教育补贴，取消学费。[1]", "unsupported_words"),
    # citations
    ("2021年，全区实现地区生产总值2382.5亿元。", "uncited"),
    ("2021年，全区实现地区生产总值2382.5亿元。[9]", "unknown_citations"),
    ("2021年，全区实现地区生产总值2382.5亿元。[1][9]", "unknown_citations"),
    # the passage cited is another one
    ("2021年，全区实现地区生产总值2382.5亿元。[2]", "unsupported_numbers"),
)  # fmt: skip


@pytest.mark.parametrize(("written", "count"), WRONG)
def test_what_it_does_not_say_is_found(written: str, count: str, given: tuple[Source, ...]) -> None:
    faults = judge(written, given).faults
    assert getattr(faults, count), faults


def test_two_amounts_of_a_sentence_that_change_places_are_found(service: Service) -> None:
    """Whatever the guard makes of the names: each stands among the words of the other."""
    library = service.library
    exchanged = 0
    for source in sources(library, list(library.passages)):
        for sentence in source.sentences:
            text = sentence.folded
            found = [a.amount for a in sentence.amounts if a.amount.unit and not a.amount.chinese]
            for a, b in combinations(found, 2):
                if a.unit != b.unit or a.value == b.value:
                    continue
                one, other = text[a.start : a.end], text[b.start : b.end]
                lie = text[: a.start] + other + text[a.end : b.start] + one + text[b.end :]
                verdict = check(DraftSentence(lie, (1,)), (replace(source, number=1),), WORDS)
                assert verdict.faults.unsupported_numbers, lie
                exchanged += 1
    assert exchanged > 20


def test_a_sentence_at_fault_can_be_replaced_by_the_report(given: tuple[Source, ...]) -> None:
    verdict = judge("2021年，全区实现地区生产总值2832.5亿元。[1]", given)
    assert verdict.nearest is not None
    assert verdict.nearest.text.startswith("2021年，全区实现地区生产总值2382.5亿元")


def test_each_sentence_of_the_report_passes_with_its_own_passage(service: Service) -> None:
    library = service.library
    all_passages = sources(library, [p for p in library.passages if p.section != ("标题",)])
    for source in all_passages:
        for sentence in source.sentences:
            verdict = judge(f"{sentence.text}[{source.number}]", all_passages)
            assert not verdict.faults.any(), (sentence.text, verdict.faults)
