"""The records in a real database; also against PostgreSQL where RECORDS_TEST_URL names one."""

from __future__ import annotations

import io
import os
import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from chat.records import Records
from chat.records.database import Database
from chat.records.idempotency import (
    IdempotencyBusyError,
    IdempotencyConflictError,
    StoredReply,
)
from chat.records.jobs import JobState
from chat.records.keys import Scope
from chat.records.migrations import STEPS
from chat.types import Answer, Citation, Status
from corpus.errors import RecordsError

SERVER = os.environ.get("RECORDS_TEST_URL", "")
ANSWER = Answer(
    question="我的手机13800138000，去年GDP多少",
    standalone_question="2021年GDP多少",
    status=Status.ANSWERED,
    answer="2382.5亿元",
    explanation="",
    items=(),
    confidence=0.97,
    citations=(),
    answerer="extractive",
    model="wenzheng-static",
    took_ms=12.5,
)


@pytest.fixture(params=["sqlite", *(["postgresql"] if SERVER else [])])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    if request.param == "sqlite":
        yield tmp_path
        return
    engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    name = f"records_{uuid.uuid4().hex}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield engine.url.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def records(place: Path | str) -> Iterator[Records]:
    opened = Records(place)
    yield opened
    opened.close()


def test_a_key_is_shown_once_and_kept_only_as_a_digest(tmp_path: Path) -> None:
    records = Records(tmp_path)
    key, secret = records.keys.create("网信办", Scope.WRITE)
    assert secret.startswith("wz_")
    assert len(secret) == len("wz_") + 43  # 256 bits
    assert records.keys.verify(secret) == replace(key, last_used_at=None)
    records.close()
    assert secret.encode() not in b"".join(p.read_bytes() for p in tmp_path.iterdir())


def test_a_wrong_an_expired_and_a_revoked_key_do_not_open(records: Records) -> None:
    key, secret = records.keys.create("短期", Scope.READ, timedelta(milliseconds=1))
    other, revoked = records.keys.create("吊销", Scope.ADMIN)
    records.keys.revoke(other.id)
    assert records.keys.verify(secret[:-1]) is None
    assert records.keys.verify(secret) is None
    assert records.keys.verify(revoked) is None
    assert not records.keys.any_active()
    assert {k.id: k.state for k in records.keys.list()} == {key.id: "expired", other.id: "revoked"}


def test_the_last_use_of_a_key_is_noted(records: Records) -> None:
    _, secret = records.keys.create("办公室")
    before = datetime.now(UTC) - timedelta(seconds=1)
    records.keys.verify(secret)
    (key,) = records.keys.list()
    assert key.last_used_at is not None
    assert key.last_used_at > before


def test_scopes_include_the_smaller_ones() -> None:
    assert Scope.ADMIN.allows(Scope.READ)
    assert Scope.WRITE.allows(Scope.WRITE)
    assert not Scope.READ.allows(Scope.WRITE)


def test_feedback_is_kept_with_citations_and_without_personal_data(records: Records) -> None:
    citation = Citation("北仑区_2022", "报告", ("一", "二"), 3, 9, "2382.5", 1)
    records.feedback.add(
        question="产值", answer="错", status="answered", helpful=False, reason="不对",
        comment="请回电13800138000", citations=(citation,), version=4, request_id="r-1",
    )  # fmt: skip
    records.feedback.add(question="产值", answer="对", status="answered", helpful=True)
    (bad,) = records.feedback.list(helpful=False)
    assert bad.citations == (citation,)
    assert bad.comment == "请回电[手机号]"
    assert (bad.version, bad.request_id) == (4, "r-1")
    assert records.feedback.counts() == (1, 1)
    newest = records.feedback.list(limit=1)
    assert records.feedback.list(before=newest[0].id) == [bad]


def test_a_job_tells_progress_and_its_end_is_final(records: Records) -> None:
    job = records.jobs.create("documents.add", "key:1")
    assert job.state is JobState.QUEUED
    records.jobs.start(job.id)
    records.jobs.progress(job.id, 3, 10)
    running = records.jobs.get(job.id)
    assert (running.state, running.done, running.total) == (JobState.RUNNING, 3, 10)
    records.jobs.finish(job.id, result_version=7, messages=("一份文件没有日期",))
    records.jobs.fail(job.id, ("太晚了",))
    done = records.jobs.get(job.id)
    assert (done.state, done.result_version) == (JobState.DONE, 7)
    assert done.messages == ("一份文件没有日期",)
    assert records.jobs.counts()[JobState.DONE] == 1


def test_a_repeated_request_gets_the_first_reply(records: Records) -> None:
    book = records.idempotency
    assert book.begin("key:1", "上传-1", "a" * 64) is None
    with pytest.raises(IdempotencyBusyError):
        book.begin("key:1", "上传-1", "a" * 64)
    book.finish("key:1", "上传-1", StoredReply(202, "application/json", b"{}"))
    assert book.begin("key:1", "上传-1", "a" * 64) == StoredReply(202, "application/json", b"{}")
    with pytest.raises(IdempotencyConflictError, match="另一个请求"):
        book.begin("key:1", "上传-1", "b" * 64)
    assert book.begin("key:2", "上传-1", "b" * 64) is None


