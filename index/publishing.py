"""Publish a version of the library: build it aside, make it durable, name it in one step.

``DIR/versions/N/`` is a whole, immutable version; ``DIR/current`` names the published one and is
replaced by rename. What is half-built stands in ``versions/N.building``, what is half-deleted in
``versions/N.deleting``; both are swept by the next build. ``DIR/numbered`` holds the last number
given out: no number ever stands for two contents.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import DamagedLibraryError, LibraryError
from index.holding import hold_alone
from index.locking import WAIT_SECONDS, build_lock

KEEP_VERSIONS = 3
_BUILDING, _DELETING = ".building", ".deleting"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_NEARLY_FULL = 64 * 1024  # bytes free


def version_folder(directory: Path, number: int) -> Path:
    """Return the folder of a version."""
    return directory / "versions" / str(number)


def version_numbers(directory: Path) -> list[int]:
    """Return the numbers of the versions on disk, newest first; half-built ones do not count."""
    try:
        names = [p.name for p in (directory / "versions").iterdir()]
    except FileNotFoundError:
        return []
    return sorted((int(n) for n in names if n.isdecimal()), reverse=True)


def published(directory: Path) -> int | None:
    """Return the number of the published version, or None if there is none yet.

    :raises DamagedLibraryError: if the number cannot be read.
    """
    try:
        content = (directory / "current").read_bytes().strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LibraryError(
            f"无法读取“{directory}”（{error.strerror}），请检查权限和磁盘。"
        ) from error
    if not content.isdigit():
        raise DamagedLibraryError(
            f"“{directory}”的索引已损坏（current里不是版本号）；请运行 wenzheng versions 查看版本，"
            "再用 wenzheng rollback 选定一个，或删除该文件夹后运行 wenzheng index 重建。"
        )
    return int(content)


@contextmanager
def changing(directory: Path, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the library alone to change it; what the system refuses becomes a clear error.

    :raises LibraryError: if another builder holds it for longer, or it cannot be written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with build_lock(directory, wait_seconds):
            yield
    except OSError as error:
        raise LibraryError(_refusal(directory, error)) from error


class Stage:
    """A version being built: write its files into ``folder``, then :meth:`publish` it.

    Made and used under :func:`changing`.
    """

    def __init__(self, directory: Path) -> None:
        """Sweep what earlier builds left and take the next number."""
        self._directory = directory
        _sweep_leftovers(directory)
        self.number = _next_number(directory)
        self.folder = directory / "versions" / f"{self.number}{_BUILDING}"
        self.folder.mkdir(parents=True)

    def publish(self, keep_versions: int = KEEP_VERSIONS) -> int:
        """Make the files durable, publish them as one version, return its number.

        :param keep_versions: how many others stay to roll back to.
        """
        self.keep()
        point(self._directory, self.number)
        remove_old(self._directory, keep_versions)
        return self.number

    def keep(self) -> int:
        """Make the files durable as a version that is not published yet; return its number."""
        sync(self.folder)
        self.folder.rename(version_folder(self._directory, self.number))
        sync_folder(self._directory / "versions")
        return self.number

    def discard(self) -> None:
        """Remove the files of a build that failed; the number stays used."""
        # What cannot go now, the next build sweeps.
        shutil.rmtree(self.folder, ignore_errors=True)
        if published(self._directory) != self.number:
            shutil.rmtree(version_folder(self._directory, self.number), ignore_errors=True)


def point(directory: Path, number: int) -> None:
    """Publish a version that is whole on disk."""
    _replace(directory / "current", str(number))


def remove_old(directory: Path, keep_versions: int) -> None:
    """Delete all but the published version and the newest others; one being read stays."""
    now = published(directory)
    others = [n for n in version_numbers(directory) if n != now]
    for number in others[keep_versions:]:
        folder = version_folder(directory, number)
        with hold_alone(folder) as alone:
            if alone:
                gone = folder.with_name(f"{number}{_DELETING}")
                folder.rename(gone)
                shutil.rmtree(gone)


def write_failure(folder: Path, error: Exception) -> OSError:
    """Return the system's error for a write that a library failed at without passing it on.

    FAISS tells why in its text only, numpy not at all; a file cut short was on a full disk.
    """
    code = next((c for c in _FULL if os.strerror(c) in str(error)), errno.EIO)
    if code == errno.EIO and shutil.disk_usage(folder).free < _NEARLY_FULL:
        code = errno.ENOSPC
    return OSError(code, f"{os.strerror(code)}：{str(error)[-120:]}")


def file_names(folder: Path) -> list[str]:
    """Return the files in a folder by their path in it."""
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(folder: Path) -> None:
    """Force every file and folder of a version to disk."""
    for path in [folder, *folder.rglob("*")]:
        sync_folder(path)


def sync_folder(path: Path) -> None:
    """Force one file, or the names in one folder, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _next_number(directory: Path) -> int:
    """Take the next number for good, so that a build that dies leaves no number to use twice."""
    try:
        last = int((directory / "numbered").read_bytes())
    except (FileNotFoundError, ValueError):  # an older library, or one restored in part
        last = 0
    number = max([last, published(directory) or 0, *version_numbers(directory)]) + 1
    _replace(directory / "numbered", str(number))
    return number


def _sweep_leftovers(directory: Path) -> None:
    for path in (directory / "versions").glob("*"):
        if path.suffix in (_BUILDING, _DELETING):
            shutil.rmtree(path)
    for path in directory.glob("*.new"):
        path.unlink()


def _replace(path: Path, content: str) -> None:
    """Replace a small file in one step that survives a power cut."""
    temporary = path.with_suffix(".new")
    try:
        with temporary.open("w", encoding="ascii") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _refusal(directory: Path, error: OSError) -> str:
    kept = "已发布的版本不受影响。"
    if error.errno in _FULL:
        return (
            f"磁盘已满，“{directory}”写不下新的索引；请清理磁盘或减少 keep_versions 后再试。{kept}"
        )
    if error.errno in _FORBIDDEN:
        return f"“{directory}”不可写（{error.strerror}），请检查权限，或是否只读挂载。{kept}"
    why = error.strerror or str(error)
    return f"无法写入“{directory}”（{why}），请检查权限和磁盘空间。{kept}"
