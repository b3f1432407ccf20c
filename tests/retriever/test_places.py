"""Places named in a question: the report's own, others it speaks of, unknown ones."""

from __future__ import annotations

import pytest

from corpus.report import parse_report
from corpus.types import Document
from index.words import shipped_words
from retriever.places import Places, own_names, places_in
from retriever.question import understand


@pytest.fixture(scope="module")
def neighbour() -> Document:
    return parse_report("政府工作报告\n各位代表：\n对口支援汪清县。\n", "宁海县_2022")


def places(text: str, *documents: Document) -> Places:
    question = understand(text, 2022, shipped_words())
    return places_in(question, list(documents))


@pytest.mark.parametrize("name", ["宁海县", "宁海", "全县", "我县", "本县"])
def test_a_place_goes_by_its_names(neighbour: Document, name: str) -> None:
    assert name in own_names([neighbour])


@pytest.mark.parametrize("name", ["宁波市北仑区", "全区", "我区", "本区"])
def test_a_district_goes_by_its_full_name(document: Document, name: str) -> None:
    assert name in own_names([document])


def test_the_longest_name_comes_first(document: Document, neighbour: Document) -> None:
    lengths = [len(name) for name in own_names([document, neighbour])]
    assert lengths == sorted(lengths, reverse=True)


@pytest.mark.parametrize("name", ["我国", "中国", "全国"])
def test_a_report_without_place_is_about_the_nation(name: str) -> None:
    assert name in own_names([parse_report("政府工作报告\n各位代表：\n", "国务院")])


@pytest.mark.parametrize(
    "text", ["宁海县财政收入", "宁海的财政收入", "全县财政收入", "本县财政收入", "财政收入"]
)
def test_the_own_place_is_no_other_place(neighbour: Document, text: str) -> None:
    assert places(text, neighbour) == Places()


def test_the_own_place_leaves_no_word_in_the_question(neighbour: Document) -> None:
    question = understand("宁海县的停车位", 2022, shipped_words(), own_names([neighbour]))
    assert [w.text for w in question.words] == ["停车位"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("镇海区财政收入多少", "镇海"),
        ("北京的地区生产总值", "北京"),
        ("纽约有多少人口", "纽约"),
        ("乌鲁木齐的停车位", "乌鲁木齐"),
        ("慈溪市财政收入多少", "慈溪"),
        ("义乌的外贸额", "义乌"),
        ("柬埔寨有多少人口", "柬埔寨"),
    ],
)
def test_a_place_that_the_report_does_not_know_is_found(
    document: Document, text: str, name: str
) -> None:
    found = places(text, document)
    assert found.unknown == {name}
    assert found.other == {name}


@pytest.mark.parametrize(
    "text",
    [
        "老年人有什么福利", "社会治安怎么样", "河道的长度是多少", "图书馆新馆里有多少书", "河里的烂泥去哪了", "招商站设在哪几个城市",
        "老城和新城差在哪", "翻新旧小区花了多少钱", "大城市病怎么治", "西瓜卖到哪里", "美丽乡村建了几个",
    ],
)  # fmt: skip
def test_a_word_that_is_also_the_name_of_a_town_is_no_place(document: Document, text: str) -> None:
    assert places(text, document) == Places()


def test_with_its_kind_behind_it_the_same_word_is_a_place(document: Document) -> None:
    assert places("福利镇的财政收入", document).unknown == {"福利"}


def test_two_foreign_places_are_both_found(document: Document) -> None:
    assert places("杭州市和哈尔滨谁收入高", document).unknown == {"杭州", "哈尔滨"}


def test_another_place_that_the_report_speaks_of_is_not_unknown(document: Document) -> None:
    found = places("浙江省的自贸试验区", document)
    assert found == Places(other=frozenset({"浙江"}))


@pytest.mark.parametrize("text", ["我国的形势", "全国的企业", "新增停车位多少"])
def test_the_nation_and_common_words_are_no_places(document: Document, text: str) -> None:
    assert places(text, document).other == frozenset()


@pytest.mark.parametrize("word", ["外国", "国外", "海外"])
def test_abroad_is_no_place_that_a_report_could_lack(neighbour: Document, word: str) -> None:
    assert places(f"{word}公司投了多少钱", neighbour) == Places()
