"""Jobs when the service stops: they are told as interrupted, and nothing of them is left."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from live_api import REPORT, live_api

from chat.records import Records
from chat.records.jobs import JobState
from chat.records.keys import Scope
from corpus.report import BUNDLED

_DIES = """
import sys
from pathlib import Path
from chat.records import Records
records = Records(Path(sys.argv[1]))
job = records.jobs.create("documents.add", "测试")
records.jobs.start(job.id)
(Path(sys.argv[1]) / "uploads" / job.id).mkdir(parents=True)
print(job.id)
"""


def test_a_job_of_a_service_that_died_is_told_as_interrupted(
    data_dir: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "library"
    folder.mkdir()
    died = subprocess.run(
        [sys.executable, "-c", _DIES, folder], capture_output=True, text=True, check=True
    )
    job_id = died.stdout.strip()
    with live_api(data_dir, folder) as api, api.client(Scope.READ) as staff:
        job = staff.get(f"/v1/jobs/{job_id}").json()
        assert job["state"] == "interrupted"
        assert "重新提交" in " ".join(job["messages"])
        assert not (folder / "uploads" / job_id).exists()


def test_a_stop_leaves_no_job_open(data_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "library"
    more = BUNDLED.read_text(encoding="utf-8") * 5  # takes longer to index than to send
    with live_api(data_dir, folder) as api, api.client(Scope.WRITE) as staff:
        jobs = [
            staff.post(
                "/v1/documents",
                files={
                    "files": (f"县{n}_2023.txt", f"{REPORT.format(region='某县', gdp=n)}{more}")
                },
            ).json()["id"]
            for n in range(8)
        ]
    records = Records(folder)
    ended = {records.jobs.get(j).state for j in jobs}
    records.close()
    assert ended <= {JobState.DONE, JobState.INTERRUPTED}
    assert JobState.INTERRUPTED in ended
