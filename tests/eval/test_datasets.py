"""Readers of other people's files: a clerk's table, SQuAD form, BEIR, RGB."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from conftest import QUESTIONS
from evaluation_files import beir, squad
from openpyxl import Workbook

from corpus.errors import QuestionFileError
from eval.datasets.beir import read_beir
from eval.datasets.load import read_set
from eval.datasets.rgb import RgbKind, read_rgb
from eval.datasets.squad import read_squad


def test_a_clerks_workbook_becomes_questions(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (
        ("编号", "问题", "答案", "要点"),
        (1, "2021年地区生产总值是多少？", "2382.5亿元", None),
        (2, "产值多少", "4999.3亿元|4999.3 亿元", None),
        (3, "今天天气怎么样", None, None),
        (4, "得了哪些奖", None, "鲁班奖|大禹奖"),
        (None, None, None, None),
    ):
        sheet.append(cells)
    book.save(tmp_path / "题.xlsx")
    rows = read_set(tmp_path / "题.xlsx").rows
    assert [r.id for r in rows] == ["1", "2", "3", "4"]
    assert rows[1].answers == ["4999.3亿元", "4999.3 亿元"]
    assert [r.answerable for r in rows] == [True, True, False, True]
    assert rows[3].items == ["鲁班奖", "大禹奖"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_table_saved_by_excel_in_either_encoding_is_read(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "题.csv"
    path.write_bytes('问题,答案\r\n"产值,是多少",4999.3亿元\r\n'.encode(encoding))
    (row,) = read_set(path).rows
    assert (row.question, row.answers) == ("产值,是多少", ["4999.3亿元"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("题目,答案\n几,3\n", "第1行缺少“问题”列"),
        ("question,answer\n,3\nx,1\n,4\n", "第2行：有答案，却没有问题\n  第4行"),
        ("question,answer,id\na,1,7\nb,2,7\n", "第3行：编号“7”与第2行重复"),
        ("question,answer\n", "没有问题"),
        ("", "题.csv是空的"),
        ("问题，答案\n几，3\n", "列与列之间用英文逗号隔开"),
        ("问题,答案\n产值,2,382.5亿元\n", "第2行：多出一格“382.5亿元”"),
        ('问题,答案\n几,3\n"GDP多少,3\n又几,4\n', "第3行读不了：引号没有成对"),
        ("问题,答案,标准答案\n几,3,4\n", "第1行：“答案”和“标准答案”都是答案"),
        ("问题,答案\n几,。\n", "第2行：答案“。”没有一个字或数字"),
        (f"问题,答案\n{'长' * 501},3\n", "第2行：问题有501个字"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_with_its_row(
    text: str, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "题.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(QuestionFileError) as refused:
        read_set(path)
    assert told in refused.value.message


def test_a_workbook_is_read_as_it_is_shown(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (("问题", "答案"), ("失业率多少", 0.035), ("几时开会", date(2022, 1, 19))):
        sheet.append(cells)
    sheet["B2"].number_format = "0.0%"
    book.save(tmp_path / "题.xlsx")
    assert [r.answers for r in read_set(tmp_path / "题.xlsx").rows] == [["3.5%"], ["2022-01-19"]]


def test_a_formula_without_a_result_is_not_taken_for_no_answer(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (("问题", "答案"), ("增长多少", "=A1+1"), ("产值", "#REF!")):
        sheet.append(cells)
    book.save(tmp_path / "题.xlsx")
    with pytest.raises(QuestionFileError) as refused:
        read_set(tmp_path / "题.xlsx")
    assert "第2行：公式“=A1+1”还没有算出结果" in refused.value.message
    assert "第3行：单元格是错误值“#REF!”" in refused.value.message


def test_a_broken_workbook_and_an_unknown_form_are_refused_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK no workbook")
    with pytest.raises(QuestionFileError, match="请用Excel重新保存"):
        read_set(tmp_path / "a.xlsx")
    with pytest.raises(QuestionFileError, match=r"\.xlsx"):
        read_set(tmp_path / "a.docx")


def test_an_answer_that_is_not_in_its_passage_is_told(tmp_path: Path) -> None:
    path = squad(tmp_path, ("全区新增学位18700个。", [("几个", ["18700个"]), ("几个", ["99个"])]))
    with pytest.raises(QuestionFileError, match="问题0-1：答案“99个”不在段落里"):
        read_squad(path)


def test_a_squad_form_file_can_be_asked_like_a_question_file(tmp_path: Path) -> None:
    asked = read_set(squad(tmp_path, ("全区新增学位18700个。", [("新增多少学位", ["18700个"])])))
    assert asked.documents[0].text[asked.rows[0].start : asked.rows[0].end] == "18700个"


def test_a_beir_folder_is_read(tmp_path: Path) -> None:
    found = read_beir(beir(tmp_path / "set", "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\n"))
    assert found.relevant == {"q1": {"d1": 2}}
    assert found.documents[0].text.startswith("教育\n新改扩建")


def test_faulty_judgements_are_told_with_their_lines(tmp_path: Path) -> None:
    folder = beir(tmp_path / "set", "q1\td1\tyes\nq1\td9\t1\nq7\td1\t1\n")
    with pytest.raises(QuestionFileError) as refused:
        read_beir(folder)
    told = refused.value.message
    assert "第1行：应是“问题编号" in told
    assert "第2行：corpus.jsonl里没有文件“d9”" in told
    assert "第3行：queries.jsonl里没有问题“q7”" in told
    with pytest.raises(QuestionFileError, match=r"没有dev\.tsv，现有：test"):
        read_beir(folder, "dev")


@pytest.mark.parametrize("kind", list(RgbKind))
def test_the_shipped_rgb_sets_are_of_their_kinds(kind: RgbKind) -> None:
    found = read_rgb(QUESTIONS / "rgb" / f"{kind.value}.jsonl")
    assert found.kind is kind
    for row in found.rows:
        for group, part in zip(row.positive, row.parts, strict=False):
            assert any(a in text for a in part for text in group), row.id
        assert not any(a in text for part in row.parts for a in part for text in row.negative)


def test_an_rgb_file_of_mixed_kinds_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "zh.jsonl"
    row = {"id": 0, "query": "问", "answer": ["答"], "positive": ["答"], "negative": []}
    lines = [row, row | {"positive": [["答"]], "answer": [["答"]]}, row | {"negative": "x"}]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with pytest.raises(QuestionFileError) as refused:
        read_rgb(path)
    assert "几种题混在一起（第1行是noise、第2行是integration）" in refused.value.message
    assert "第3行：“negative”应是列表" in refused.value.message
