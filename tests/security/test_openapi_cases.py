"""Thousands of requests made up from the OpenAPI document: no 5xx, every answer as described.

``pytest tests/security/test_openapi_cases.py`` makes a few hundred in some 20 seconds;
``pytest -m long tests/security/test_openapi_cases.py -s`` makes at least 20,000.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from live_api import REPORT, live_api

from chat.records.keys import Scope

# Whether an accepted request makes sense is more than a schema can say: a question of nothing but
# marks, a file that is no report, a start behind the end are refused with 422, and should be.
_LEFT_OUT = "positive_data_acceptance"
_FREE = "1000000/second"


def cases(library: Path, folder: Path, *options: str) -> tuple[int, str]:
    """Run schemathesis against the API over a copy of a library, with the key of an admin.

    :returns: the number of cases, and what was found, empty if nothing.
    """
    folder.mkdir(exist_ok=True)
    with live_api(
        library, folder / "library", rate_key=_FREE, rate_local=_FREE, max_upload_mib=1
    ) as api:
        with api.client(Scope.WRITE) as staff:  # so that documents may be deleted
            text = REPORT.format(region="测试县", gdp="123.4").encode()
            job = staff.post("/v1/documents", files={"files": ("测试县_2023.txt", text)}).json()
        assert api.finished(job["id"])["state"] == "done"
        done = subprocess.run(
            [
                Path(sys.executable).with_name("schemathesis"),
                "run",
                f"{api.address}/openapi.json",
                f"--header=Authorization: Bearer {api.keys[Scope.ADMIN]}",
                f"--exclude-checks={_LEFT_OUT}",
                "--continue-on-failure",
                "--no-color",
                "--warnings=off",
                "--seed=1",
                "--request-timeout=60",
                *options,
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        with api.client() as citizen:
            assert citizen.get("/readyz").status_code == 200
    counted = re.search(r"([\d,]+) generated", done.stdout)
    number = int(counted[1].replace(",", "")) if counted else 0
    return number, done.stdout + done.stderr if done.returncode else ""


# Deleted documents would leave the other routes nothing but 404 to answer with: a run of its own.
_KEPT, _DELETED = "--exclude-operation-id=delete_document", "--include-operation-id=delete_document"


def test_requests_made_up_from_the_description_find_nothing(data_dir: Path, tmp_path: Path) -> None:
    phases = "--phases=examples,fuzzing"
    number, found = cases(data_dir, tmp_path, phases, "--max-examples=8", _KEPT)
    assert found == ""
    assert number > 100


@pytest.mark.long
def test_twenty_thousand_made_up_requests_find_nothing(data_dir: Path, tmp_path: Path) -> None:
    total = 0
    for kind, most in ((_KEPT, 900), (_DELETED, 100)):
        number, found = cases(data_dir, tmp_path / kind, f"--max-examples={most}", kind)
        total += number
        assert found == ""
    print(f"{total} cases")
    assert total >= 20_000
