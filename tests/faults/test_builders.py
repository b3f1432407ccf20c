"""Several builders at once: nothing that one of them added is lost to another."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chat.service import Service
from corpus.errors import LibraryError, StoppedError, UnknownDocumentError


def report(folder: Path, place: str) -> Path:
    path = folder / f"{place}_2022.txt"
    path.write_text(
        f"{place}2022年政府工作报告\n\n各位代表：\n一、工作回顾\n2021年，{place}新增停车位2000个。\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture
def reports(tmp_path: Path) -> list[Path]:
    return [report(tmp_path, f"{c}县") for c in "甲乙丙"]


def test_files_that_processes_add_at_the_same_time_are_all_there(
    reports: list[Path], tmp_path: Path
) -> None:
    library = tmp_path / "库"
    program = Path(sys.executable).with_name("wenzheng")
    started = [
        subprocess.Popen([program, "index", path, "--data", library], stderr=subprocess.PIPE)
        for path in reports
    ]
    for process in started:
        _, said = process.communicate()
        assert process.returncode == 0, said
    service = Service(library, "wenzheng-static")
    assert set(service.library.documents) == {p.stem for p in reports}
    assert [v.number for v in service.versions()] == [3, 2, 1]


def test_files_that_uploads_add_at_the_same_time_are_all_there(
    reports: list[Path], tmp_path: Path
) -> None:
    service = Service(tmp_path / "库", "wenzheng-static")
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda path: service.add([path]), reports))
    assert set(service.library.documents) == {p.stem for p in reports}


def test_removing_and_adding_at_the_same_time_does_both(
    reports: list[Path], tmp_path: Path
) -> None:
    library = tmp_path / "库"
    Service(library, "wenzheng-static").add(reports[:2])
    one, other = (Service(library, "wenzheng-static") for _ in range(2))
    one.prepare()
    other.prepare()
    with ThreadPoolExecutor(2) as pool:
        pool.submit(one.remove, ["甲县_2022"])
        pool.submit(other.add, reports[2:])
    one.prepare()
    assert set(one.library.documents) == {"乙县_2022", "丙县_2022"}


def test_a_server_builds_in_another_process_and_answers_from_it_at_once(
    reports: list[Path], tmp_path: Path
) -> None:
    service = Service(tmp_path / "库", "wenzheng-static", builds_apart=True)
    service.prepare()
    told: list[tuple[int, int]] = []
    read: list[str | None] = []
    added = service.add(
        reports, lambda *done: told.append(done), None, lambda file: read.append(file.document)
    )
    assert added.new == ("甲县_2022", "乙县_2022", "丙县_2022")
    assert read == list(added.new)
    assert told[-1][0] == told[-1][1] > 0
    assert {*added.new, "北仑区_2022"} == set(service.library.documents)
    with pytest.raises(UnknownDocumentError, match="丁县"):
        service.remove(["丁县_2022"])
    service.close()
    with pytest.raises(StoppedError, match="正在停止"):
        service.rebuild()


def test_a_build_that_is_given_up_by_who_waits_publishes_nothing(
    reports: list[Path], tmp_path: Path
) -> None:
    service = Service(tmp_path / "库", "wenzheng-static", builds_apart=True)
    service.prepare()

    def give_up(*_: object) -> None:
        raise StoppedError("够了")

    with pytest.raises(StoppedError, match="够了"):
        service.add(reports, None, None, give_up)
    assert [v.number for v in service.versions()] == [1]
    assert service.add(reports).version > 1  # it left no lock behind


def test_who_finds_the_library_taken_is_told_by_whom(reports: list[Path], tmp_path: Path) -> None:
    from index.locking import build_lock

    library = tmp_path / "库"
    library.mkdir()
    with (
        build_lock(library),
        pytest.raises(LibraryError, match=r"正在由主机.*更新"),
    ):
        Service(library, "wenzheng-static", wait_seconds=0.3).add(reports)
