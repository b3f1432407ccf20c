"""Questions as people type them: typing errors of one sound, pinyin, dialect."""

from __future__ import annotations

import json

import pytest
from conftest import QUESTIONS
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.service import Service
from corpus.cleaning import fold_text
from retriever.dialect import DIALECT, in_standard_words
from retriever.lexicon import Lexicon
from retriever.readings import spoken
from retriever.spelling import restore


@pytest.fixture(scope="module")
def lexicon(service: Service) -> Lexicon:
    return Lexicon(service.library)


# (as typed, as meant)
MISTYPED = (
    ("财正总收入是多少", "财政总收入是多少"),
    ("地区生产总直是多少", "地区生产总值是多少"),
    ("教于方面做了什么", "教育方面做了什么"),
    ("工共交通怎么样", "公共交通怎么样"),
    ("新增停车味多少个", "新增停车位多少个"),
    ("空气质量优两率是多少", "空气质量优良率是多少"),
    ("数字化改格有哪些", "数字化改革有哪些"),
    ("北伦区的财政总收入", "北仑区的财政总收入"),
)
IN_PINYIN = (
    ("caizheng zongshouru shi duoshao", "财政总收入是多少"),
    ("caizhengzongshourushiduoshao", "财政总收入是多少"),
    ("Caizheng Zong Shouru shi duoshao?", "财政总收入是多少?"),
    ("beilun de GDP shi duoshao", "北仑的GDP是多少"),
    ("gdp zengzhang le duoshao", "gdp增长了多少"),
    ("2021nian caizheng zongshouru duoshao", "2021年财政总收入多少"),
    ("xiangcun zhenxing you naxie cuoshi", "乡村振兴有哪些措施"),
)
AS_THEY_ARE = (
    "GDP是多少", "APP有几个", "5G基站多少个", "VR产业怎么样", "AI产业有哪些", "PM2.5浓度", "What is the GDP of Beilun?",
    "who made the report", "RCEP是什么", "online办理", "hello", "动物园有几个", "谁管小区", "区长是谁", "水费涨了吗",
)  # fmt: skip


@pytest.mark.parametrize(("typed", "meant"), MISTYPED)
def test_a_word_typed_by_its_sound_is_read_as_the_word_of_the_reports(
    typed: str, meant: str, lexicon: Lexicon
) -> None:
    read = restore(typed, lexicon)
    assert read.text == meant
    assert read.understood and read.understood[0] in meant


@pytest.mark.parametrize(("typed", "meant"), IN_PINYIN)
def test_a_question_in_pinyin_is_read(typed: str, meant: str, lexicon: Lexicon) -> None:
    assert restore(typed, lexicon).text == meant


@pytest.mark.parametrize("text", AS_THEY_ARE)
def test_latin_terms_english_and_sound_words_stay(text: str, lexicon: Lexicon) -> None:
    assert restore(text, lexicon).text == text
    assert restore(text, lexicon).understood == ()


@pytest.mark.parametrize("name", ["beilun/dev.jsonl", "govqa/validation.jsonl"])
def test_no_sound_question_is_changed(name: str, lexicon: Lexicon) -> None:
    rows = map(json.loads, (QUESTIONS / name).read_text(encoding="utf-8").splitlines())
    changed = [r["question"] for r in rows if restore(r["question"], lexicon).understood]
    assert changed == []


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=40))
def test_any_text_is_read_somehow(text: str) -> None:
    assert isinstance(in_standard_words(fold_text(text)), str)
    assert all(s.isascii() for s in spoken(text))


@pytest.mark.parametrize(("_", "__", "example", "standard"), DIALECT)
def test_every_dialect_word_is_read_as_the_standard_one(
    _: str, __: str, example: str, standard: str
) -> None:
    assert in_standard_words(fold_text(example)) == fold_text(standard)


@pytest.mark.parametrize(
    ("asked", "plain"),
    [
        ("2021年北仑区的地区生产总值是多少啊侬晓得伐", "2021年北仑区的地区生产总值是多少"),
        ("2021年北仑區的地區生產總值是多少", "2021年北仑区的地区生产总值是多少"),
        ("２０２１年北仑区的地区生产总值是多少", "2021年北仑区的地区生产总值是多少"),
        ("2021nian beilunqu de diqu shengchan zongzhi shi duoshao", "2021年北仑区的地区生产总值是多少"),
        ("2021年北仑区的地区生产总直是多少", "2021年北仑区的地区生产总值是多少"),
        ("2021年北仑区的地区生产总值几多", "2021年北仑区的地区生产总值是多少"),
    ],
)  # fmt: skip
def test_however_it_is_typed_the_answer_is_the_same(
    asked: str, plain: str, service: Service
) -> None:
    assert service.ask(asked).answer == service.ask(plain).answer


def test_the_answer_says_what_was_understood(service: Service) -> None:
    assert service.ask("财正总收入是多少").notes == ("按“财政总收入”理解。",)
    assert service.ask("财政总收入是多少").notes == ()


def test_a_word_that_reports_do_not_know_stays_where_nothing_sounds_like_it(
    lexicon: Lexicon,
) -> None:
    assert restore("熊猫馆什么时候开放", lexicon).text == "熊猫馆什么时候开放"
