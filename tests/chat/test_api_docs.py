"""The lines of docs/api.md do what they say when they are pasted into a shell."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from live_api import REPORT, LiveApi, live_api

from chat.records.keys import Scope

DOCS = Path(__file__).parents[2] / "docs" / "api.md"
BLOCKS = re.findall(r"```bash\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
LINES = [
    line.strip() for block in BLOCKS for line in re.split(r"\n(?=curl )", block) if line.strip()
]


@pytest.fixture(scope="module")
def api(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApi]:
    folder = tmp_path_factory.mktemp("docs")
    with live_api(data_dir, folder) as running, running.client(Scope.WRITE) as staff:
        text = REPORT.format(region="测试县", gdp="123.4").encode()
        files = {"files": ("测试县_2023.txt", text)}
        job = staff.post("/v1/documents", files=files).json()
        running.finished(job["id"])
        yield running


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_the_docs_works(api: LiveApi, tmp_path: Path, line: str) -> None:
    (tmp_path / "测试县_2023.txt").write_text(REPORT.format(region="测试县", gdp="1"), "utf-8")
    done = subprocess.run(
        ["bash", "-c", line.replace("curl -", "curl --fail -", 1)],
        env={
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "WZ": api.address,
            "KEY": api.keys[Scope.ADMIN],
            "JOB": api.records.jobs.list()[0].id,
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    if "If-None-Match" in line:
        assert done.stdout.startswith("HTTP/1.1 304")


def test_every_route_has_a_line(api: LiveApi) -> None:
    with api.client() as citizen:
        paths = citizen.get("/openapi.json").json()["paths"]
    missing = []
    for path, operations in paths.items():
        address = re.sub(r"\\\{[^}]+\\\}", r"[^\\s/?\"]+", re.escape(path)) + r"(?![/\w])"
        for method in operations:
            used = [
                line
                for line in LINES
                if re.search(address, line)
                and (method == "delete") == ("DELETE" in line)
                and (method == "post") == (" -d '{" in line or " -F " in line or "-X POST" in line)
            ]
            if not used:
                missing.append(f"{method} {path}")
    assert missing == []
