"""The words that staff add to the vocabulary: a TOML file beside the library."""

from __future__ import annotations

import json
import os
import re
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
_LONGEST = 30  # characters of a word
_UNFIT = re.compile(r'[\x00-\x1f/"\\]')


class WordsError(VocabularyError):
    """Words that cannot be taken into the vocabulary."""

    code = "words_invalid"


@dataclass(frozen=True)
class WordRow:
    """Words of reports and the everyday words for them."""

    official: tuple[str, ...]
    everyday: tuple[str, ...]

    @property
    def group(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.official, *self.everyday)


def row_of(official: list[str], everyday: list[str]) -> WordRow:
    """Return the row of the words that someone typed.

    :raises WordsError: if one is empty, too long, holds a character that no word has, or stands on
        both sides.
    """
    row = WordRow(tuple(w.strip() for w in official), tuple(w.strip() for w in everyday))
    if not row.official or not row.everyday:
        raise WordsError("请把报告的说法和百姓的说法都写上。")
    for word in row.group:
        if not any(c.isalnum() for c in word):
            raise WordsError("有一个说法是空的，请补上文字或删去多余的顿号。")
        if len(word) > _LONGEST:
            raise WordsError(
                f"“{word[:_LONGEST]}……”有{len(word)}个字，一个说法最多{_LONGEST}个字。"
            )
        if _UNFIT.search(word):
            raise WordsError(f"“{_UNFIT.sub('□', word)}”里有斜线、引号等符号，请只写文字。")
    both = [w for w in row.everyday if w in row.official]
    if both:
        raise WordsError(f"“{both[0]}”在两边都有，请从一边删去。")
    return row


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
