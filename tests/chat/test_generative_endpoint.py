"""Answers worded by an endpoint on loopback: good ones, and every way in which an endpoint fails."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from scripted_endpoint import Endpoint, Reply, running

from chat.generative.writer import EndpointOptions
from chat.models import Models, models_of
from chat.service import Service
from chat.settings import settings
from chat.streaming import Cited, Done, Event, Retrieved, Token
from chat.types import Status
from corpus.errors import SettingsError

GDP = "2021年北仑区的地区生产总值是多少？"
GOOD = Reply(("2021年，全区实现地区", "生产总值2382.5", "亿元，年均增长7.5%。", "[1]"))
BAD = Reply(("2021年，全区实现地区生产总值9999.9亿元。[1]",))
REFUSES = Reply(("报告没有提到。",))
# What a person reads where the model could not be used: (reply, in the note)
FAILURES: dict[str, tuple[Reply, str]] = {
    "unauthorized": (Reply(status=401), "endpoint_key"),
    "unknown model": (Reply(status=404), "endpoint_model"),
    "out of order": (Reply(status=500), "出错（500）"),
    "too busy": (Reply(status=429, headers={"retry-after": "3600"}), "太忙"),
    "silent": (Reply(GOOD.pieces, silence_s=30), "没有写出内容"),
    "breaks off": (Reply(("2021年，全区实现",), breaks=True), "中途断开"),
    "ends without an end": (Reply(("2021年，全区实现",), ends=False), "中途断开"),
    "no JSON": (Reply((b"data: {not json\n\n",)), "不合格式"),
    "no chunk": (Reply((b'data: {"object": 7}\n\n',)), "不合格式"),
    "a number": (Reply((b"data: 7\n\n",)), "生成服务"),
    "choices that are none": (Reply((b'data: {"choices": "x"}\n\n',)), "不合格式"),
    "text that is none": (
        Reply((b'data: {"choices": [{"index": 0, "delta": {"content": 5}}]}\n\n',)),
        "不合格式",
    ),
    "an error in the stream": (Reply((b'data: {"error": {"message": "x"}}\n\n',)), "出错"),
    "broken bytes": (Reply((b"data: \xff\xfe\n\n",)), "生成服务"),
    "nothing": (Reply(), "不合格式"),
}  # fmt: skip


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with running() as ready:
        yield ready


@pytest.fixture(scope="module")
def generating(endpoint: Endpoint, data_dir: Path) -> Iterator[Service]:
    options = EndpointOptions(
        endpoint.url,
        "scripted",
        first_token_s=2,
        whole_s=6,
        retries=1,
        concurrency=2,
        failures=1000,  # in most tests it fails on purpose
    )
    service = Service(data_dir, "wenzheng-static", models=Models(writer=options))
    yield service
    service.close()


def test_a_sentence_that_the_report_bears_out_is_shown_with_its_place(
    endpoint: Endpoint, generating: Service
) -> None:
    endpoint.tells(GOOD)
    answer = generating.ask(GDP)
    assert answer.answer == "2021年，全区实现地区生产总值2382.5亿元，年均增长7.5%[1]。"
    assert answer.answerer == "generative"
    assert answer.model == "scripted"
    assert answer.status is Status.ANSWERED
    assert answer.grounding is not None
    assert (answer.grounding.sentences, answer.grounding.kept) == (1, 1)
    (citation,) = answer.citations
    text = generating.library.document(citation.document).text
    assert text[citation.start : citation.end] == citation.quote
    assert "2382.5亿元" in citation.quote


def test_a_sentence_at_fault_gives_way_to_the_words_of_the_report(
    endpoint: Endpoint, generating: Service
) -> None:
    jobs = "五年来新增城镇就业999999人。[1]"
    endpoint.tells(replace(GOOD, pieces=(*GOOD.pieces, BAD.pieces[0], jobs, "区长很满意。")))
    answer = generating.ask(GDP)
    assert answer.answerer == "generative"
    assert "9999" not in answer.answer
    assert answer.grounding is not None
    assert answer.grounding.sentences == 4
    assert answer.grounding.kept == 1
    assert answer.grounding.unsupported_numbers >= 2
    assert answer.grounding.uncited == 1
    assert answer.grounding.kept + answer.grounding.replaced + answer.grounding.cut == 4


def test_a_replacing_quotation_stands_in_the_report(
    endpoint: Endpoint, generating: Service
) -> None:
    wrong = "2021年实现财政总收入999亿元、一般公共预算收入391.9亿元，年均增长18.8%和17.8%。[1]"
    endpoint.tells(replace(GOOD, pieces=(wrong, *GOOD.pieces)))
    answer = generating.ask(GDP)
    assert answer.grounding is not None
    assert (answer.grounding.kept, answer.grounding.replaced) == (1, 1)
    assert "报告原文：“实现财政总收入781.1亿元" in answer.answer
    assert len(answer.citations) == 2


def test_when_nothing_stands_the_extractive_answer_is_given_and_says_so(
    endpoint: Endpoint, generating: Service
) -> None:
    endpoint.tells(BAD)
    answer = generating.ask(GDP)
    assert answer.answerer == "extractive"
    assert answer.answer == "2382.5亿元"
    assert "查不到依据，以下是直接摘引报告的回答" in answer.notes[0]
    assert answer.grounding is not None
    assert (answer.grounding.kept, answer.grounding.cut) == (0, 1)


def test_a_model_that_finds_nothing_leaves_it_to_the_report(
    endpoint: Endpoint, generating: Service
) -> None:
    endpoint.tells(REFUSES)
    answer = generating.ask(GDP)
    assert (answer.answerer, answer.answer) == ("extractive", "2382.5亿元")
    assert "没有在报告里找到答案" in answer.notes[0]


def test_what_the_report_clearly_does_not_carry_is_refused_without_asking_the_model(
    endpoint: Endpoint, generating: Service
) -> None:
    endpoint.tells(GOOD)
    asked = len(endpoint.seen.bodies)
    answer = generating.ask("广州市2021年的地区生产总值是多少？")
    assert answer.status is Status.UNANSWERABLE
    assert len(endpoint.seen.bodies) == asked


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failing_endpoint_leaves_the_extractive_answer_and_the_reason(
    failure: str, endpoint: Endpoint, generating: Service
) -> None:
    reply, told = FAILURES[failure]
    endpoint.tells(reply)
    answer = generating.ask(GDP)
    assert (answer.answerer, answer.answer) == ("extractive", "2382.5亿元")
    assert told in answer.notes[0]
    assert "以下是直接摘引报告的回答" in answer.notes[0]
    assert any(p.part == "answerer" for p in generating.health().problems)


def test_an_error_that_passes_is_tried_again_after_the_time_asked_for(
    endpoint: Endpoint, generating: Service
) -> None:
    first = len(endpoint.seen.at)
    endpoint.tells(Reply(status=429, headers={"retry-after": "1"}), GOOD)
    assert generating.ask(GDP).answerer == "generative"
    earlier, later = endpoint.seen.at[first : first + 2]
    assert later - earlier >= 1.0
    assert not any(p.part == "answerer" for p in generating.health().problems)


def test_what_passed_before_a_break_is_kept_and_the_break_is_told(
    endpoint: Endpoint, generating: Service
) -> None:
    endpoint.tells(Reply((*GOOD.pieces, "实现财政总收入7"), breaks=True))
    answer = generating.ask(GDP)
    assert answer.answerer == "generative"
    assert answer.answer.endswith("年均增长7.5%[1]。")
    assert answer.notes == ("生成服务中途断开，只显示已经核对的部分。",)


def test_an_endless_answer_is_cut_short(endpoint: Endpoint, generating: Service) -> None:
    endpoint.tells(Reply((*GOOD.pieces, *("废话" * 500 for _ in range(2000)))))
    answer = generating.ask(GDP)
    assert answer.answer == "2021年，全区实现地区生产总值2382.5亿元，年均增长7.5%[1]。"


def test_after_failures_in_a_row_the_endpoint_is_left_alone(
    endpoint: Endpoint, data_dir: Path
) -> None:
    options = EndpointOptions(endpoint.url, "scripted", failures=3, pause_s=60)
    service = Service(data_dir, "wenzheng-static", models=Models(writer=options))
    endpoint.tells(Reply(status=401))
    for _ in range(3):
        service.ask(GDP)
    asked = len(endpoint.seen.bodies)
    answer = service.ask(GDP)
    service.close()
    assert len(endpoint.seen.bodies) == asked
    assert answer.notes == ("生成模型暂时停用，以下是直接摘引报告的回答。",)


def test_more_requests_than_allowed_wait_their_turn(
    endpoint: Endpoint, generating: Service
) -> None:
    endpoint.tells(replace(GOOD, pause_s=0.02))
    endpoint.seen.most = 0
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(generating.ask(GDP))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [a.answerer for a in answers] == ["generative"] * 6
    assert endpoint.seen.most <= 2


def test_only_checked_sentences_stream_and_together_they_are_the_answer(
    endpoint: Endpoint, generating: Service
) -> None:
    endpoint.tells(replace(GOOD, pieces=(BAD.pieces[0], *GOOD.pieces)))
    events: list[Event] = list(generating.stream(GDP))
    assert isinstance(events[0], Retrieved)
    assert any(isinstance(e, Cited) for e in events)
    done = events[-1]
    assert isinstance(done, Done)
    tokens = [e.text for e in events if isinstance(e, Token)]
    assert "".join(tokens) == done.answer.answer
    assert "9999" not in "".join(tokens)


def test_a_reader_who_leaves_ends_the_request(endpoint: Endpoint, generating: Service) -> None:
    slow = (*GOOD.pieces, *("实现财政总收入781.1亿元。[1]" for _ in range(50)))
    endpoint.tells(Reply(slow, pause_s=0.1))
    endpoint.seen.left = 0
    events = generating.stream(GDP)
    while not isinstance(next(events), Token):
        pass
    events.close()  # type: ignore[attr-defined]
    until = time.monotonic() + 5
    while not endpoint.seen.left and time.monotonic() < until:
        time.sleep(0.02)
    assert endpoint.seen.left == 1


def test_the_key_is_sent_and_told_to_nobody(
    endpoint: Endpoint, data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    options = EndpointOptions(endpoint.url, "scripted", key="geheim-7", retries=0)
    service = Service(data_dir, "wenzheng-static", models=Models(writer=options))
    endpoint.tells(Reply(status=401))
    answer = service.ask(GDP)
    service.close()
    assert endpoint.seen.keys[-1] == "Bearer geheim-7"
    assert "geheim" not in caplog.text
    assert "geheim" not in repr(answer)


def test_an_endpoint_that_is_not_there_is_told(data_dir: Path) -> None:
    options = EndpointOptions("http://127.0.0.1:9/v1", "none", retries=0, whole_s=3)
    service = Service(data_dir, "wenzheng-static", models=Models(writer=options))
    answer = service.ask(GDP)
    service.close()
    assert (answer.answerer, answer.answer) == ("extractive", "2382.5亿元")
    assert "连不上生成服务" in answer.notes[0]


def test_the_command_line_answers_by_the_endpoint_of_the_settings(
    endpoint: Endpoint, data_dir: Path, tmp_path: Path
) -> None:
    key = tmp_path / "endpoint.key"
    key.write_text("geheim-8\n")
    key.chmod(0o600)
    endpoint.tells(GOOD)
    given = {
        "ANSWERER": "generative",
        "ENDPOINT": endpoint.url,
        "ENDPOINT_MODEL": "scripted",
        "ENDPOINT_KEY": f"@{key}",
        "FIRST_TOKEN_SECONDS": "60",
    }
    done = subprocess.run(
        [Path(sys.executable).with_name("wenzheng"), "ask", GDP, "--data", str(data_dir)],
        env=os.environ | {f"WENZHENG_{name}": value for name, value in given.items()},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=240,
    )
    lines = done.stdout.splitlines()
    assert lines[0] == "2021年，全区实现地区生产总值2382.5亿元，年均增长7.5%[1]。"
    assert lines[-1].startswith("[1] 宁波市北仑区2022年政府工作报告")
    assert endpoint.seen.keys[-1] == "Bearer geheim-8"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "选一个填写"),
        ({"model": "a", "endpoint": "http://127.0.0.1:9/v1"}, "选一个填写"),
        ({"endpoint": "http://127.0.0.1:9/v1"}, "endpoint_model"),
    ],
)
def test_generation_without_saying_by_what_is_told(given: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        models_of(settings(answerer="generative", **given))
