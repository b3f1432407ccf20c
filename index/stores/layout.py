"""How the files of a FAISS store lie in its folder.

``store.json`` names the segments in their order; ``segments/NAME/`` holds each, the same as in the
state before where it has not changed; ``removed/NAME.npz`` tells what is gone of it.
"""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

_FILE = "store.json"
LINK_FROM = 100_000_000  # bytes
_NO_LINKS = (errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS)


@dataclass(frozen=True)
class State:
    """The segments of a store, in the order of their passages.

    :ivar removed: names of the segments from which something was removed.
    """

    segments: tuple[str, ...]
    removed: tuple[str, ...] = ()


_json = TypeAdapter(State)


def read_state(folder: Path) -> State:
    """Read which segments a store has.

    :raises OSError: if there is no store.
    :raises ValueError: if the file is damaged.
    """
    return _json.validate_json((folder / _FILE).read_bytes())


def write_state(state: State, folder: Path) -> None:
    """Write which segments a store has."""
    (folder / _FILE).write_bytes(_json.dump_json(state, indent=1))


def carry_over(source: Path, target: Path, link_from: int = LINK_FROM) -> None:
    """Make the files of a segment part of a new state.

    A small segment is copied, so that damage to a file leaves the other versions whole; of a large
    one the files get a second name, which costs neither time nor space.

    :param link_from: bytes from which a segment is large.
    """
    target.mkdir(parents=True)
    files = list(source.iterdir())
    small = sum(path.stat().st_size for path in files) < link_from
    for path in files:
        if small:
            shutil.copyfile(path, target / path.name)
            continue
        try:
            os.link(path, target / path.name)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            shutil.copyfile(path, target / path.name)
