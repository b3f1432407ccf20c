"""A full disk and a folder that may not be written: a clear error, and answers as before."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import wenzheng
from faults.forge import GDP, VALUE, edition

from corpus.report import BUNDLED

CRAMPED = Path(__file__).with_name("cramped.py")
# Where the system lets us mount in a name space of our own, a disk is really full; everywhere a
# file can really not grow.
MOUNTING = ["unshare", "--map-root-user", "--mount"]
WAYS: dict[str, tuple[list[str], list[int]]] = {"file": ([], [0, 900, 40_000, 70_000])}
if (
    shutil.which("unshare")
    and subprocess.run(
        [*MOUNTING, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], check=False, capture_output=True
    ).returncode
    == 0
):
    # One version takes some 220 KiB or more.
    WAYS["disk"] = (MOUNTING, [0, 40_000, 120_000, 180_000])


@pytest.mark.parametrize("way", WAYS)
def test_on_a_full_disk_the_old_version_answers_and_the_next_build_succeeds(
    way: str, tmp_path: Path
) -> None:
    prefix, rooms = WAYS[way]
    report = edition(tmp_path, BUNDLED, "3000亿元")
    done = subprocess.run(
        [*prefix, sys.executable, CRAMPED, way, tmp_path / "库", report, *map(str, rooms)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    *cramped, roomy = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(cramped) == len(rooms), done.stderr
    for told in cramped:
        assert "磁盘已满" in told["error"], told
        assert (told["answer"], told["fresh"]) == (VALUE, VALUE)
        assert told["left"] == ["1"]
        assert not [n for n in told["beside"] if n.endswith(".new")]
    assert roomy["error"] == ""
    assert (roomy["answer"], roomy["fresh"]) == ("3000亿元", "3000亿元")


@pytest.fixture
def locked(data_dir: Path, tmp_path: Path) -> Iterator[Path]:
    """A library in a folder that may be read only."""
    folder = Path(shutil.copytree(data_dir, tmp_path / "库"))
    folders = [folder, *(p for p in folder.rglob("*") if p.is_dir())]
    for each in folders:
        each.chmod(0o555)
    yield folder
    for each in folders:
        each.chmod(0o755)


def without_rights(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command line as one for whom the rights of files hold, even if we are root."""
    program = Path(sys.executable).with_name("wenzheng")
    lesser = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"]
    return subprocess.run(
        [*(lesser if os.geteuid() == 0 else []), program, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_folder_that_may_only_be_read_answers_but_takes_nothing_in(locked: Path) -> None:
    asked = without_rights("ask", GDP, "--data", locked)
    assert asked.stdout.startswith(VALUE)
    refused = without_rights("index", "--rebuild", "--data", locked)
    assert refused.returncode == 2
    assert "不可写" in refused.stderr
    assert "已发布的版本不受影响" in refused.stderr
    assert wenzheng("versions", "--data", locked).stdout.count("完好") == 1
