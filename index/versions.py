"""The versions on disk: what each holds, which are whole, going back to one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from corpus.errors import DamagedLibraryError, LibraryError, OutdatedLibraryError
from index.encoder import Encoder
from index.holding import MANIFEST
from index.locking import WAIT_SECONDS
from index.publishing import (
    changing,
    checksum,
    file_names,
    point,
    published,
    version_folder,
    version_numbers,
)
from index.stores.protocol import Counts
from index.stores.stored import NEEDED, STATE_FILE

FORMAT = 4
DOCUMENTS_BEFORE = "documents.json"  # up to format 2
CHECKED_UP_TO = 200_000_000  # bytes of a version that are all read before it is used, in 0.3 s
# Without these there is nothing to build a version from.
_NEEDED = (MANIFEST, DOCUMENTS_BEFORE, STATE_FILE, *NEEDED)


class Manifest(BaseModel):
    """What a version holds: checksums by file name, and the encoder its vectors came from.

    :ivar created: ISO, UTC; empty in versions of before it was written.
    :ivar sizes: bytes by file name; empty in versions of before they were written.
    """

    format: int
    encoder: str
    encoder_fingerprint: str
    documents: int
    passages: int
    files: dict[str, str]
    created: str = ""
    sizes: dict[str, int] = {}


@dataclass(frozen=True)
class Version:
    """A version on disk.

    :ivar documents: how many; 0, as ``passages``, where the manifest cannot be read.
    :ivar published: whether questions are answered from it.
    :ivar whole: whether every file is there and as it was written.
    """

    number: int
    created: datetime
    documents: int
    passages: int
    encoder: str
    published: bool
    whole: bool


def write_manifest(
    folder: Path, encoder: Encoder, counts: Counts, carried: Manifest | None = None
) -> None:
    """Write down what the finished files of a version are; nothing is written after it.

    :param carried: manifest of the version that files were taken over from; of a file that is the
        very same on disk the checksum is taken over too.
    """
    known = carried.files if carried is not None else {}
    same = {n: known[n] for n in known if _is_linked(folder / n)}
    files = same | {n: checksum(folder / n) for n in file_names(folder) if n not in same}
    manifest = Manifest(
        format=FORMAT,
        encoder=encoder.name,
        encoder_fingerprint=encoder.fingerprint(),
        documents=counts.documents,
        passages=counts.passages,
        files=files,
        sizes={name: (folder / name).stat().st_size for name in files},
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")


def _is_linked(path: Path) -> bool:
    return path.is_file() and path.stat().st_nlink > 1


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a version.

    :raises DamagedLibraryError: if it cannot be read.
    """
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise damaged(folder, MANIFEST) from error


def check_files(folder: Path, manifest: Manifest, names: tuple[str, ...] = ()) -> None:
    """Compare the files of a version, or those named, with their checksums.

    :raises DamagedLibraryError: if one is missing, cut short or altered.
    """
    for name in names or manifest.files:
        try:
            same = checksum(folder / name) == manifest.files.get(name)
        except OSError as error:
            raise damaged(folder, name) from error
        if not same:
            raise damaged(folder, name)


def check_at_opening(folder: Path, manifest: Manifest, up_to: int = CHECKED_UP_TO) -> bool:
    """Check the files of a version before it is used; return whether all was read.

    Of a large one only names and sizes are compared, which takes no time; the rest is for
    :meth:`index.library.Library.verify`.

    :raises DamagedLibraryError: if a file is missing, cut short or altered.
    """
    if sum(manifest.sizes.values()) <= up_to:
        check_files(folder, manifest)
        return True
    for name, size in manifest.sizes.items():
        try:
            same = (folder / name).stat().st_size == size
        except OSError as error:
            raise damaged(folder, name) from error
        if not same:
            raise damaged(folder, name)
    return False


def check_fit(directory: Path, manifest: Manifest, encoder: Encoder) -> None:
    """See whether this program, with this encoder, can search a version.

    :raises OutdatedLibraryError: if an older version of the program built it.
    :raises LibraryError: if a newer one did, or another encoder.
    """
    if manifest.format < FORMAT:
        raise OutdatedLibraryError(
            f"“{directory}”的索引由旧版本的程序建立，请运行 wenzheng index --rebuild 重建。"
        )
    if manifest.format > FORMAT:
        raise LibraryError(
            f"“{directory}”的索引由更新版本的程序建立；请升级本程序，"
            "或运行 wenzheng index --rebuild 重建。"
        )
    if manifest.encoder_fingerprint != encoder.fingerprint():
        raise LibraryError(
            f"索引是用模型“{manifest.encoder}”建立的，现在的设置是“{encoder.name}”；"
            "请运行 wenzheng index --rebuild 重建，或改回原来的encoder设置。"
        )


def versions(directory: Path) -> list[Version]:
    """Return the versions on disk, newest first, each with its files checked."""
    try:
        now = published(directory)
    except DamagedLibraryError:  # which is published is unknown; what there is, is not
        now = None
    return [_version(directory, n, published=n == now) for n in version_numbers(directory)]


def _version(directory: Path, number: int, *, published: bool) -> Version:
    folder = version_folder(directory, number)
    try:
        manifest = read_manifest(folder)
        check_files(folder, manifest)
        whole = True
    except DamagedLibraryError:
        whole = False
        try:
            manifest = read_manifest(folder)
        except DamagedLibraryError:
            manifest = Manifest(
                format=0, encoder="", encoder_fingerprint="", documents=0, passages=0, files={}
            )
    created = (
        datetime.fromisoformat(manifest.created)
        if manifest.created
        else datetime.fromtimestamp(folder.stat().st_mtime, UTC)
    )
    return Version(
        number=number,
        created=created,
        documents=manifest.documents,
        passages=manifest.passages,
        encoder=manifest.encoder,
        published=published,
        whole=whole,
    )


def rollback(
    directory: Path, number: int, encoder: Encoder, wait_seconds: float = WAIT_SECONDS
) -> None:
    """Publish another version that is on disk; the next build still takes a new number.

    :raises LibraryError: if there is no such version, it is damaged, or it does not fit this
        program and encoder; the published version then stays.
    """
    with changing(directory, wait_seconds):
        there = version_numbers(directory)
        if number not in there:
            numbers = "、".join(map(str, there)) or "（没有）"
            raise LibraryError(f"没有版本{number}；现有版本：{numbers}。")
        folder = version_folder(directory, number)
        manifest = read_manifest(folder)
        check_files(folder, manifest)
        check_fit(directory, manifest, encoder)
        point(directory, number)


def damaged(folder: Path, name: str) -> DamagedLibraryError:
    """Return the error that names the damaged file of a version, and the mend."""
    mend = "请运行 wenzheng index --rebuild 重建"
    if Path(name).name in _NEEDED or name.startswith("removed/"):  # nothing to build it from
        mend = (
            "请用 wenzheng versions 查看、wenzheng rollback 回到完好的版本；"
            "没有时，删除该文件夹后运行 wenzheng index 重新导入"
        )
    return DamagedLibraryError(
        f"“{folder.parents[1]}”的索引不完整或已损坏（版本{folder.name}的{name}）；{mend}。"
    )
