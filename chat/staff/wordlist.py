"""The words that staff add to the vocabulary: a TOML file beside the library."""

from __future__ import annotations

import json
import os
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from retriever.vocabulary import VocabularyError, read_groups

_HEAD = "# 工作人员补充的说法：报告的说法 = [百姓的说法]。可在管理页修改，也可直接编辑；保存后即生效。\n"
_MOST = 5000
_WAIT = 10.0


@dataclass(frozen=True)
class WordRow:
    """Words of reports and the everyday words for them."""

    official: tuple[str, ...]
    everyday: tuple[str, ...]

    @property
    def group(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.official, *self.everyday)


def read_rows(path: Path) -> list[WordRow]:
    """Return the rows of the file; none if it does not exist.

    :raises VocabularyError: if it cannot be read.
    """
    if not path.exists():
        return []
    read_groups(path)  # tells what is wrong with it
    table = tomllib.loads(path.read_text(encoding="utf-8"))["words"]
    return [WordRow(tuple(k.split("/")), tuple(v)) for k, v in table.items()]


def add_row(path: Path, row: WordRow) -> list[WordRow]:
    """Add a row, or its everyday words to the row of the same official words; return all rows.

    :raises VocabularyError: if the file cannot be read or written, or is full.
    """

    def added(rows: list[WordRow]) -> list[WordRow]:
        same = next((r for r in rows if r.official == row.official), None)
        if same is None:
            return [*rows, row]
        joined = WordRow(row.official, tuple(dict.fromkeys((*same.everyday, *row.everyday))))
        return [joined if r is same else r for r in rows]

    return _changed(path, added)


def remove_row(path: Path, official: tuple[str, ...]) -> list[WordRow]:
    """Remove the row of these official words; return the rows that are left.

    :raises VocabularyError: if the file cannot be read or written.
    """
    return _changed(path, lambda rows: [r for r in rows if r.official != official])


def _changed(path: Path, change: Callable[[list[WordRow]], list[WordRow]]) -> list[WordRow]:
    try:
        with FileLock(f"{path}.lock", timeout=_WAIT):
            rows = change(read_rows(path))
            if len(rows) > _MOST:
                raise VocabularyError(f"词表最多{_MOST}行，请先删去不用的。")
            _write(path, rows)
            return rows
    except Timeout as error:
        raise VocabularyError("别人正在修改词表，请稍后再试。") from error
    except OSError as error:
        raise VocabularyError(
            f"无法写入词表“{path.name}”（{error.strerror}），请检查权限和磁盘空间。"
        ) from error


def _write(path: Path, rows: list[WordRow]) -> None:
    """Replace the file in one step: readers see the old one or the new one."""
    lines = [
        f"{_quoted('/'.join(r.official))} = [{', '.join(map(_quoted, r.everyday))}]" for r in rows
    ]
    text = _HEAD + "[words]\n" + "".join(f"{line}\n" for line in lines)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _quoted(text: str) -> str:
    # What JSON escapes, a basic string of TOML escapes alike.
    return json.dumps(text, ensure_ascii=False)
