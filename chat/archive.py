"""The file of a backup: a compressed tar whose first member tells what else is in it."""

from __future__ import annotations

import gzip
import io
import re
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal, cast

import zstandard
from pydantic import BaseModel, ValidationError

from chat.records.database import FILE as RECORDS
from corpus.errors import BackupError
from index.publishing import checksum

FORMAT = 1
_MANIFEST = "backup.json"
_MANIFEST_MOST = 16 * 1024 * 1024
_OVERHEAD = 64 * 1024  # headers and padding of one member, and of the archive's end, at most
# Files of a version may lie in folders; no part of a name begins with a dot.
_NAME = re.compile(rf"{re.escape(RECORDS)}|versions/\d{{1,9}}(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")

Kind = Literal["zst", "gz"]


class Entry(BaseModel):
    """Size in bytes and SHA-256 of one file."""

    size: int
    sha256: str


class BackupManifest(BaseModel):
    """What a backup holds.

    :ivar versions: numbers of the versions in it, the published one first.
    :ivar records: whether the records are in it; not if they lie on a database server.
    :ivar files: by name in the archive.
    """

    format: int
    created: str
    versions: list[int]
    records: bool
    files: dict[str, Entry]


def kind_of(path: Path) -> Kind:
    """Return how a backup is compressed, by its name.

    :raises BackupError: if the name ends otherwise.
    """
    if path.name.endswith(".tar.zst"):
        return "zst"
    if path.name.endswith(".tar.gz"):
        return "gz"
    raise BackupError(f"备份文件名应以.tar.zst或.tar.gz结尾，“{path.name}”不是。")


def write_archive(
    target: Path, kind: Kind, manifest: BackupManifest, sources: dict[str, Path]
) -> None:
    """Write the manifest and the files that it names."""
    with _compressed(target, kind) as stream, tarfile.open(fileobj=stream, mode="w|") as archive:
        content = manifest.model_dump_json(indent=1).encode()
        _add(archive, _MANIFEST, len(content), io.BytesIO(content))
        for name, path in sources.items():
            with path.open("rb") as file:
                _add(archive, name, manifest.files[name].size, file)


def _add(archive: tarfile.TarFile, name: str, size: int, content: IO[bytes]) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    archive.addfile(member, content)


def unpack_archive(source: Path, work: Path) -> BackupManifest:
    """Unpack a backup into an empty folder: exactly the files that its manifest names.

    :raises BackupError: if it is no backup, damaged, or holds anything else: links, files of other
        names or sizes, names that lead out of the folder.
    """
    kind = kind_of(source)
    if not source.is_file():
        raise BackupError(f"没有备份文件“{source}”，请检查路径。")
    try:
        with (
            _plain(source, kind) as stream,
            _Bounded(stream) as bounded,
            tarfile.open(fileobj=bounded, mode="r|") as archive,
        ):
            manifest = _manifest(archive)
            _require_room(work, manifest)
            bounded.left += sum(e.size + _OVERHEAD for e in manifest.files.values())
            missing = dict(manifest.files)
            while (member := archive.next()) is not None:
                wanted = missing.pop(member.name, None)
                if wanted is None or not member.isreg() or member.size != wanted.size:
                    raise BackupError(
                        f"备份里有不该有的内容（{member.name[:100]!a}），可能被改动过，没有恢复。"
                    )
                archive.extract(member, work, filter="data")
                if checksum(work / member.name) != wanted.sha256:
                    raise BackupError(f"备份已损坏（{member.name}的校验和不符），请换一份备份。")
    except (tarfile.TarError, zstandard.ZstdError, EOFError, ValueError, zlib.error) as error:
        raise BackupError(f"“{source}”不是完好的备份（{error}），请换一份备份。") from error
    if missing:
        raise BackupError(f"备份不完整（缺{next(iter(missing))}等），请换一份备份。")
    return manifest


class _Bounded(io.RawIOBase):
    """A stream that ends with an error where a backup would long be over."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.left = _MANIFEST_MOST + _OVERHEAD

    def read(self, size: int = -1) -> bytes:
        content = self._stream.read(size)
        self.left -= len(content)
        if self.left < 0:
            raise BackupError("备份解开后比清单所说的大，可能被改动过，没有恢复。")
        return content


def _manifest(archive: tarfile.TarFile) -> BackupManifest:
    first = archive.next()
    file = archive.extractfile(first) if first is not None and first.isreg() else None
    if first is None or file is None or first.name != _MANIFEST or first.size > _MANIFEST_MOST:
        raise BackupError("这个文件不是 wenzheng backup 写的备份。")
    try:
        manifest = BackupManifest.model_validate_json(file.read())
    except ValidationError as error:
        raise BackupError("备份的清单无法读取，请换一份备份。") from error
    if manifest.format > FORMAT:
        raise BackupError("备份由更新版本的程序写成，请升级本程序后再恢复。")
    return manifest


@contextmanager
def _compressed(target: Path, kind: Kind) -> Iterator[IO[bytes]]:
    if kind == "zst":
        with zstandard.open(target, "wb", cctx=zstandard.ZstdCompressor(level=10)) as stream:
            yield cast(IO[bytes], stream)
        return
    with gzip.open(target, "wb", compresslevel=6) as file:
        yield cast(IO[bytes], file)


@contextmanager
def _plain(source: Path, kind: Kind) -> Iterator[IO[bytes]]:
    if kind == "zst":
        with zstandard.open(source, "rb") as stream:
            yield cast(IO[bytes], stream)
        return
    with gzip.open(source, "rb") as file:
        yield cast(IO[bytes], file)


def _require_room(work: Path, manifest: BackupManifest) -> None:
    """Refuse before anything is unpacked what cannot be a backup, or does not fit on the disk."""
    named = {int(n.split("/")[1]) for n in manifest.files if n.startswith("versions/")}
    if (
        any(not _NAME.fullmatch(name) or ".." in name for name in manifest.files)
        or any(entry.size < 0 for entry in manifest.files.values())
        or not manifest.versions
        or named != set(manifest.versions)
        or manifest.records != (RECORDS in manifest.files)
    ):
        raise BackupError("备份的清单里有不该有的内容，可能被改动过，没有恢复。")
    needed = sum(entry.size for entry in manifest.files.values())
    free = shutil.disk_usage(work).free
    if needed > free:
        raise BackupError(
            f"磁盘空间不够：恢复需要{needed >> 20} MiB，只剩{free >> 20} MiB，请先清理磁盘。"
        )
