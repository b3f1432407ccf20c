"""Back up while others write, restore whole, refuse what is not whole or not a backup."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import tarfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import wenzheng

from chat.archive import BackupManifest
from chat.backup import back_up, restore
from chat.records import Records
from chat.records.keys import Scope
from chat.service import Service
from corpus.errors import BackupError, RecordsError
from index.publishing import published, version_numbers

GDP = "2021年北仑区的地区生产总值是多少？"
Member = tuple[tarfile.TarInfo, bytes]


@pytest.fixture
def library(data_dir: Path, tmp_path: Path) -> Path:
    """A library with records of its own, which a test may change."""
    folder = tmp_path / "library"
    shutil.copytree(data_dir, folder, ignore=shutil.ignore_patterns("records.sqlite*"))
    return folder


@pytest.fixture(scope="module")
def saved(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the bundled report's library with one key in its records."""
    folder = tmp_path_factory.mktemp("saved")
    shutil.copytree(data_dir, folder / "library", ignore=shutil.ignore_patterns("records.sqlite*"))
    records = Records(folder / "library")
    records.keys.create("备份里的密钥", Scope.ADMIN)
    records.close()
    back_up(folder / "library", folder / "saved.tar.gz")
    return folder / "saved.tar.gz"


def state(folder: Path) -> dict[str, bytes]:
    """Return every file of a library but its records' log files."""
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and not p.name.endswith(("-wal", "-shm", ".lock", "numbered"))
    }


def names(folder: Path) -> list[str]:
    records = Records(folder)
    found = [k.name for k in records.keys.list()]
    records.close()
    return found


def test_what_was_backed_up_comes_back_on_another_machine(library: Path, tmp_path: Path) -> None:
    records = Records(library)
    _, secret = records.keys.create("网信办", Scope.ADMIN)
    records.close()
    file = tmp_path / "backup.tar.zst"
    made = wenzheng("backup", file, "--data", library)
    assert made.returncode == 0
    assert "1个版本和记录库" in made.stdout
    assert file.stat().st_mode & 0o777 == 0o600
    fresh = tmp_path / "fresh"
    done = wenzheng("restore", file, "--data", fresh)
    assert done.returncode == 0, done.stderr
    restored = Records(fresh)
    assert restored.keys.verify(secret) is not None
    assert restored.audit.list()[0].action == "library.restore"
    restored.close()
    assert (fresh / "records.sqlite").stat().st_mode & 0o777 == 0o600
    service = Service(fresh, "wenzheng-static")
    assert service.ask(GDP).answer == "2382.5亿元"
    service.close()
    assert not [p.name for p in fresh.iterdir() if "restoring" in p.name]


def test_a_backup_while_records_are_written_is_one_state_of_them(
    library: Path, tmp_path: Path
) -> None:
    records = Records(library)
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            with records.database.write() as connection:
                for _ in range(10):
                    connection.exec_driver_sql(
                        "INSERT INTO audit (at, who, action, subject, detail)"
                        " VALUES (0, ?, '', '', '')",
                        (str(number),),
                    )
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            file = tmp_path / f"{number}.tar.zst"
            back_up(library, file)
            restore(tmp_path / f"restored{number}", file)
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        restored = Records(tmp_path / f"restored{number}")
        with restored.database.read() as connection:
            counts = connection.exec_driver_sql(
                "SELECT DISTINCT count(*) FROM audit WHERE action = '' GROUP BY who"
            ).all()
        restored.close()
        assert counts in ([], [(10,)])
    records.close()


def test_a_running_service_takes_up_what_is_restored(library: Path, saved: Path) -> None:
    service = Service(library, "wenzheng-static")
    records = Records(library)
    _, later = records.keys.create("备份之后的密钥")
    former = service.library.version
    number = restore(library, saved)
    assert number > former
    assert service.ask(GDP).answer == "2382.5亿元"
    while service.library.version != number:  # loaded beside the answering
        time.sleep(0.05)
    assert service.ask(GDP).answer == "2382.5亿元"
    assert former in version_numbers(library)  # to go back to
    assert [k.name for k in records.keys.list()] == ["备份里的密钥"]  # by the same open records
    assert records.keys.verify(later) is None
    records.close()
    service.close()


def test_the_records_of_a_database_server_are_left_alone(library: Path, saved: Path) -> None:
    records = Records(library)
    records.keys.create("这里的密钥")
    records.close()
    restore(library, saved, with_records=False)
    assert names(library) == ["这里的密钥"]


def test_there_must_be_something_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="没有完好的"):
        back_up(tmp_path / "empty", tmp_path / "b.tar.gz")
    assert not (tmp_path / "b.tar.gz").exists()


@pytest.mark.parametrize("name", ["backup.zip", "backup.tar"])
def test_a_name_of_another_kind_is_told(name: str, library: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"\.tar\.zst或\.tar\.gz"):
        back_up(library, tmp_path / name)


def test_a_backup_that_cannot_be_written_leaves_no_half_file(library: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="请检查文件夹"):
        back_up(library, tmp_path / "nowhere" / "b.tar.gz")


def members(saved: Path) -> list[Member]:
    with tarfile.open(saved) as archive:
        found = []
        for info in archive:
            file = archive.extractfile(info)
            assert file is not None
            found.append((info, file.read()))
        return found


