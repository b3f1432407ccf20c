"""What is offered to ask: drawn from the reports, of several kinds, answered where it was drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from chat.samples import Samples, follow_ups, sample_questions
from chat.service import Service
from chat.types import Status
from corpus.report import BUNDLED

NATIONAL = Path(__file__).parents[1] / "data" / "reports"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """The district's report and two national ones."""
    ready = Service(tmp_path_factory.mktemp("shelf"), "wenzheng-static")
    ready.add([BUNDLED, NATIONAL / "国务院_2020.txt", NATIONAL / "国务院_2021.txt"])
    return ready


def test_six_samples_are_drawn_from_several_reports(shelf: Service) -> None:
    samples = sample_questions(shelf)
    assert len(set(samples)) == 6
    answers = [shelf.ask(question) for question in samples]
    assert all(answer.status is Status.ANSWERED for answer in answers)
    assert len({answer.citations[0].document for answer in answers}) >= 2
    assert len({answer.answer for answer in answers}) == 6


def test_samples_ask_for_measures_by_words_that_people_use(shelf: Service) -> None:
    samples = sample_questions(shelf)
    sizes = [q for q in samples if q.endswith(("是多少？", "增长多少？"))]
    assert sizes
    assert not [q for q in sizes if "做到" in q or "其他" in q]


def test_samples_change_with_the_reports(tmp_path: Path) -> None:
    service = Service(tmp_path, "wenzheng-static")
    service.add([NATIONAL / "国务院_2020.txt"])
    samples = Samples(service)
    before = samples.questions()
    service.add([BUNDLED])
    service.remove(["国务院_2020"])
    after = samples.questions()
    assert len(before) == len(after) == 6
    assert not set(before) & set(after)


def test_follow_ups_are_answered_from_the_same_report(shelf: Service) -> None:
    answer = shelf.ask("2021年北仑区的地区生产总值是多少？")
    offered = follow_ups(shelf, answer, [answer.question])
    assert len(offered) == 3
    assert answer.question not in offered
    for question in offered:
        told = shelf.ask(question)
        assert told.status is Status.ANSWERED
        assert told.citations[0].document == answer.citations[0].document
