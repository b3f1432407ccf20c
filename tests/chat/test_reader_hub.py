"""A question answering model of the Hub's form reads in place of the shipped one, made on the spot."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_models import as_pickle, bert_encoder, bert_reader

from chat.models import Models
from chat.reader.hub import HubReader, ReaderOptions
from chat.service import Service
from corpus.errors import LibraryError

QUESTION = "获得了哪个奖？"
LETTERS = "获得了哪个奖？北仑区今年甲天下乙在此处和远方"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bert_reader(tmp_path_factory.mktemp("reader"), LETTERS, "甲", "乙")


@pytest.fixture(scope="module")
def reader(folder: Path) -> HubReader:
    return HubReader(ReaderOptions(str(folder)))


def test_the_answer_is_found_by_its_place_in_the_text(reader: HubReader) -> None:
    text = "北仑区今年甲天下乙在此处"
    (answering,), none = reader.read(QUESTION, [text])
    best = answering.best()
    assert best is not None
    assert text[best[1] : best[2]] == "甲天下乙"
    assert none < 0.5


def test_a_text_longer_than_the_model_reads_is_read_in_windows(reader: HubReader) -> None:
    text = "在此处和远方" * 200 + "甲天下乙" + "和远方" * 200
    (answering,), _ = reader.read(QUESTION, [text])
    best = answering.best()
    assert best is not None
    assert (best[1], text[best[1] : best[2]]) == (1200, "甲天下乙")
    assert len(answering.ranges) == len(text)


def test_of_several_texts_the_one_with_the_answer_gets_the_probability(reader: HubReader) -> None:
    found, none = reader.read(QUESTION, ["在此处和远方", "今年甲天下乙", "北仑区在远方"])
    whole = [float(a.begins.sum()) for a in found]
    assert max(whole) == whole[1] > 0.5
    assert sum(whole) + none == pytest.approx(1.0, abs=1e-4)


def test_a_text_without_an_answer_is_told_as_such(reader: HubReader) -> None:
    _, none = reader.read(QUESTION, ["在此处和远方", "北仑区在远方"])
    assert none > 0.5


def test_the_service_answers_with_the_words_that_the_model_points_at(
    tmp_path: Path, data_dir: Path, service: Service
) -> None:
    text = next(iter(service.library.documents.values())).text
    question = "获得了哪个最佳就业城市称号？"
    made = bert_reader(tmp_path / "reader", text + question, "佳", "奖")
    other = Service(data_dir, "wenzheng-static", models=Models(reader=ReaderOptions(str(made))))
    assert other.ask(question).answer == "佳促进就业城市奖"
    assert service.ask(question).answer != "佳促进就业城市奖"


def test_a_model_that_was_not_trained_to_find_answers_is_refused(tmp_path: Path) -> None:
    bert_encoder(tmp_path, LETTERS)
    with pytest.raises(LibraryError, match="没有受过阅读理解的训练"):
        HubReader(ReaderOptions(str(tmp_path / "plain"))).prepare()


def test_a_pickled_model_is_never_loaded(tmp_path: Path) -> None:
    made = bert_reader(tmp_path / "reader", LETTERS, "甲", "乙")
    as_pickle(made)
    with pytest.raises(LibraryError, match="没有权重"):
        HubReader(ReaderOptions(str(made))).prepare()


def test_a_model_that_is_not_on_this_machine_is_told_with_the_ways_to_get_it() -> None:
    with pytest.raises(LibraryError, match=r"本机没有这个模型.*downloads = true"):
        HubReader(ReaderOptions("nobody/nothing")).prepare()
