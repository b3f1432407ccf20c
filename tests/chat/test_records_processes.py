"""Several processes on one records file, one of them killed in the middle of a write."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from conftest import ROOT
from sqlalchemy import text

from chat.records import Records
from chat.records.jobs import JobState

WRITER = """
import sys
from pathlib import Path
from chat.records import Records
records = Records(Path(sys.argv[1]))
job = records.jobs.create("documents.add", "writer")
records.jobs.start(job.id)
print("ready", flush=True)
for number in range(int(sys.argv[2])):
    with records.database.write() as connection:
        for part in range(20):
            connection.exec_driver_sql(
                "INSERT INTO audit (at, who, action, subject, detail) VALUES (0, ?, 'x', '', '')",
                (f"{sys.argv[3]}-{number}",),
            )
"""


def writer(folder: Path, count: int, name: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(count), name],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_two_processes_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    processes = [writer(tmp_path, 50, name) for name in "ab"]
    assert [p.wait(timeout=30) for p in processes] == [0, 0]
    records = Records(tmp_path)
    with records.database.read() as connection:
        counts = connection.execute(
            text("SELECT substr(who, 1, 1), count(*) FROM audit GROUP BY 1 ORDER BY 1")
        ).all()
    assert counts == [("a", 1000), ("b", 1000)]
    records.close()


def test_a_process_killed_in_the_middle_of_a_write_leaves_whole_transactions(
    tmp_path: Path,
) -> None:
    process = writer(tmp_path, 1_000_000, "a")
    with sqlite3.connect(tmp_path / "records.sqlite") as connection:
        while connection.execute("SELECT count(*) FROM audit").fetchone()[0] < 200:
            pass
    process.send_signal(signal.SIGKILL)
    process.wait()
    records = Records(tmp_path)
    with records.database.read() as reading:
        sizes = reading.execute(text("SELECT DISTINCT count(*) FROM audit GROUP BY who")).all()
    assert sizes == [(20,)]
    (swept,) = records.jobs.sweep()  # its job is told as interrupted
    assert swept.state is JobState.INTERRUPTED
    assert "重新提交" in swept.messages[0]
    records.audit.record("cli:root", "after")
    records.close()


def test_the_jobs_of_a_living_process_are_left_alone(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.jobs.create("documents.add", "me")
    assert records.jobs.sweep() == ()
    records.close()