def test_a_failed_request_gives_its_key_back(records: Records) -> None:
    records.idempotency.begin("key:1", "k", "a")
    records.idempotency.abandon("key:1", "k")
    assert records.idempotency.begin("key:1", "k", "b") is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET who = 'nobody'",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE id = 1",
    ],
)
def test_the_database_itself_refuses_to_change_the_audit_log(
    statement: str, records: Records
) -> None:
    records.audit.record("cli:root", "keys.create", "abc")
    with pytest.raises(RecordsError, match="append-only"), records.database.write() as connection:
        connection.execute(text(statement))
    (entry,) = records.audit.list()
    assert (entry.who, entry.action, entry.subject) == ("cli:root", "keys.create", "abc")


def test_old_lines_of_the_audit_log_go_and_that_is_noted(records: Records) -> None:
    records.audit.record("cli:root", "keys.create", "旧")
    assert records.audit.purge(timedelta(days=180)) == 0
    assert records.audit.purge(timedelta(seconds=-1)) == 1
    (entry,) = records.audit.list()
    assert (entry.who, entry.action) == ("system", "audit.purge")
    with pytest.raises(RecordsError), records.database.write() as connection:
        connection.execute(text("DELETE FROM audit"))


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@A1", "\t=1", " =1", "＝1"])
def test_no_cell_of_the_exported_audit_log_is_a_formula(formula: str, records: Records) -> None:
    records.audit.record(formula, "documents.add", formula, f"第一行\n{formula}")
    written = io.StringIO(newline="")
    assert records.audit.export(written) == 1
    assert f",'{formula}," in written.getvalue().replace('"', "")


def test_questions_are_logged_masked_and_in_pages(records: Records) -> None:
    records.questions.log(ANSWER, request_id="r-1", channel="page", version=2)
    refused = replace(ANSWER, status=Status.UNANSWERABLE, standalone_question="区长电话")
    records.questions.log(refused)
    newest, oldest = records.questions.list()
    assert oldest.question == "我的手机[手机号]，去年GDP多少"
    assert (oldest.request_id, oldest.channel, oldest.version) == ("r-1", "page", 2)
    assert records.questions.list(status="unanswerable") == [newest]
    assert records.questions.list(before=newest.id) == [oldest]
    assert records.questions.counts() == {"answered": 1, "unanswerable": 1}


def test_with_the_log_off_no_question_is_kept(place: Path | str) -> None:
    records = Records(place, log_questions=False)
    records.questions.log(ANSWER)
    assert records.questions.list() == []
    records.close()


def test_nothing_is_kept_longer_than_set(place: Path | str) -> None:
    records = Records(place, keep=timedelta(seconds=-1))
    records.questions.log(ANSWER)
    records.feedback.add(question="产值", answer="", status="answered", helpful=True)
    records.jobs.finish(records.jobs.create("documents.add", "x").id)
    records.purge()
    assert (records.questions.list(), records.feedback.list(), records.jobs.list()) == ([], [], [])
    records.close()


def test_threads_share_one_object(records: Records) -> None:
    def write() -> None:
        for _ in range(20):
            records.questions.log(ANSWER)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert records.questions.counts() == {"answered": 160}


def test_a_later_version_upgrades_in_place_and_keeps_what_is_there(place: Path | str) -> None:
    def add_column(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE keys ADD COLUMN note TEXT"))

    first = Records(place)
    key, _ = first.keys.create("旧密钥")
    first.close()
    upgraded = Database(place, (*STEPS, add_column))
    with upgraded.read() as connection:
        assert connection.execute(text("SELECT id, note FROM keys")).all() == [(key.id, None)]
    upgraded.close()
    with pytest.raises(RecordsError, match="请升级本程序"):
        Records(place)


def test_an_upgrade_that_fails_leaves_everything_as_it_was(place: Path | str) -> None:
    def half(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE keys ADD COLUMN note TEXT"))
        connection.execute(text("ALTER TABLE nothing ADD COLUMN note TEXT"))

    Records(place).close()
    with pytest.raises(RecordsError):
        Database(place, (*STEPS, half))
    records = Records(place)
    with pytest.raises(RecordsError), records.database.read() as connection:
        connection.execute(text("SELECT note FROM keys"))
    records.close()


def test_the_file_is_private_and_one_that_is_not_is_refused(tmp_path: Path) -> None:
    Records(tmp_path).close()
    file = tmp_path / "records.sqlite"
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o640)
    with pytest.raises(RecordsError, match="chmod 600"):
        Records(tmp_path)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "records.sqlite"
    file.write_bytes(b"not a database" * 100)
    file.chmod(0o600)
    with pytest.raises(RecordsError, match=r"records\.sqlite"):
        Records(tmp_path)


@pytest.mark.parametrize("url", ["mysql://h/x", "nonsense", "sqlite://"])
def test_an_address_of_another_kind_is_told(url: str) -> None:
    with pytest.raises(RecordsError, match="postgresql://"):
        Records(url)
