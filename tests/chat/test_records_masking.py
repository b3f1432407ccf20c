"""Personal data is masked, figures of a report are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.records.masking import masked
from corpus.report import BUNDLED

PERSONAL = [
    ("身份证11010519491231002X能办吗", "身份证[身份证号]能办吗"),
    ("１１０１０５１９４９１２３１００２Ｘ", "[身份证号]"),
    ("110105 19491231 002X", "[身份证号]"),
    ("110105-19491231-002x", "[身份证号]"),
    ("1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X", "[身份证号]"),
    ("110105194912310021", "[身份证号]"),  # a slip in the check digit
    ("老身份证110105491231002", "老身份证[身份证号]"),
    ("电话13800138000。", "电话[手机号]。"),
    ("138-0013-8000", "[手机号]"),
    ("138 0013 8000", "[手机号]"),
    ("１３８　００１３　８０００", "[手机号]"),
    ("138—0013—8000", "[手机号]"),
    ("1 3 8 0 0 1 3 8 0 0 0", "[手机号]"),
    ("138\u200b0013\u200b8000", "[手机号]"),
    ("+86 138 0013 8000", "[手机号]"),
    ("8613800138000", "[手机号]"),
    ("13800138000，2021年财政收入", "[手机号]，2021年财政收入"),
    ("13800138000、13900139000", "[手机号]、[手机号]"),
    ("13800138000 11010519491231002X", "[手机号] [身份证号]"),
    ("0574-86782345", "[电话号码]"),
    ("(0574)86782345", "[电话号码]"),
    ("（０５７４）8678 2345", "[电话号码]"),
    ("010-62345678", "[电话号码]"),
    ("座机86782345", "座机[电话号码]"),
    ("卡号6222021234567890128", "卡号[银行卡号]"),
    ("6222 0212 3456 7890 128", "[银行卡号]"),
    ("4111-1111-1111-1111", "[银行卡号]"),
    ("写信到 zhang.san@example.com.cn 吧", "写信到 [邮箱] 吧"),
    ("zhangsan＠example．com", "[邮箱]"),
]
FIGURES = [
    "2021年地区生产总值2382.5亿元吗",
    "2016—2021年",
    "2016-2021年",
    "1949—2021年和1978—2021年",
    "13800000000元",
    "13800138000元的预算",
    "13,800,000,000元",
    "2018 2019 2020 2021年",
    "2021-03-15 2022-03-15",
    "138.0013亿",
    "13800138000.5",
    "拨打12345热线",
    "增长7.5%，城乡收入比1.7",
    "4111111111111112",  # no card: the check digit is wrong
    "第20220212号文件",
]


@pytest.mark.parametrize(("text", "shown"), PERSONAL)
def test_personal_data_is_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize("text", FIGURES)
def test_ordinary_figures_stay(text: str) -> None:
    assert masked(text) == text


def test_nothing_in_the_bundled_report_is_taken_for_personal_data() -> None:
    report = BUNDLED.read_text(encoding="utf-8")
    assert masked(report) == report


@given(st.text(alphabet="0123456789０１xX -—（）.@a亿元年\u200b", max_size=60))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = masked(text)
    assert masked(once) == once


@given(
    st.integers(13, 19),
    st.text(alphabet="0123456789", min_size=9, max_size=9),
    st.sampled_from(["", " ", "-", "　", "—", "\u200b"]),
)
def test_no_mobile_number_survives_however_it_is_spaced(head: int, tail: str, gap: str) -> None:
    number = f"{head}{tail}"
    spaced = f"{number[:3]}{gap}{number[3:7]}{gap}{number[7:]}"
    assert masked(f"我是{spaced}，请回复") == "我是[手机号]，请回复"
