"""Documents and passages that are read when they are asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from threading import Lock
from typing import TypeVar, overload

import numpy as np
import numpy.typing as npt

from corpus.types import Passage

_REMEMBERED = 256  # values kept after they were read
_Value = TypeVar("_Value")

Numbers = npt.NDArray[np.int64]


class LazyMapping(Mapping[str, _Value]):
    """Values by document id, read when they are asked for, the last ones kept."""

    def __init__(self, ids: Collection[str], read: Callable[[str], _Value]) -> None:
        self._ids = ids
        self._read = read
        self._kept: OrderedDict[str, _Value] = OrderedDict()
        self._lock = Lock()

    def __getitem__(self, key: str) -> _Value:
        if key not in self._ids:
            raise KeyError(key)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        value = self._read(key)
        with self._lock:
            self._kept[key] = value
            if len(self._kept) > _REMEMBERED:
                self._kept.popitem(last=False)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, key: object) -> bool:
        return key in self._ids


class LazyPassages(Sequence[Passage]):
    """Passages of the numbers given, in their order."""

    def __init__(self, read: Callable[[Sequence[int]], list[Passage]], numbers: Numbers) -> None:
        self._read = read
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> Passage: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Passage]: ...
    def __getitem__(self, index: int | slice) -> Passage | Sequence[Passage]:
        if isinstance(index, slice):
            return LazyPassages(self._read, self._numbers[index])
        return self._read([int(self._numbers[index])])[0]

    def __iter__(self) -> Iterator[Passage]:
        for first in range(0, len(self._numbers), 500):
            yield from self._read(self._numbers[first : first + 500].tolist())
