"""Thousands of requests made up from the OpenAPI document: no 5xx, every answer as described.

``pytest tests/security/test_openapi_cases.py`` makes a hundred or so in some 10 seconds;
``pytest -m long tests/security/test_openapi_cases.py -s`` makes at least 20,000; ``-k '[0]'`` one part.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path

import pytest
from live_api import REPORT, LiveApi, live_api

from chat.records.keys import Scope

# Whether an accepted request makes sense is more than a schema can say: a question of nothing but
# marks, a file that is no report, a start behind the end are refused with 422, and should be.
_LEFT_OUT = "positive_data_acceptance"
_FREE = "1000000/second"
WHOLE, PARTS = 20_000, 6  # cases; each part on a server of its own, so that they can run at once
# Each of these may start a job that publishes a version.
_FEWER = {"upload_documents": 200, "publish_version": 200, "delete_document": 200}


@contextmanager
def filled(library: Path, folder: Path) -> Iterator[LiveApi]:
    """Serve a copy of a library with a second report in it, so that documents may be deleted."""
    with live_api(
        library, folder / "library", rate_key=_FREE, rate_local=_FREE, max_upload_mib=1
    ) as api:
        with api.client(Scope.WRITE) as staff:
            text = REPORT.format(region="测试县", gdp="123.4").encode()
            job = staff.post("/v1/documents", files={"files": ("测试县_2023.txt", text)}).json()
        assert api.finished(job["id"])["state"] == "done"
        yield api
        with api.client() as citizen:
            assert citizen.get("/readyz").status_code == 200


def cases(api: LiveApi, folder: Path, *options: str) -> tuple[int, str]:
    """Run schemathesis against an API with the key of an admin.

    :param folder: for what schemathesis keeps between runs.
    :returns: the number of cases, and what was found, empty if nothing.
    """
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
    counted = re.search(r"([\d,]+) generated", done.stdout)
    number = int(counted[1].replace(",", "")) if counted else 0
    return number, done.stdout + done.stderr if done.returncode else ""


def test_requests_made_up_from_the_description_find_nothing(data_dir: Path, tmp_path: Path) -> None:
    with filled(data_dir, tmp_path) as api:
        # Deleted documents would leave the other routes nothing but 404 to answer with.
        number, found = cases(
            api,
            tmp_path,
            "--phases=examples,fuzzing",
            "--max-examples=5",
            "--exclude-operation-id=delete_document",
        )
    assert found == ""
    assert number > 80


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_twenty_thousand_made_up_requests_find_nothing(
    part: int, data_dir: Path, tmp_path: Path
) -> None:
    """Operation by operation, that which deletes last; then one after another as links lead."""
    total, faults = 0, []
    with filled(data_dir, tmp_path) as api:
        with api.client() as citizen:
            paths = citizen.get("/openapi.json").json()["paths"]
        operations = [o for path in paths.values() for o in path.values()]
        ours = sorted(operations, key=lambda o: o["operationId"] == "delete_document")[part::PARTS]
        rich = [o for o in ours if o.get("parameters") or o.get("requestBody")]
        most = ceil(1.1 * WHOLE / PARTS / len([o for o in rich if o["operationId"] not in _FEWER]))
        runs = {
            name: (
                f"--include-operation-id={name}",
                f"--max-examples={_FEWER.get(name, most)}",
                "--phases=examples,coverage,fuzzing",
            )
            for name in (o["operationId"] for o in ours)
        } | ({"links": ("--phases=stateful", "--max-examples=40")} if part == 0 else {})
        for name, options in runs.items():
            begun = time.monotonic()
            number, found = cases(api, tmp_path, *options)
            took = time.monotonic() - begun
            print(f"{name}: {number} cases in {took:.0f} s, {found or 'no fault'}", flush=True)
            total += number
            faults += [found] if found else []
    print(f"{total} cases")
    assert faults == []
    assert total >= WHOLE / PARTS