def written(path: Path, changed: list[Member]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for info, content in changed:
            archive.addfile(info, io.BytesIO(content))
    return path


def another(name: str, content: bytes = b"evil", kind: bytes = tarfile.REGTYPE) -> Member:
    info = tarfile.TarInfo(name)
    info.type = kind
    info.size = len(content) if kind == tarfile.REGTYPE else 0
    info.linkname = "/etc/passwd" if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
    return info, content


def renamed(found: list[Member], old: str, new: str) -> list[Member]:
    """Let a file have another name, in the manifest too."""
    manifest = json.loads(found[0][1])
    manifest["files"][new] = manifest["files"].pop(old)
    content = json.dumps(manifest).encode()
    head = another("backup.json", content)
    body = [(another(new, c) if i.name == old else (i, c)) for i, c in found[1:]]
    return [head, *body]


def linked(found: list[Member], kind: bytes) -> list[Member]:
    return [found[0], *(another(i.name, b"", kind) for i, _ in found[1:2]), *found[2:]]


def flipped(found: list[Member]) -> list[Member]:
    info, content = found[1]
    return [found[0], (info, bytes([content[0] ^ 1]) + content[1:]), *found[2:]]


def swelling(found: list[Member]) -> list[Member]:
    """A bomb: far more behind the manifest than it names."""
    head = tarfile.TarInfo("x")
    head.pax_headers = {"comment": "0" * 25_000_000}
    head.size = 0
    return [found[0], (head, b""), *found[1:]]


def version_file(found: list[Member]) -> str:
    return next(i.name for i, _ in found if i.name.startswith("versions/"))


TAMPERED: dict[str, tuple[Callable[[list[Member]], list[Member]], str]] = {
    "a changed bit": (flipped, "校验和不符"),
    "a file too many": (lambda m: [*m, another("versions/1/evil.txt")], "evil.txt"),
    "a file too few": (lambda m: m[:-1], "不完整"),
    "a file twice": (lambda m: [*m, m[-1]], "不该有的内容"),
    "a symbolic link": (lambda m: linked(m, tarfile.SYMTYPE), "不该有的内容"),
    "a hard link": (lambda m: linked(m, tarfile.LNKTYPE), "不该有的内容"),
    "a device": (lambda m: linked(m, tarfile.CHRTYPE), "不该有的内容"),
    "a way out": (lambda m: renamed(m, version_file(m), "versions/1/../../../e"), "清单"),
    "an absolute name": (lambda m: renamed(m, version_file(m), "/tmp/wenzheng-evil"), "清单"),
    "a hidden name": (lambda m: renamed(m, version_file(m), "versions/1/.ssh"), "清单"),
    "no manifest": (lambda m: m[1:], "不是 wenzheng backup"),
    "far more than it names": (swelling, "比清单所说的大"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_tampered_with_changes_nothing(
    how: str, library: Path, saved: Path, tmp_path: Path
) -> None:
    Records(library).close()
    before = state(library)
    tamper, told = TAMPERED[how]
    with pytest.raises(BackupError, match=told):
        restore(library, written(tmp_path / "bad.tar.gz", tamper(members(saved))))
    assert state(library) == before


@pytest.mark.parametrize("part", [0.0, 0.3, 0.99])
def test_a_truncated_backup_changes_nothing(
    part: float, library: Path, saved: Path, tmp_path: Path
) -> None:
    before = state(library)
    short = tmp_path / "short.tar.gz"
    content = saved.read_bytes()
    short.write_bytes(content[: int(len(content) * part)])
    with pytest.raises(BackupError, match="备份"):
        restore(library, short)
    assert state(library) == before


def test_records_that_are_no_database_change_nothing(
    library: Path, saved: Path, tmp_path: Path
) -> None:
    before = state(library)
    found = members(saved)
    manifest = BackupManifest.model_validate_json(found[0][1])
    junk = b"no database" * 100
    manifest.files["records.sqlite"].size = len(junk)
    manifest.files["records.sqlite"].sha256 = hashlib.sha256(junk).hexdigest()
    head = another("backup.json", manifest.model_dump_json().encode())
    body = [another(i.name, junk) if i.name == "records.sqlite" else (i, c) for i, c in found[1:]]
    with pytest.raises((BackupError, RecordsError)):
        restore(library, written(tmp_path / "bad.tar.gz", [head, *body]))
    assert state(library) == before


def test_a_file_that_is_no_backup_is_told(library: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="没有备份文件"):
        restore(library, tmp_path / "none.tar.gz")
    (tmp_path / "text.tar.gz").write_bytes(gzip.compress(b"no tar at all" * 1000))
    with pytest.raises(BackupError, match="备份"):
        restore(library, tmp_path / "text.tar.gz")


def test_when_the_last_step_fails_everything_is_as_before(library: Path, saved: Path) -> None:
    records = Records(library)
    records.keys.create("这里的密钥")
    records.close()
    former = published(library)
    (library / "current.new").mkdir()  # the new number cannot be written
    (library / "current.new" / "x").touch()
    with pytest.raises(Exception, match="library"):
        restore(library, saved)
    assert published(library) == former
    assert version_numbers(library) == [former]
    assert names(library) == ["这里的密钥"]
