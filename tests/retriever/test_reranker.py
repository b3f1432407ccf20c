"""A cross-encoder of the Hub's form in the path of a question, made on the spot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tiny_models import bert_reranker

from chat.models import Models
from chat.service import Service
from corpus.errors import LibraryError
from index.words import shipped_words
from retriever.question import understand
from retriever.reranker import POOL, Reranker, RerankerOptions, RerankingRetriever
from retriever.search import Retriever
from retriever.vocabulary import shipped_vocabulary

QUESTION = "2021年北仑区的地区生产总值是多少？"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, service: Service) -> Path:
    text = next(iter(service.library.documents.values())).text
    return bert_reranker(tmp_path_factory.mktemp("reranker"), text)


@pytest.fixture(scope="module")
def reranker(folder: Path) -> Reranker:
    return Reranker(RerankerOptions(str(folder)))


def test_passages_come_in_the_order_of_the_rerankers_scores(
    service: Service, reranker: Reranker
) -> None:
    library = service.library
    plain = Retriever(library, service.encoder, shipped_vocabulary())
    reranking = RerankingRetriever(library, service.encoder, shipped_vocabulary(), reranker)
    question = understand(QUESTION, 2022, shipped_words())
    before = plain.search(question, POOL)
    after = reranking.search(question, POOL)
    assert {h.passage for h in after} == {h.passage for h in before}
    assert [h.passage for h in after] != [h.passage for h in before]
    assert [h.score for h in after] == [h.score for h in before]  # dealt out anew
    texts = [" ".join((*h.passage.section, "".join(h.passage.text.split()))) for h in after]
    scores = reranker.scores(QUESTION, texts)
    assert np.corrcoef(scores, -np.arange(len(scores)))[0, 1] > 0.9


def test_fewer_passages_may_be_asked_for_than_are_reranked(
    service: Service, reranker: Reranker
) -> None:
    reranking = RerankingRetriever(service.library, service.encoder, shipped_vocabulary(), reranker)
    question = understand(QUESTION, 2022, shipped_words())
    many = [h.passage for h in reranking.search(question, POOL)]
    assert [h.passage for h in reranking.search(question, 3)] == many[:3]


def test_passages_beyond_those_reranked_keep_their_places(service: Service, folder: Path) -> None:
    library = service.library
    few = Reranker(RerankerOptions(str(folder), pool=2))
    question = understand(QUESTION, 2022, shipped_words())
    before = Retriever(library, service.encoder, shipped_vocabulary()).search(question, 6)
    after = RerankingRetriever(library, service.encoder, shipped_vocabulary(), few)
    found = after.search(question, 6)
    assert found[2:] == before[2:]
    assert {h.passage for h in found[:2]} == {h.passage for h in before[:2]}


def test_no_passages_have_no_scores(reranker: Reranker) -> None:
    assert reranker.scores(QUESTION, []).shape == (0,)


def test_a_service_with_a_reranker_answers(data_dir: Path, folder: Path) -> None:
    service = Service(
        data_dir, "wenzheng-static", models=Models(reranker=RerankerOptions(str(folder)))
    )
    answer = service.ask(QUESTION)
    for citation in answer.citations:
        text = service.library.document(citation.document).text
        assert text[citation.start : citation.end] == citation.quote


def test_a_classifier_of_several_classes_is_refused_by_name(tmp_path: Path) -> None:
    made = bert_reranker(tmp_path / "classes", "北仑", labels=3)
    with pytest.raises(LibraryError, match="给出3类而不是一个分数"):
        Reranker(RerankerOptions(str(made))).prepare()


def test_a_reranker_that_is_not_there_is_told() -> None:
    with pytest.raises(LibraryError, match="重排模型“BAAI/bge-reranker-base”无法加载：本机没有"):
        Reranker(RerankerOptions("BAAI/bge-reranker-base")).prepare()
