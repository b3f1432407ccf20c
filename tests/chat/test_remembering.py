"""A question asked again gets its answer at once, until something changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from chat.service import Service
from chat.streaming import Done

QUESTION = "去年财政总收入是多少？"
REPORT = "宁河县2023年政府工作报告\n各位代表：\n一、工作回顾\n财政总收入达到77亿元。\n"


@pytest.fixture
def remembering(service: Service, tmp_path: Path) -> Service:
    """A service over a library of its own that remembers two answers."""
    shutil.copytree(service.directory, tmp_path / "library")
    return Service(tmp_path / "library", "wenzheng-static", remembers=2)


def counts(service: Service) -> tuple[int, int]:
    return service.cache_counts.hits, service.cache_counts.misses


def test_the_same_question_is_answered_once(remembering: Service) -> None:
    first = remembering.ask(QUESTION)
    again = remembering.ask(" 去年财政总收入是多少 ")
    assert counts(remembering) == (1, 1)
    assert (again.answer, again.citations) == (first.answer, first.citations)
    assert again.question == "去年财政总收入是多少"


def test_the_stream_gives_the_answer_remembered(remembering: Service) -> None:
    first = remembering.ask(QUESTION)
    *_, last = remembering.stream(QUESTION)
    assert counts(remembering) == (1, 1)
    assert isinstance(last, Done)
    assert last.answer.answer == first.answer


def test_questions_before_and_reports_chosen_make_another_question(remembering: Service) -> None:
    name = next(iter(remembering.library.documents))
    remembering.ask(QUESTION)
    remembering.ask(QUESTION, documents=(name,))
    remembering.ask(QUESTION, history=["北仑区的地区生产总值是多少"])
    assert counts(remembering) == (0, 3)


def test_the_answer_not_asked_for_longest_is_forgotten(remembering: Service) -> None:
    for question in (QUESTION, "新增停车位多少个", "怎么推进乡村振兴", QUESTION):
        remembering.ask(question)
    assert counts(remembering) == (0, 4)


def test_publishing_forgets_all(remembering: Service, tmp_path: Path) -> None:
    before = remembering.ask("财政总收入是多少")
    file = tmp_path / "宁河县_2023.txt"
    file.write_text(REPORT, encoding="utf-8")
    remembering.add([file])
    after = remembering.ask("宁河县财政总收入是多少")
    again = remembering.ask("财政总收入是多少")
    assert counts(remembering) == (0, 3)
    assert "77亿元" in after.answer + after.explanation
    assert again.citations != before.citations or again.notes != before.notes


def test_a_word_added_by_staff_forgets_all(remembering: Service) -> None:
    remembering.ask(QUESTION)
    remembering.vocabulary.write_text('[words]\n"财政总收入" = ["钱袋子"]\n', encoding="utf-8")
    assert _asked_until_new(remembering)


def _asked_until_new(service: Service) -> bool:
    """Ask until the file is looked at again, which is at most every second."""
    import time

    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        service.ask(QUESTION)
        if service.cache_counts.misses == 2:
            return True
        time.sleep(0.1)
    return False


def test_a_service_that_remembers_nothing_answers_every_time(service: Service) -> None:
    first, again = service.ask(QUESTION), service.ask(QUESTION)
    assert counts(service) == (0, 0)
    assert first.answer == again.answer
