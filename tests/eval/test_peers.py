"""The comparison with other pipelines: what a worker tells, how it is judged, what is shown."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from conftest import ROOT, wenzheng
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from chat.reader.reader import shipped_reader
from corpus.errors import QuestionFileError, WenzhengError
from corpus.types import Document as Report
from eval.peers import data as given
from eval.peers.adapters.our_reader import register
from eval.peers.catalogue import ENTRIES, WENZHENG, entries
from eval.peers.launch import PeerError, launch, python_of
from eval.peers.protocol import Document, Question, located
from eval.peers.reader import export
from eval.peers.results import Results, Searched, Timed, load, save
from eval.peers.run import plan_of
from eval.peers.scoring import Judged, covered, judge, lead, quality, within
from eval.peers.tables import insert, short_table, tables

GDP = Question("gdp", "2021年北仑区的地区生产总值是多少？", "beilun")


def test_bm25s_finds_the_sentence_and_tells_where_it_stands(document: Report) -> None:
    entry = next(e for e in ENTRIES if e.key == "bm25s/chinese")
    whole = [Document("beilun", document.text)]
    run = launch(entry, sys.executable, whole, [GDP], limit_s=60)
    assert run.stopped == ""
    (answer,) = run.answers
    found = [document.text[start:end] for _, start, end in answer["hits"]]
    assert any("地区生产总值2382.5亿元" in text for text in found[:3])
    assert run.indexed["chunks"] > 50
    assert answer["ms"] > 0
    assert run.first_answer_s > 0
    assert run.peak_mb > 20


def test_wenzheng_is_asked_by_the_same_protocol(document: Report) -> None:
    whole = [Document("beilun", document.text)]
    run = launch(WENZHENG, sys.executable, whole, [GDP], read=True, limit_s=120)
    assert run.stopped == ""
    (answer,) = run.answers
    found = [document.text[start:end] for _, start, end in answer["hits"][:3]]
    assert any("地区生产总值2382.5亿元" in text for text in found)
    assert answer["answer"] == "2382.5亿元"


def test_passages_given_ready_cut_keep_their_place_in_the_document(document: Report) -> None:
    passages = given.our_passages([Document("beilun", document.text)])
    entry = next(e for e in ENTRIES if e.key == "bm25s/chinese")
    run = launch(entry, sys.executable, passages, [GDP], cut=False, limit_s=60)
    assert run.indexed["chunks"] == len(passages)
    _, start, end = run.answers[0]["hits"][0]
    assert document.text[start:end] in {p.text for p in passages}


def test_a_worker_that_takes_too_long_is_ended_and_what_it_told_counts(document: Report) -> None:
    whole = [Document("beilun", document.text)]
    run = launch(WENZHENG, sys.executable, whole, [GDP], limit_s=0.05)
    assert run.stopped.startswith("时限")
    assert run.answers == []


def test_a_peer_that_is_not_installed_is_told_not_passed_over(document: Report) -> None:
    entry = next(e for e in ENTRIES if e.key == "txtai/installed")
    whole = [Document("beilun", document.text)]
    run = launch(entry, sys.executable, whole, [GDP], limit_s=60)
    assert "txtai" in run.stopped


def test_without_the_environment_of_the_peers_the_command_says_how_to_make_it(
    tmp_path: Path,
) -> None:
    entry = next(e for e in ENTRIES if e.key == "Haystack/chinese")
    with pytest.raises(PeerError, match=r"pip install -r eval/peers/requirements\.txt"):
        python_of(entry, tmp_path)
    told = wenzheng("eval", "peers", "--venv", tmp_path, "--out", tmp_path / "r.json")
    assert told.returncode == 2
    assert told.stderr.startswith("错误：")


def test_frameworks_load_our_reader_and_it_finds_what_the_product_finds(tmp_path: Path) -> None:
    register()
    folder = export(tmp_path / "reader")
    model = AutoModelForQuestionAnswering.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    passage = "2021年，全区实现地区生产总值2382.5亿元，年均增长7.5%，财政总收入达到791.4亿元。"
    for question in ("全区地区生产总值是多少？", "财政总收入达到多少？", "年均增长多少？"):
        tokens = tokenizer(question, passage, return_tensors="pt")
        scores = model(**tokens)
        first, last = int(scores.start_logits.argmax()), int(scores.end_logits.argmax())
        found = passage[tokens.token_to_chars(first).start : tokens.token_to_chars(last).end]
        answering, _ = shipped_reader().read(question, [passage])
        best = answering[0].best()
        assert best is not None
        assert found == passage[best[1] : best[2]]


def test_half_the_evidence_counts_as_found_less_does_not() -> None:
    evidence = (100, 200)
    assert judge([(0, 50), (150, 400)], evidence).rank == 1
    assert judge([(0, 50), (151, 400)], evidence).rank is None
    assert judge([(0, 5)] * 10 + [(100, 200)], evidence).rank is None


def test_a_huge_chunk_does_not_win_the_context() -> None:
    assert judge([(0, 17_000)], (5_000, 5_100)) == Judged(0, context=False)
    assert judge([(0, 17_000)], (1_900, 2_000)) == Judged(0, context=True)


def test_evidence_over_two_neighbouring_chunks_is_whole_only_with_both() -> None:
    assert covered([(50, 120), (0, 60)], (10, 110))
    assert not covered([(0, 60), (61, 120)], (10, 110))
    assert within([(0, 1500), (3000, 4000), (5000, 5100)], 2000) == [(0, 1500), (3000, 3500)]


def test_quality_counts_questions_that_found_nothing() -> None:
    found = quality([Judged(0, True), Judged(None, False), Judged(2, True), Judged(7, False)])
    assert (found.recall1, found.recall5, found.recall10) == (25.0, 50.0, 75.0)
    assert found.mrr == pytest.approx((1 + 1 / 3 + 1 / 8) / 4, abs=0.001)
    assert found.context == 50.0


def test_a_lead_by_chance_has_zero_within_its_interval() -> None:
    mean, low, high = lead([True, False] * 50, [False, True] * 50)
    assert mean == 0
    assert low < 0 < high
    mean, low, _ = lead([True] * 100, [False] * 60 + [True] * 40)
    assert mean == pytest.approx(60)
    assert low > 40


def test_a_piece_that_is_no_stretch_of_its_document_is_refused() -> None:
    document = Document("d", "甲乙丙丁甲乙", start=100)
    first, second = located(document, [(None, "甲乙"), (None, " 甲乙 ")])
    assert (first.start, second.start, second.end) == (100, 104, 106)
    with pytest.raises(ValueError, match="no stretch"):
        located(document, [(None, "甲丙")])


def test_results_survive_and_a_new_run_replaces_its_own_row_only(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    results = Results(machine="two cores")
    for entry, ms in (("bm25s/chinese", 2.0), ("rank-bm25/chinese", 5.0), ("bm25s/chinese", 3.0)):
        results.put(Timed(entry, 100, 0.1, 0.1, 1.0, ms, ms, 9, 80.0, ""))
    save(results, path)
    assert {t.entry: t.p50_ms for t in load(path).timed} == {
        "rank-bm25/chinese": 5.0,
        "bm25s/chinese": 3.0,
    }
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(QuestionFileError, match="不是对照结果"):
        load(path)


def test_the_tables_say_who_leads_and_who_did_not_finish(tmp_path: Path) -> None:
    results = Results(machine="two cores")
    for entry, contexts in ((WENZHENG.key, [True, True]), ("LangChain/encoder", [True, False])):
        judged = [Judged(0 if c else None, c) for c in contexts]
        ranks = [j.rank for j in judged]
        row = Searched(entry, "own", "beilun-dev", 90, 200, quality(judged), ranks, contexts)
        results.put(row)
    results.put(
        Timed("LangChain/encoder", 300_000, None, None, None, None, None, 0, 9e3, "时限60秒")
    )
    shown = tables(results)
    assert re.search(r"\*\*Wenzheng\*\* .*\| 100\.0 \| – \|", shown)
    assert re.search(r"LangChain .*\| 50\.0 \| \+50\.0 \(", shown)
    assert "not done (limit 60 s)" in shown
    assert "未完成（时限60秒）" in short_table(results)
    page = tmp_path / "page.md"
    page.write_text(
        "前\n<!-- peers:all:begin -->\n旧\n<!-- peers:all:end -->\n后\n", encoding="utf-8"
    )
    insert(page, results)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("前\n")
    assert text.endswith("\n后\n")
    assert "LangChain" in text
    assert "旧" not in text
    page.write_text("没有记号", encoding="utf-8")
    with pytest.raises(WenzhengError, match="记号"):
        insert(page, results)


def test_bulk_passages_are_whole_sentences_and_too_few_are_told() -> None:
    passages = given.bulk(60, None)
    assert len({p.id for p in passages}) == 60
    assert all(60 <= len(p.text) <= 300 for p in passages)
    with pytest.raises(QuestionFileError, match="--data"):
        given.bulk(1_000_000, None)


def test_a_plan_names_what_it_does_not_know() -> None:
    with pytest.raises(PeerError, match="dense"):
        plan_of(Path("v"), Path("o"), parts="dense")
    with pytest.raises(PeerError, match="milvus"):
        plan_of(Path("v"), Path("o"), peers="milvus")
    with pytest.raises(PeerError, match="many"):
        plan_of(Path("v"), Path("o"), sizes="many")


def test_every_peer_has_its_packages_pinned_and_its_settings_told() -> None:
    pinned = (ROOT / "eval" / "peers" / "requirements.txt").read_text(encoding="utf-8")
    names = {line.split("==")[0].lower().replace("_", "-") for line in pinned.splitlines()}
    lines = [ln for ln in pinned.splitlines() if ln and not ln.startswith("#")]
    assert all("==" in line for line in lines)
    told = (ROOT / "docs" / "peers.md").read_text(encoding="utf-8")
    for entry in entries():
        assert entry.product or set(entry.needs) <= names, entry.key
        assert f"{entry.peer} |" in told or f"**{entry.peer}** |" in told
