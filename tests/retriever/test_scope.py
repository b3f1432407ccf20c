"""A question costs a library of many reports no more: what is not shown is not read."""

from __future__ import annotations

import pytest

from chat.extractive import ExtractiveAnswerer
from corpus.errors import UnknownDocumentError
from corpus.report import parse_report
from eval.scale.many import Watched
from index.encoder import Encoder
from index.library import Library, assemble
from index.stores.faiss_store import FaissStore
from index.words import shipped_words
from retriever.figures import find_figures
from retriever.lexicon import Lexicon
from retriever.question import understand
from retriever.scope import EXAMINED
from retriever.search import Retriever
from retriever.vocabulary import shipped_vocabulary

PLACES = ("安江", "宁河", "平湖", "和川")
YEARS = range(2000, 2020)


@pytest.fixture(scope="module")
def library() -> Library:
    """Eighty reports of four districts, each with a number of its own."""
    documents = [
        parse_report(
            f"{place}区{year}年政府工作报告\n各位代表：\n一、工作回顾\n"
            f"全区新增停车位{year + 1000 * n}个，空气质量优良。\n二、工作安排\n扩建{place}实验小学。\n",
            f"{place}区_{year}",
        )
        for n, place in enumerate(PLACES)
        for year in YEARS
    ]
    return assemble(documents, Encoder())


@pytest.fixture(scope="module")
def retriever(library: Library) -> Retriever:
    return Retriever(library, Encoder(), shipped_vocabulary())


@pytest.fixture(scope="module")
def answerer(retriever: Retriever) -> ExtractiveAnswerer:
    return ExtractiveAnswerer(retriever, shipped_words(), shipped_vocabulary(), "x")


@pytest.fixture
def watched(library: Library) -> Watched:
    assert isinstance(library.store, FaissStore)
    library.store.documents = watched = Watched(library.store.documents)
    return watched


@pytest.mark.parametrize("question", ["新增停车位多少个", "什么是优良天数", "扩建哪所小学"])
def test_of_many_reports_only_those_are_read_that_the_search_brought_up(
    question: str, retriever: Retriever, answerer: ExtractiveAnswerer, watched: Watched
) -> None:
    answerer.answer(question, [])
    scope = retriever.scope(question)
    asked = understand(question, scope.year, shipped_words(), scope.own)
    found = {h.passage.document_id for h in retriever.search(asked, 10, scope.searched)}
    assert len(watched) > EXAMINED
    assert watched.read <= found


def test_a_place_named_chooses_its_reports_without_reading_any(
    retriever: Retriever, watched: Watched
) -> None:
    scope = retriever.scope("宁河区新增停车位多少个")
    assert scope.searched == tuple(f"宁河区_{year}" for year in YEARS)
    assert scope.year == 2019
    assert {"宁河区", "宁河", "全区"} <= set(scope.own)
    assert not watched.read


def test_no_place_named_leaves_the_whole_library(retriever: Retriever) -> None:
    scope = retriever.scope("新增停车位多少个")
    assert scope.searched == ()
    assert len(scope.rows) == 80


def test_reports_chosen_are_narrowed_by_the_place_named(retriever: Retriever) -> None:
    chosen = ("安江区_2000", "宁河区_2001")
    assert retriever.scope("停车位", chosen).searched == chosen
    assert retriever.scope("宁河的停车位", chosen).searched == ("宁河区_2001",)


def test_an_unknown_report_is_told(retriever: Retriever) -> None:
    with pytest.raises(UnknownDocumentError):
        retriever.scope("停车位", ("没有这份",))


@pytest.mark.parametrize(
    ("name", "stands"), [("停车", True), ("安江实验小学", True), ("汪清", False)]
)
def test_whether_a_name_stands_in_the_reports_is_asked_of_the_index(
    name: str, retriever: Retriever, watched: Watched, *, stands: bool
) -> None:
    assert retriever.mentions(name, retriever.scope()) is stands
    assert not watched.read


def test_a_name_is_looked_for_in_the_chosen_reports_alone(retriever: Retriever) -> None:
    assert not retriever.mentions("安江实验小学", retriever.scope("", ("宁河区_2000",)))
    assert retriever.mentions("安江实验小学", retriever.scope("", ("安江区_2003",)))


def test_figures_are_searched_without_reading_a_report(library: Library, watched: Watched) -> None:
    found = find_figures(library, "停车位", 2004)
    assert len(found) == len(PLACES)
    assert not watched.read
    # The report of 2005 tells what was done in 2004.
    assert [f.document.id for f in found] == [f"{place}区_2005" for place in PLACES]
    assert [f.figure.text for f in found] == ["2005个", "3005个", "4005个", "5005个"]


def test_figures_come_in_the_order_in_which_their_reports_are_asked_for(library: Library) -> None:
    asked = ("平湖区_2001", "安江区_2000")
    assert [f.document.id for f in find_figures(library, "停车位", documents=asked)] == list(asked)


def test_names_for_typing_errors_are_known_without_reading_a_report(
    library: Library, watched: Watched
) -> None:
    assert "停车位" in Lexicon(library).names
    assert not watched.read


def test_the_answer_comes_from_the_place_and_year_named(answerer: ExtractiveAnswerer) -> None:
    answer = answerer.answer("宁河区新增停车位多少个", [], ("宁河区_2005",))
    assert answer.citations[0].document == "宁河区_2005"
    assert "3005" in answer.answer + answer.explanation
