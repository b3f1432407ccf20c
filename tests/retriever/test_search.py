"""Search over the real report: the passage that people mean comes up."""

from __future__ import annotations

import pytest

from corpus.errors import UnknownDocumentError
from corpus.report import parse_report
from corpus.types import Document
from index.encoder import Encoder
from index.library import assemble
from index.words import shipped_words
from retriever.question import understand
from retriever.search import Hit, Retriever
from retriever.vocabulary import Vocabulary, shipped_vocabulary

NEIGHBOUR = (
    "宁海县2022年政府工作报告\n各位代表：\n一、工作回顾\n"
    "全县新增停车位300个，改造老旧小区2个。\n加快污水管网建设，新增城镇就业6000人。\n"
)


@pytest.fixture(scope="module")
def neighbour() -> Document:
    return parse_report(NEIGHBOUR, "宁海县_2022")


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture(scope="module")
def retriever(document: Document, encoder: Encoder) -> Retriever:
    return Retriever(assemble([document], encoder), encoder, shipped_vocabulary())


@pytest.fixture(scope="module")
def two(document: Document, neighbour: Document, encoder: Encoder) -> Retriever:
    return Retriever(assemble([document, neighbour], encoder), encoder, shipped_vocabulary())


def search(
    retriever: Retriever, text: str, k: int = 5, documents: tuple[str, ...] = ()
) -> list[Hit]:
    return retriever.search(understand(text, 2022, shipped_words()), k, documents)


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("今年新增停车位多少个", "新增停车位2000个"),
        ("去年地区生产总值是多少", "地区生产总值2382.5亿元"),
        ("PM2.5浓度降到多少", "20微克/立方米"),
        ("两客一危是什么", "从事旅游的包车"),
        ("財政總收入達到多少億元", "财政总收入781.1亿元"),
        ("ＲＣＥＰ是什么意思", "区域全面经济伙伴关系协定"),
        ("报告是谁作的", "王  程"),
    ],
)
def test_the_passage_that_answers_is_among_the_first_three(
    retriever: Retriever, question: str, quote: str
) -> None:
    assert any(quote in hit.passage.text for hit in search(retriever, question, 3))


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("老房子改造", "老旧小区"),
        ("菜市场", "农贸市场"),
        ("堵车怎么办", "主要通道畅通率"),
        ("打了多少针疫苗", "接种新冠疫苗180万针"),
        ("空气好不好", "空气质量"),
        ("退伍军人", "退役军人"),
        ("养老院", "养老机构"),
        ("打击黑社会", "扫黑除恶"),
    ],
)
def test_everyday_words_find_the_official_passage(
    retriever: Retriever, question: str, quote: str
) -> None:
    assert any(quote in hit.passage.text for hit in search(retriever, question, 3))


def test_a_word_of_the_vocabulary_brings_its_passage_up(
    document: Document, encoder: Encoder
) -> None:
    library = assemble([document], encoder)
    plain = Retriever(library, encoder, Vocabulary([]))
    taught = Retriever(library, encoder, Vocabulary([("铁疙瘩", "集卡")]))

    def rank(retriever: Retriever) -> int:
        hits = search(retriever, "铁疙瘩", len(library.passages))
        return next(i for i, hit in enumerate(hits) if "集卡" in hit.passage.text)

    assert rank(taught) < rank(plain)


def test_hits_come_best_first(retriever: Retriever) -> None:
    scores = [hit.score for hit in search(retriever, "污水怎么治", 10)]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("k", [0, 1, 7])
def test_as_many_hits_come_as_were_asked_for(retriever: Retriever, k: int) -> None:
    assert len(search(retriever, "新增停车位", k)) == k


def test_no_passage_comes_twice(retriever: Retriever) -> None:
    found = [hit.passage.start for hit in search(retriever, "企业", 50)]
    assert len(found) == len(set(found))


def test_asking_for_more_than_there_is_gives_what_there_is(
    neighbour: Document, encoder: Encoder
) -> None:
    library = assemble([neighbour], encoder)
    hits = search(Retriever(library, encoder, shipped_vocabulary()), "停车位", 1000)
    assert 0 < len(hits) <= len(library.passages)


@pytest.mark.parametrize("text", ["？", "的", "qwerty", "🎉"])
def test_a_question_without_telling_words_can_be_searched(retriever: Retriever, text: str) -> None:
    assert len(search(retriever, text, 3)) == 3


def test_the_same_question_finds_the_same(retriever: Retriever) -> None:
    assert search(retriever, "污水怎么治") == search(retriever, "污水怎么治")


@pytest.mark.parametrize("name", ["北仑区_2022", "宁海县_2022"])
def test_only_the_document_asked_for_is_searched(two: Retriever, name: str) -> None:
    hits = search(two, "新增停车位多少", 10, (name,))
    assert hits
    assert {hit.passage.document_id for hit in hits} == {name}


def test_all_documents_are_searched_where_none_is_named(two: Retriever) -> None:
    hits = search(two, "新增停车位多少", 5)
    assert {hit.passage.document_id for hit in hits} == {"北仑区_2022", "宁海县_2022"}


def test_both_documents_named_are_both_searched(two: Retriever) -> None:
    hits = search(two, "新增停车位多少", 5, ("宁海县_2022", "北仑区_2022"))
    assert hits == search(two, "新增停车位多少", 5)


def test_an_unknown_document_is_refused_by_name(two: Retriever) -> None:
    with pytest.raises(UnknownDocumentError, match=r"“镇海区_2022”.*宁海县_2022"):
        search(two, "新增停车位", 5, ("北仑区_2022", "镇海区_2022"))
