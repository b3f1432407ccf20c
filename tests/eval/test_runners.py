"""Runs over ours in this process, by URL, and over a chatbot."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import QUESTIONS

from chat.service import Service
from corpus.errors import QuestionFileError
from eval.datasets.load import read_set
from eval.datasets.questions import read_questions
from eval.datasets.types import QuestionSet
from eval.runners.chatbot import Chatbot
from eval.runners.latency import measure_url
from eval.runners.local import Local
from eval.runners.qa import evaluate
from eval.runners.refusal import evaluate_refusal
from eval.runners.remote import Remote
from eval.runners.runs import Run, as_json, read_run
from eval.runners.stages import Stage, StageError, stages_of
from eval.runners.systems import SystemFailedError

DEV = QUESTIONS / "beilun" / "dev.jsonl"


@pytest.fixture(scope="module")
def local(service: Service) -> Local:
    """Ours over the bundled report."""
    return Local(service.library, service.encoder, service)


@pytest.fixture(scope="module")
def run(local: Local) -> Run:
    """The development set, asked once."""
    return evaluate(local, read_set(DEV))


def few(count: int = 12) -> QuestionSet:
    """Return some questions of every kind."""
    asked = read_questions(DEV)
    rows = asked.rows[:: len(asked.rows) // count]
    return QuestionSet(asked.name, asked.sha256, rows)


def test_a_run_tells_its_figures_with_intervals_and_what_it_was_made_with(run: Run) -> None:
    held = {m.name: m for m in run.measures}
    right = held["answerable_right"]
    assert right.low < right.value <= right.high
    assert right.count == 120
    assert held["quotes_exact"].value == 100
    assert {"数据", "编码模型", "模型", "索引", "程序", "机器"} <= set(run.versions)
    assert read_questions(DEV).sha256[:16] in run.versions["数据"]
    assert sum(s.mean_ms for s in run.stages) == pytest.approx(
        sum(q.took_ms for q in run.questions) / len(run.questions), rel=0.25
    )


def test_every_question_keeps_gold_answer_and_passages_side_by_side(run: Run) -> None:
    first = next(q for q in run.questions if q.outcome == "right" and q.type == "number")
    assert first.golds
    assert first.answer
    assert any(p.right for p in first.passages)
    assert {q.outcome for q in run.questions} <= {"right", "wrong", "refused", "withheld"}


def test_the_same_seed_gives_the_same_figures(local: Local) -> None:
    first, second = evaluate(local, few(), seed=5), evaluate(local, few(), seed=5)
    for once, again in zip(first.measures, second.measures, strict=True):
        if not once.name.endswith("_ms"):  # time is measured anew
            assert once == again


def test_a_run_comes_back_from_its_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text(as_json(run), encoding="utf-8")
    assert read_run(path) == run
    body = json.loads(path.read_text(encoding="utf-8"))
    assert body["summary"]["questions"] == 170
    assert body["answerable_right"] == body["summary"]["answerable_right"]


def test_without_refusal_everything_is_answered(local: Local) -> None:
    run = evaluate(local.leaving_out(Stage.REFUSAL), few(), without=(Stage.REFUSAL,))
    assert run.value("unanswerable_refused") == 0
    assert run.options == {"without": "refusal"}


def test_each_stage_left_out_is_a_row(local: Local) -> None:
    (table,) = evaluate(local, few(6), ablate=True).tables
    assert len(table.rows) == 1 + len(Stage)
    assert all(len(row) == len(table.columns) for row in table.rows)


def test_an_unknown_stage_is_refused_with_the_known_ones() -> None:
    with pytest.raises(StageError, match="没有“rerank”这个环节；可选：vocabulary、"):
        stages_of(["rerank"])


def test_thresholds_trade_answers_for_refusals(local: Local) -> None:
    run = evaluate_refusal(local, few(40))
    refused = [row[3] for row in run.tables[0].rows]
    assert refused == sorted(refused, key=float)
    assert refused[0] == 0
    assert run.curve[-1].coverage == pytest.approx(1)


def test_the_wrong_reports_are_noticed_before_anything_is_asked(local: Local) -> None:
    with pytest.raises(QuestionFileError, match="等17题：被问的库里没有编号为“laws_01897”的文件"):
        evaluate(local, read_questions(QUESTIONS / "govqa" / "validation.jsonl"))
    rows = (few().rows[0].model_copy(update={"evidence": "报告里没有的话"}),)
    with pytest.raises(QuestionFileError, match="第1行：依据"):
        evaluate(local, QuestionSet("题", "", rows, places=(1,)))


def test_evidence_of_a_table_is_found_in_the_report(local: Local, tmp_path: Path) -> None:
    path = tmp_path / "题.csv"
    path.write_text(
        "问题,答案,出处\n2021年地区生产总值是多少,2382.5亿元,全区实现地区生产总值2382.5亿元\n",
        encoding="utf-8",
    )
    run = evaluate(local, read_set(path))
    assert run.value("answerable_cited") == 100
    assert run.value("number_year") == 100


def test_a_running_server_scores_as_the_library_in_place(server: str, local: Local) -> None:
    over_http, in_place = evaluate(Remote(server), few()), evaluate(local, few())
    for name in ("answerable_right", "quotes_exact", "citation_recall", "number_right"):
        assert over_http.value(name) == in_place.value(name), name
    assert any(p.right for q in over_http.questions for p in q.passages)


def test_latency_of_a_running_server_is_measured(server: str) -> None:
    run = measure_url(server, few(6), rounds=2)
    assert run.value("questions") == 2 * len(few(6).rows)
    assert 0 < run.value("median_ms") <= run.value("p99_ms")


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(SystemFailedError, match="连不上http://127"):
        Remote("http://127.0.0.1:9")


class _Bot(BaseHTTPRequestHandler):
    """A chatbot that knows one figure, thinks aloud, is busy at first and has no temperature."""

    asked = 0

    def do_POST(self) -> None:
        _Bot.asked += 1
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        question = body["messages"][-1]["content"]
        text = (
            "<think>报告没有提到？再找一遍。</think>地区生产总值为2382.5亿元。"
            if "2021年北仑区的地区生产总值" in question
            else "报告没有提到。"
        )
        if _Bot.asked == 1:
            self._say(429, b"busy")
        elif "temperature" in body:
            self._say(400, b"Unsupported value: 'temperature'")
        else:
            parts = [{"type": "text", "text": text}]
            self._say(200, json.dumps({"choices": [{"message": {"content": parts}}]}).encode())

    def _say(self, status: int, reply: bytes) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def chatbot() -> Iterator[str]:
    """Address of the chatbot."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Bot) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        server.shutdown()


def test_the_free_text_of_a_chatbot_is_scored(chatbot: str) -> None:
    rows = read_questions(DEV).rows
    rows = (rows[0], rows[4], next(r for r in rows if not r.answerable))
    run = evaluate(Chatbot(chatbot, "任意"), QuestionSet("题", "", rows))
    assert [q.outcome for q in run.questions] == ["right", "withheld", "refused"]
    assert "quotes_exact" not in run.summary()
    assert run.versions["模型"] == "任意"
    assert run.versions["模型不支持，没有发送"] == "temperature"
    assert run.questions[0].answer == "地区生产总值为2382.5亿元。"


def test_a_server_of_another_kind_is_told_apart(server: str) -> None:
    with pytest.raises(SystemFailedError, match="没有聊天接口（状态404）"):
        evaluate(Chatbot(f"{server}/nowhere", "x"), few(2))
