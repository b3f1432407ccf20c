"""The commands for staff: keys, audit log, what citizens miss."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import wenzheng
from typer.testing import CliRunner

from chat.records import Records
from chat.records.insights import insights
from chat.records.keys import Scope
from chat.types import Answer, Status
from corpus.errors import RecordsError
from index.encoder import Encoder
from wenzheng import app

REFUSED = Answer(
    question="",
    standalone_question="",
    status=Status.UNANSWERABLE,
    answer="报告没有说。",
    explanation="",
    items=(),
    confidence=0.1,
    citations=(),
    answerer="extractive",
    model="wenzheng-static",
    took_ms=10,
)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
# Wordings by matter, as citizens put them.
MATTERS = [
    ["小区什么时候装电梯", "老旧小区加装电梯有什么计划", "加装电梯怎么申请", "我们小区能不能加装电梯"],
    ["公交车几点收班", "公交末班车是几点", "最后一班公交车几点"],
    ["垃圾分类怎么分", "垃圾分类有什么要求"],
    ["谁是美国总统"],
]  # fmt: skip


def run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0
    return str(result.output)


def test_the_life_of_a_key(tmp_path: Path) -> None:
    made = wenzheng(
        "keys", "create", "--name", "网信办", "--scope", "write", "--expires-days", "30",
        "--data", tmp_path,
    )  # fmt: skip
    secret = made.stdout.strip()  # nothing but the secret, fit for $(…)
    assert secret.startswith("wz_")
    assert "只显示这一次" in made.stderr
    records = Records(tmp_path)
    key = records.keys.verify(secret)
    assert key is not None
    assert key.scope is Scope.WRITE
    assert key.expires_at is not None
    assert (key.expires_at - key.created_at).days == 30
    listed = run("keys", "list", "--data", tmp_path)
    assert f"{key.id}\t网信办\twrite\t有效" in listed
    assert secret not in listed
    assert "已吊销" in run("keys", "revoke", key.id, "--data", tmp_path)
    assert records.keys.verify(secret) is None
    (shown,) = json.loads(run("keys", "list", "--json", "--data", tmp_path))
    assert shown["state"] == "revoked"
    with pytest.raises(RecordsError, match="早已吊销"):
        run("keys", "revoke", key.id, "--data", tmp_path)
    actions = [(e.action, e.subject) for e in records.audit.list()]
    assert actions == [("keys.revoke", key.id), ("keys.create", key.id)]
    records.close()


def test_a_key_that_does_not_exist_is_told_with_the_way_to_find_it(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="wenzheng keys list"):
        run("keys", "revoke", "nope", "--data", tmp_path)


def test_the_audit_log_as_a_table_that_runs_nothing(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.audit.record("key:1（=HYPERLINK(…)）", "documents.add", "=1+1", "甲\n乙")
    file = tmp_path / "审计.csv"
    assert "已导出1条" in run("audit", "export", file, "--data", tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    with file.open(encoding="utf-8-sig", newline="") as opened:
        (row,) = csv.DictReader(opened)
    assert row["subject"] == "'=1+1"
    assert row["detail"] == "甲\n乙"
    assert datetime.fromisoformat(row["at"]).tzinfo is not None
    assert records.audit.list()[0].action == "audit.export"  # and that is noted too
    records.close()


def test_the_audit_log_cannot_be_written_where_there_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="请检查路径和权限"):
        run("audit", "export", tmp_path / "nowhere" / "a.csv", "--data", tmp_path)


@pytest.fixture
def missed(tmp_path: Path) -> Records:
    """Records of an office whose citizens miss a few things."""
    records = Records(tmp_path)
    for wordings in MATTERS:
        for wording in wordings:
            records.questions.log(replace(REFUSED, question=wording, standalone_question=wording))
    known = "去年的产值是多少"
    records.questions.log(
        replace(REFUSED, question=known, standalone_question=known, status=Status.ANSWERED)
    )
    records.feedback.add(
        question="垃圾分类怎么分？", answer="…", status="answered", helpful=False, reason="答错了"
    )
    records.feedback.add(question="好问题", answer="…", status="answered", helpful=True)
    return records


def test_wordings_of_one_matter_come_together_largest_group_first(missed: Records) -> None:
    found = insights(missed, Encoder(), LONG_AGO)
    lift, bus, litter, president = (set(m) for m in MATTERS)
    # Of groups of one size the one that was asked last comes first.
    assert [set(g.examples) for g in found.groups] == [lift, litter, bus, president]
    assert [g.count for g in found.groups] == [4, 3, 3, 1]
    second = found.groups[1]
    assert (second.unanswered, second.disliked, second.reasons) == (2, 1, ("答错了",))
    assert (found.asked, found.unanswered, found.disliked) == (11, 10, 1)
    missed.close()


def test_what_was_answered_or_liked_is_not_missed(missed: Records) -> None:
    shown = {q for g in insights(missed, Encoder(), LONG_AGO).groups for q in g.examples}
    assert not shown & {"去年的产值是多少", "好问题"}
    missed.close()


def test_insights_in_the_terminal_and_as_json(missed: Records, tmp_path: Path) -> None:
    text = run("insights", "--days", "7", "--data", tmp_path)
    assert "提问11次，没答上10次，反馈不好1次；归为4组" in text
    assert "反馈：答错了" in text
    assert text.index("装电梯") < text.index("垃圾") < text.index("公交") < text.index("美国")
    whole = json.loads(run("insights", "--json", "--limit", "2", "--data", tmp_path))
    assert [g["count"] for g in whole["groups"]] == [4, 3]
    assert datetime.fromisoformat(whole["groups"][0]["last"]).tzinfo is not None
    missed.close()


def test_an_office_without_questions_gets_an_empty_list(tmp_path: Path) -> None:
    assert "归为0组" in run("insights", "--data", tmp_path)
