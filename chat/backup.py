"""Back up a library with its records into one file, and restore them from it."""

from __future__ import annotations

import getpass
import shutil
import sqlite3
import tempfile
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from chat.archive import FORMAT, BackupManifest, Entry, kind_of, unpack_archive, write_archive
from chat.records.audit import Audit
from chat.records.database import FILE as RECORDS
from chat.records.database import Database
from corpus.errors import BackupError, LibraryError
from index.holding import Hold
from index.publishing import (
    KEEP_VERSIONS,
    Stage,
    changing,
    checksum,
    point,
    published,
    remove_old,
    sync_folder,
    version_folder,
    version_numbers,
)
from index.versions import check_files, read_manifest

_ASIDE = "restoring"


def back_up(directory: Path, target: Path, *, with_records: bool = True) -> BackupManifest:
    """Write the versions of a library, and its records, to a ``.tar.zst`` or ``.tar.gz`` file.

    A server may run meanwhile: versions do not change and are held while they are read, and the
    records are copied as one state. The file appears only once it is whole; only its owner may
    read it, as it holds what citizens asked.

    :param with_records: False if the records lie on a database server.
    :raises BackupError: if there is nothing to back up, or the file cannot be written.
    """
    kind = kind_of(target)
    try:
        with ExitStack() as stack:
            numbers = _held(directory, stack)
            work = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=target.parent)))
            sources = _version_files(directory, numbers)
            if with_records and (directory / RECORDS).exists():
                _copy(directory / RECORDS, work / RECORDS)
                sources[RECORDS] = work / RECORDS
            manifest = BackupManifest(
                format=FORMAT,
                created=datetime.now(UTC).isoformat(timespec="seconds"),
                versions=numbers,
                records=RECORDS in sources,
                files={
                    name: Entry(size=path.stat().st_size, sha256=checksum(path))
                    for name, path in sources.items()
                },
            )
            written = work / target.name
            written.touch(mode=0o600)
            write_archive(written, kind, manifest, sources)
            sync_folder(written)
            written.replace(target)
            sync_folder(target.parent)
    except OSError as error:
        raise BackupError(
            f"无法写入备份“{target}”（{error.strerror or error}），请检查文件夹、权限和磁盘空间。"
        ) from error
    return manifest


def restore(
    directory: Path,
    source: Path,
    *,
    with_records: bool = True,
    keep_versions: int = KEEP_VERSIONS,
) -> int:
    """Restore a library and its records from a backup; return the number of the new version.

    Everything is unpacked aside and checked before anything is replaced. Restored versions get
    numbers of their own, so a running server takes the restored one up by itself, and the former
    ones stay, to go back to. The records are replaced in one transaction, which running servers
    see at once; the former ones are kept aside until all is done.

    :param with_records: False if the records lie on a database server: they stay as they are.
    :param keep_versions: how many versions beside the restored one stay in the end.
    :raises BackupError: if the file is no backup, is damaged, or cannot be restored here.
    :raises LibraryError: if another process holds the library, or it cannot be written.
    """
    with changing(directory):
        work = directory / _ASIDE
        shutil.rmtree(work, ignore_errors=True)  # of a restoration that died
        work.mkdir(mode=0o700)
        try:
            manifest = unpack_archive(source, work)
            _check(work, manifest)
            number = _replace(directory, work, manifest, with_records=with_records)
        finally:
            shutil.rmtree(work)
        remove_old(directory, keep_versions)
    return number


def _held(directory: Path, stack: ExitStack) -> list[int]:
    """Hold the whole versions of a library and return their numbers, the published one first."""
    numbers = []
    for number in version_numbers(directory):
        folder = version_folder(directory, number)
        try:
            hold = Hold(folder)
        except FileNotFoundError:  # deleted just now
            continue
        stack.callback(hold.release)
        try:
            check_files(folder, read_manifest(folder))
        except LibraryError:  # one that is damaged helps nobody
            continue
        numbers.append(number)
    current = published(directory)
    if current is None or current not in numbers:
        raise BackupError(
            f"“{directory}”里没有完好的、已发布的索引可以备份，请用 wenzheng versions 查看。"
        )
    return [current, *(n for n in numbers if n != current)]


def _copy(source: Path, target: Path) -> None:
    """Copy a database that others may be writing, as one state of it."""
    target.touch(mode=0o600)
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
    except sqlite3.Error as error:
        raise BackupError(f"无法复制记录库“{source}”（{error}），请稍后再试。") from error


def _version_files(directory: Path, numbers: list[int]) -> dict[str, Path]:
    """Return the files of the versions by their names in the archive."""
    found = {}
    for number in numbers:
        folder = version_folder(directory, number)
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            found[f"versions/{number}/{path.relative_to(folder).as_posix()}"] = path
    return found


def _check(work: Path, manifest: BackupManifest) -> None:
    """Check what was unpacked as if it were in use; bring the records to this program's version."""
    for number in manifest.versions:
        folder = version_folder(work, number)
        check_files(folder, read_manifest(folder))
    if not manifest.records:
        return
    with closing(sqlite3.connect(work / RECORDS)) as connection:
        try:
            (said,) = connection.execute("PRAGMA integrity_check").fetchone()
        except sqlite3.DatabaseError as error:
            said = str(error)
    if said != "ok":
        raise BackupError(f"备份里的记录库已损坏（{said[:200]}），请换一份备份。")
    database = Database(work)
    Audit(database).record(
        f"cli:{getpass.getuser()}", "library.restore", manifest.created, "由备份恢复"
    )
    database.close()


def _replace(directory: Path, work: Path, manifest: BackupManifest, *, with_records: bool) -> int:
    former = work / "former.sqlite"
    live = directory / RECORDS
    added: list[int] = []
    replaced = False
    try:
        for number in reversed(manifest.versions):  # the one to be published comes last
            stage = Stage(directory)
            for path in version_folder(work, number).iterdir():
                path.rename(stage.folder / path.name)
            added.append(stage.keep())
        if manifest.records and with_records:
            existed = live.exists()
            Database(directory).close()  # private, and of a form that can be written to
            if existed:
                _copy(live, former)
            _copy(work / RECORDS, live)
            replaced = existed
        point(directory, added[-1])
    except BaseException:
        if replaced:
            _copy(former, live)
        for number in added:
            if published(directory) != number:
                shutil.rmtree(version_folder(directory, number), ignore_errors=True)
        raise
    return added[-1]
