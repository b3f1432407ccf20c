"""The command line, run as a user runs it."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from conftest import QUESTIONS, wenzheng

from corpus.report import BUNDLED

GDP = "2021年北仑区的地区生产总值是多少？"


def test_ask_prints_answer_sentence_and_place(data_dir: Path) -> None:
    done = wenzheng("ask", GDP, "--data", data_dir)
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert lines[0] == "2382.5亿元"
    assert lines[1].startswith("2021年，全区实现地区生产总值2382.5亿元")
    assert lines[2].startswith("宁波市北仑区2022年政府工作报告 › 本届政府工作回顾 › ")
    assert "第523—616字" in lines[2]


def test_ask_as_json_is_the_answer_object(data_dir: Path) -> None:
    answer = json.loads(wenzheng("ask", GDP, "--json", "--data", data_dir).stdout)
    (citation,) = answer["citations"]
    assert (
        BUNDLED.read_text(encoding="utf-8")[citation["start"] : citation["end"]]
        == (citation["quote"])
    )
    assert answer["status"] == "answered"


def test_ask_builds_the_index_on_first_use(tmp_path: Path) -> None:
    done = wenzheng("ask", "报告是谁作的", "--data", tmp_path / "new")
    assert done.stdout.splitlines()[0] == "王程"
    assert (tmp_path / "new" / "current").exists()


def test_history_makes_a_follow_up_clear(data_dir: Path) -> None:
    done = wenzheng(
        "ask", "2016年呢？", "--history", "2021年全区空气质量优良率是多少", "--data", data_dir
    )
    assert "88.5%" in done.stdout


def test_search_lists_passages_with_place(data_dir: Path) -> None:
    done = wenzheng("search", "加装电梯", "-k", "2", "--data", data_dir)
    assert done.returncode == 0
    assert "加装电梯" in done.stdout
    assert done.stdout.count("宁波市北仑区2022年政府工作报告") == 2


@pytest.mark.parametrize(
    ("question", "told"), [("", "空"), ("   ", "空"), ("问" * 10_000, "最多"), ("a\x07b", "控制")]
)
def test_a_bad_question_is_one_line_and_status_2(question: str, told: str, data_dir: Path) -> None:
    done = wenzheng("ask", question, "--data", data_dir)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert told in done.stderr
    assert not done.stdout


def test_a_damaged_index_says_how_to_rebuild(data_dir: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(data_dir, copy)
    (version,) = (copy / "versions").iterdir()
    (vectors,) = version.rglob("vectors.faiss")
    vectors.write_bytes(vectors.read_bytes()[:-100])
    done = wenzheng("ask", GDP, "--data", copy)
    assert done.returncode == 2
    assert "vectors.faiss" in done.stderr
    assert "wenzheng index" in done.stderr


def test_a_gb18030_report_is_read_correctly(tmp_path: Path) -> None:
    report = tmp_path / "北仑区_2022.txt"
    report.write_bytes(BUNDLED.read_text(encoding="utf-8").encode("gb18030"))
    assert wenzheng("index", report, "--data", tmp_path / "library").returncode == 0
    done = wenzheng("ask", GDP, "--data", tmp_path / "library")
    assert done.stdout.splitlines()[0] == "2382.5亿元"


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20])
def test_a_file_that_is_no_text_is_refused_by_name(content: bytes, tmp_path: Path) -> None:
    bad = tmp_path / "坏文件.txt"
    bad.write_bytes(content)
    done = wenzheng("index", bad, "--data", tmp_path / "library")
    assert done.returncode == 2
    assert "坏文件.txt" in done.stderr
    assert not (tmp_path / "library" / "current").exists()


def test_one_bad_file_does_not_keep_the_others_out(tmp_path: Path) -> None:
    bad = tmp_path / "空.txt"
    bad.touch()
    done = wenzheng("index", BUNDLED, bad, "--data", tmp_path / "library")
    assert done.returncode == 1
    assert "空.txt" in done.stderr
    assert "1份文件" in done.stdout


def test_an_unknown_setting_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZHENG_PORT", "很多")
    done = wenzheng("serve", "--data", tmp_path)
    assert done.returncode == 2
    assert "port" in done.stderr


def test_figures_as_csv(data_dir: Path) -> None:
    done = wenzheng("figures", "--indicator", "财政总收入", "--csv", "--data", data_dir)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert ("781.1", "亿元", "2021—2021") in {(r["value"], r["unit"], r["period"]) for r in rows}


def test_figures_are_listed_with_the_words_that_bound_them(data_dir: Path) -> None:
    listed = wenzheng("figures", "--indicator", "生产总值", "--year", "2022", "--data", data_dir)
    assert "7.5%左右" in listed.stdout
    abroad = wenzheng("figures", "--indicator", "利用外资", "--data", data_dir).stdout
    assert "超13亿美元" in abroad


def test_list_and_show_tell_what_is_held(data_dir: Path) -> None:
    assert "北仑区_2022\t宁波市北仑区2022年政府工作报告\t2022-02-12" in (
        wenzheng("list", "--data", data_dir).stdout
    )
    shown = wenzheng("show", "北仑区_2022", "--data", data_dir).stdout
    assert "王程" in shown
    assert "本届政府工作回顾" in shown


def test_eval_qa_prints_a_table_by_type(data_dir: Path, tmp_path: Path) -> None:
    out, some = tmp_path / "result.json", tmp_path / "题.jsonl"
    rows = (QUESTIONS / "beilun" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    some.write_text("\n".join(rows[::8]), encoding="utf-8")
    done = wenzheng("eval", "qa", some, "--data", data_dir, "--json", out)
    assert done.returncode == 0
    assert "报告没说" in done.stdout
    assert json.loads(out.read_text(encoding="utf-8"))["summary"]["questions"] == len(rows[::8])


def test_eval_names_the_faulty_line_of_a_question_file(data_dir: Path, tmp_path: Path) -> None:
    faulty = tmp_path / "题.jsonl"
    faulty.write_text('{"id": "1", "question": "几", "type": "number", "answers": []}\n{"id"\n')
    done = wenzheng("eval", "qa", faulty, "--data", data_dir)
    assert done.returncode == 2
    assert "第2行" in done.stderr
