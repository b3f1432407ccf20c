"""A thousand generated answers, most of them wrong: no number reaches the reader that the report lacks.

What is shown is checked here by other means than the guard's: by plain regular expressions over the
text of the report.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hallucinations import LIES, answer
from scripted_endpoint import Endpoint, Reply, running

from chat.generative.answerer import written_by
from chat.generative.draft import Draft
from chat.generative.endpoint import EndpointWriter
from chat.generative.prompt import messages
from chat.generative.sentences import Splitter
from chat.generative.sources import Source, sources
from chat.generative.writer import EndpointOptions
from chat.models import Models
from chat.service import Service
from corpus.types import Document
from index.words import shipped_words

THROUGH_THE_SERVICE = 25
QUESTIONS = (
    "2021年北仑区的地区生产总值是多少？",
    "空气质量优良率是多少？",
    "新增城镇就业多少人？",
    "到2026年全区生产总值的目标是多少？",
    "研发经费支出占GDP比重提高到多少？",
    "引进了多少个重点项目？",
    "新冠疫苗接种了多少针？",
    "新改扩建学校多少所？",
    "减税降费多少亿元？",
    "2022年的主要预期目标是什么？",
)  # fmt: skip
# A number with up to two characters behind it, its unit among them.
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:%|[^\W\d_]{0,2})")
_CHINESE = re.compile(r"[〇零一二三四五六七八九十百千万亿点叁仟]{3,}")
_CITED = re.compile(r"\[\d+\]")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with running() as ready:
        yield ready


@pytest.fixture(scope="module")
def prompts(service: Service) -> list[tuple[str, tuple[Source, ...]]]:
    library = service.library
    return [
        (question, sources(library, [h.passage for h in service.search(question, 6)]))
        for question in QUESTIONS
    ]


def plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def held_by(document: Document) -> str:
    """The report's text without footnote marks."""
    hidden = {i for mark in document.marks for i in range(mark.start, mark.end)}
    return plain("".join(c for i, c in enumerate(document.text) if i not in hidden))


def strange_numbers(shown: str, report: str) -> list[str]:
    """Numbers, with the characters behind them, that do not stand so in the report."""
    text = plain(_CITED.sub("", shown))
    found = [*_NUMBER.findall(text), *_CHINESE.findall(text)]
    return [n for n in found if not re.search(rf"(?<![\d.]){re.escape(n)}", report)]


def test_the_checker_itself_finds_a_strange_number(document: Document) -> None:
    report = held_by(document)
    assert not strange_numbers("生产总值2382.5亿元[1]，增长7.5%[2]。", report)
    for lie in ("2382.6亿元", "382.5亿元", "2382.5万元", "７．６%", "二千三百八十二亿元"):
        assert strange_numbers(lie, report), lie


@pytest.mark.parametrize("answers", [200, pytest.param(1000, marks=pytest.mark.long)])
def test_of_all_that_is_made_up_no_strange_number_reaches_the_reader(
    answers: int,
    endpoint: Endpoint,
    prompts: list[tuple[str, tuple[Source, ...]]],
    document: Document,
) -> None:
    told: list[list[str]] = []

    def script(prompt: str, number: int) -> Reply:
        pieces, lies = answer(prompt, random.Random(number))
        told.append(lies)
        return Reply(tuple(pieces))

    endpoint.script = script
    writer = EndpointWriter(EndpointOptions(endpoint.url, "scripted", room=10**6))
    report = held_by(document)
    shown = lies_told = 0
    for number in range(answers):
        question, given = prompts[number % len(prompts)]
        draft = Draft(given, shipped_words())
        pieces = [draft.take(s) for s in written_by(writer, messages(question, given))]
        assert "".join(pieces) == draft.text
        assert not strange_numbers(draft.text, report), (number, draft.text, told[-1])
        for lie in told[-1]:
            assert lie[:-1] not in draft.text, (number, lie)
        counts = draft.grounding
        assert counts.kept + counts.replaced + counts.cut == counts.sentences
        shown += counts.kept
        lies_told += len(told[-1])
    writer.close()
    assert lies_told > answers  # it did lie
    assert shown > answers / 3  # and told the truth, which was let through


# Whose years a figure is of is worded by us, from the period that was read: 112696人（2017—2021年合计）.
WHOSE_YEARS = re.compile(r"（\d{4}—\d{4}年合计）|(?<=，)\d{4}年的目标是")


def test_the_same_through_the_whole_service(
    endpoint: Endpoint, data_dir: Path, document: Document
) -> None:
    endpoint.script = lambda prompt, number: Reply(
        tuple(answer(prompt, random.Random(7 * number))[0])
    )
    options = EndpointOptions(endpoint.url, "scripted")
    service = Service(data_dir, "wenzheng-static", models=Models(writer=options))
    report = held_by(document)
    by = []
    for number in range(THROUGH_THE_SERVICE):
        given = service.ask(QUESTIONS[number % len(QUESTIONS)])
        by.append(given.answerer)
        for text in (given.answer, given.explanation, *given.items):
            assert not strange_numbers(WHOSE_YEARS.sub("", text), report), (number, given)
    service.close()
    assert {"generative", "extractive"} == set(by)


@pytest.mark.parametrize("kind", range(len(LIES)))
def test_each_kind_of_lie_about_one_sentence_is_caught(kind: int, service: Service) -> None:
    library = service.library
    passage = next(p for p in library.passages if "新兑现减税降费22.39亿元" in p.text)
    given = sources(library, [passage])
    truth = "全年新兑现减税降费22.39亿元，高新技术产业投资增长25.5%。"
    for seed in range(10):
        lie = LIES[kind](truth, random.Random(seed))
        draft = Draft(given, shipped_words())
        splitter = Splitter()
        for sentence in [*splitter.feed(f"{lie}[1]"), *splitter.finish()]:
            draft.take(sentence)
        assert lie[:-1] not in draft.text
