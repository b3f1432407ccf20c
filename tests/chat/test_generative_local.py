"""Answers worded by a causal model in this process, and by ``transformers serve`` on loopback."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tiny_models import as_pickle, chat_model

from chat.generative.writer import EndpointOptions, LocalOptions
from chat.models import Models
from chat.service import Service
from chat.streaming import Token
from corpus.errors import GenerationError

GDP = "2021年北仑区的地区生产总值是多少？"
SAYS = ["2021年，", "全区实现地区生产总值", "2382.5亿元", "。[1]", "其中一半", "是9999亿元。[1]"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return chat_model(tmp_path_factory.mktemp("models") / "tiny-qwen", SAYS)


@pytest.fixture
def local(model: Path, data_dir: Path) -> Iterator[Service]:
    options = LocalOptions(str(model), tokens=64)
    service = Service(data_dir, "wenzheng-static", models=Models(writer=options))
    yield service
    service.close()


def test_a_model_on_this_machine_words_the_answer_and_is_checked(
    local: Service, model: Path
) -> None:
    local.prepare_writer()
    answer = local.ask(GDP)
    assert answer.answer == "2021年，全区实现地区生产总值2382.5亿元[1]。"
    assert (answer.answerer, answer.model) == ("generative", str(model))
    assert answer.grounding is not None
    assert (answer.grounding.sentences, answer.grounding.kept) == (2, 1)
    assert answer.grounding.unsupported_numbers == 2


def test_a_reader_who_leaves_frees_the_model_for_the_next(local: Service) -> None:
    events = local.stream(GDP)
    while not isinstance(next(events), Token):
        pass
    events.close()  # type: ignore[attr-defined]
    assert local.ask(GDP).answerer == "generative"


def test_a_model_out_of_time_leaves_the_extractive_answer(model: Path, data_dir: Path) -> None:
    options = LocalOptions(str(model), whole_s=0.0001)
    service = Service(data_dir, "wenzheng-static", models=Models(writer=options))
    answer = service.ask(GDP)
    assert (answer.answerer, answer.answer) == ("extractive", "2382.5亿元")
    assert "没有写完" in answer.notes[0]


def test_a_model_without_chat_template_is_refused_by_name(tmp_path: Path, data_dir: Path) -> None:
    made = chat_model(tmp_path / "plain", SAYS, template=None)
    service = Service(data_dir, "wenzheng-static", models=Models(writer=LocalOptions(str(made))))
    with pytest.raises(GenerationError, match="没有对话模板"):
        service.prepare_writer()


def test_a_pickled_model_is_never_loaded(tmp_path: Path, data_dir: Path) -> None:
    made = chat_model(tmp_path / "pickled", SAYS)
    as_pickle(made)
    service = Service(data_dir, "wenzheng-static", models=Models(writer=LocalOptions(str(made))))
    with pytest.raises(GenerationError, match="没有权重"):
        service.prepare_writer()


def test_a_model_that_is_not_on_this_machine_is_told_with_the_ways_to_get_it(
    data_dir: Path,
) -> None:
    options = LocalOptions("Qwen/Qwen2.5-1.5B-Instruct")
    service = Service(data_dir, "wenzheng-static", models=Models(writer=options))
    with pytest.raises(GenerationError, match=r"本机没有这个模型.*downloads = true"):
        service.prepare_writer()


@pytest.fixture(scope="module")
def served(model: Path) -> Iterator[str]:
    """Address of ``transformers serve`` with the model, ready to answer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        Path(sys.executable).with_name("transformers"),
        "serve",
        str(model),
        "--device",
        "cpu",
    ]
    process = subprocess.Popen(
        [*map(str, command), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 240
    try:
        while True:
            assert process.poll() is None, "transformers serve ended"
            assert time.monotonic() < until, "transformers serve did not start"
            try:
                httpx.get(f"http://127.0.0.1:{port}/health", timeout=2).raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_transformers_serve_words_the_answer_and_is_checked(
    served: str, model: Path, data_dir: Path
) -> None:
    options = EndpointOptions(served, str(model), first_token_s=60, whole_s=120, tokens=64)
    service = Service(data_dir, "wenzheng-static", models=Models(writer=options))
    answer = service.ask(GDP)
    service.close()
    assert answer.answer == "2021年，全区实现地区生产总值2382.5亿元[1]。", answer
    assert answer.answerer == "generative"
    assert answer.grounding is not None
    assert answer.grounding.unsupported_numbers == 2
