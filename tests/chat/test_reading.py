"""The shipped reader, and the order of places once they have been read."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import QUESTIONS

from chat.evidence import EvidenceRanker, Reading
from chat.reader.consult import consult
from chat.reader.joint import JointRanker, place_signals
from chat.reader.reader import shipped_reader
from chat.reader.whole import read_whole
from chat.service import Service
from corpus.cleaning import fold_text
from corpus.types import Document
from eval.datasets.questions import read_questions
from index.words import shipped_words
from retriever.question import understand
from retriever.search import Retriever
from retriever.vocabulary import shipped_vocabulary

PASSAGE = (
    "由于连日降雨，南堤工程推迟到9月开工，项目由区水利局负责。工程总投资3.2亿元，将加固堤岸12公里，"
    "新建泵站两座，建成后可以保护沿江的六个村庄。"
)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("南堤工程为什么推迟开工？", "连日降雨"),
        ("南堤工程由哪个单位负责？", "区水利局"),
        ("南堤工程总投资是多少？", "3.2亿元"),
    ],
)
def test_the_reader_points_at_the_words_that_answer(asked: str, told: str) -> None:
    text = fold_text(PASSAGE)
    (answering,), none = shipped_reader().read(fold_text(asked), [text])
    best = answering.best()
    assert best is not None
    assert told in text[best[1] : best[2]] or text[best[1] : best[2]] in told
    assert none < 0.5


def test_an_answer_ends_where_its_beginning_leads_to() -> None:
    text = fold_text(PASSAGE)
    (answering,), _ = shipped_reader().read(fold_text("南堤工程由谁负责？"), [text])
    assert answering.ends.shape == (len(answering.ranges),) * 2
    assert answering.ends.sum(axis=1) == pytest.approx(np.ones(len(answering.ranges)), abs=1e-3)
    assert float(answering.begins.sum()) <= 1.0 + 1e-5


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        ("南堤工程为什么推迟开工？", "连日降雨"),
        ("南堤工程建成后有什么作用？", "可以保护沿江的六个村庄"),
    ],
)
def test_an_answer_in_full_is_told_by_whole_clauses(asked: str, holds: str) -> None:
    reader, words = shipped_reader(), shipped_words()
    at = read_whole(reader, asked, PASSAGE, words)
    assert at is not None
    told = PASSAGE[slice(*at)]
    assert holds in told
    (answering,), _ = reader.read(fold_text(asked), [fold_text(PASSAGE)])
    short = answering.best()
    assert short is not None
    assert len(told) >= short[2] - short[1]


def test_a_name_is_told_by_itself_though_asked_in_full() -> None:
    at = read_whole(shipped_reader(), "南堤工程由哪个单位负责？", PASSAGE, shipped_words())
    assert at is not None
    assert PASSAGE[slice(*at)] in ("区水利局", "由区水利局")


@pytest.fixture(scope="module")
def readings(service: Service, document: Document) -> list[tuple[str, Reading]]:
    """The evidence sought and the reading of questions that the report answers."""
    words, vocabulary = shipped_words(), shipped_vocabulary()
    retriever = Retriever(service.library, service.encoder, vocabulary)
    ranker = EvidenceRanker(retriever, words, vocabulary)
    rows = read_questions(QUESTIONS / "beilun" / "dev.jsonl").rows
    asked = [r for r in rows if r.answers and r.evidence and not r.history][:60]
    return [
        (
            r.evidence,
            consult(ranker.read(understand(r.question, document.year, words)), shipped_reader()),
        )
        for r in asked
    ]


def test_what_was_read_is_ranked_no_worse(
    readings: list[tuple[str, Reading]], document: Document
) -> None:
    def first_right(reading: Reading, evidence: str) -> bool:
        place = reading.evidence[0].segment
        at = document.text.find(evidence)
        return place.start < at + len(evidence) and place.end > at

    before = sum(first_right(reading, evidence) for evidence, reading in readings)
    ranker = JointRanker()
    after = sum(first_right(ranker.rank(reading), evidence) for evidence, reading in readings)
    assert after >= before > len(readings) / 2


def test_ranking_moves_places_and_loses_none(readings: list[tuple[str, Reading]]) -> None:
    for _, reading in readings:
        ranked = JointRanker().rank(reading)
        scores = [e.score for e in ranked.evidence]
        assert scores == sorted(scores, reverse=True)
        rows = {
            id(e.segment): row.tobytes()
            for e, row in zip(reading.evidence, reading.matrix, strict=True)
        }
        again = {
            id(e.segment): row.tobytes()
            for e, row in zip(ranked.evidence, ranked.matrix, strict=True)
        }
        assert again == rows
        assert place_signals(reading).shape[0] == len(rows)
