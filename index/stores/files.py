"""Read arrays from files: small ones into memory, large ones mapped, so that opening costs nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

# Bytes. What is in memory survives whatever happens to its file; a mapped file that is cut short
# while it is in use ends the process.
MAPPED_FROM = 32_000_000

Number = TypeVar("Number", bound=np.generic)


def is_mapped(path: Path) -> bool:
    """Tell whether a file is so large that it is mapped."""
    return path.stat().st_size >= MAPPED_FROM


def read_array(path: Path, kind: type[Number]) -> npt.NDArray[Number]:
    """Return the numbers that ``tofile`` wrote.

    :raises OSError: if there is no such file.
    :raises ValueError: if it holds no whole number of them.
    """
    if path.stat().st_size % np.dtype(kind).itemsize:
        raise ValueError(f"{path.name} is cut short")
    if is_mapped(path):
        return np.asarray(np.memmap(path, kind, mode="r"))
    return np.fromfile(path, kind)
