"""Merge the segments of a library behind the scenes, without keeping anybody from changing it.

The merging is done aside from a version that is held, without the lock of the library; the lock is
taken only to publish, and only if nothing else was published meanwhile. Otherwise what was merged is
thrown away, and the next change of the library gives the next occasion.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from corpus.errors import DamagedLibraryError
from index.encoder import Encoder
from index.holding import Hold
from index.locking import WAIT_SECONDS
from index.publishing import KEEP_VERSIONS, Stage, changing, published, version_folder
from index.stores.catalog import Catalog
from index.stores.compaction import LARGEST, worth_compacting
from index.stores.faiss_store import FaissStore
from index.stores.faiss_writer import FaissWriter
from index.stores.kinds import Tuning
from index.stores.layout import read_state
from index.stores.protocol import Counts
from index.stores.removed import Removed
from index.versions import FORMAT, Manifest, check_files, read_manifest, write_manifest

_WORKPLACE = "compacting"  # folder beside the versions; what a dead process left there is swept


def segment_sizes(folder: Path) -> list[tuple[int, int]]:
    """Return how many passages each segment of a version holds, and how many were written."""
    state = read_state(folder)
    sizes = []
    for name in state.segments:
        written = Catalog.open(folder / "segments" / name).passages
        gone = 0
        if name in state.removed:
            gone = len(Removed.load(folder / "removed" / f"{name}.npz").numbers)
        sizes.append((written - gone, written))
    return sizes


def compact(
    directory: Path,
    encoder: Encoder,
    *,
    keep_versions: int = KEEP_VERSIONS,
    wait_seconds: float = WAIT_SECONDS,
    tuning: Tuning | None = None,
) -> int | None:
    """Publish the same documents in fewer segments, where that is worth it.

    :returns: the number of the version published so; None if there was nothing to do, or another
        version was published meanwhile.
    :raises LibraryError: if the library cannot be read or written.
    """
    number = published(directory)
    if number is None:
        return None
    base = version_folder(directory, number)
    manifest = _fitting(base, encoder)
    if manifest is None or not worth_compacting(segment_sizes(base)):
        return None
    hold = Hold(base)
    workplace = directory / _WORKPLACE
    with changing(directory, wait_seconds):  # one at a time sweeps and begins
        shutil.rmtree(workplace, ignore_errors=True)
        workplace.mkdir()
        folder = Path(tempfile.mkdtemp(dir=workplace))
    try:
        counts = _merged(base, folder, tuning)
        with changing(directory, wait_seconds):
            if published(directory) != number or not folder.exists():
                return None
            stage = Stage(directory)
            try:
                for path in folder.iterdir():
                    path.rename(stage.folder / path.name)
                write_manifest(stage.folder, encoder, counts, manifest)
                return stage.publish(keep_versions)
            except BaseException:
                stage.discard()
                raise
    finally:
        hold.release()
        shutil.rmtree(workplace, ignore_errors=True)


def _fitting(base: Path, encoder: Encoder) -> Manifest | None:
    """Return the manifest of a version that is whole and of this program and encoder."""
    manifest = read_manifest(base)
    same = manifest.encoder_fingerprint == encoder.fingerprint()
    if manifest.format != FORMAT or not same:
        return None
    try:
        check_files(base, manifest)
    except DamagedLibraryError:
        return None  # whoever changes it next builds it anew from its documents
    return manifest


def _merged(base: Path, folder: Path, tuning: Tuning | None) -> Counts:
    writer = FaissWriter(folder, base, tuning)
    writer.compact(LARGEST)
    counts = writer.finish()
    # A file on a full disk may have been cut short untold.
    FaissStore.open(folder, tuning).close()
    return counts
