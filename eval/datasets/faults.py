"""Collect what is wrong with a file, so that all of it is told at once."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import ValidationError

from corpus.errors import QuestionFileError

MOST = 20  # faults told of one file

# pydantic's kind of error → what a person reads; the rest is told as pydantic says it.
CAUSES: dict[str, str] = {
    "missing": "缺少这一项",
    "extra_forbidden": "多余的项，请删去或检查拼写",
    "string_type": "应是文字，请用引号括起来",
    "string_too_short": "不能为空",
    "list_type": "应是列表，请用方括号括起来",
    "tuple_type": "应是列表，请用方括号括起来",
    "int_type": "应是整数",
    "int_parsing": "应是整数",
    "greater_than_equal": "太小",
    "bool_type": "应是true或false",
    "json_invalid": "不是合法的JSON，请检查引号、逗号和括号",
    "model_type": "应是一个JSON对象，用花括号括起来",
    "dict_type": "应是一个JSON对象，用花括号括起来",
}


class Faults:
    """The faults of one file."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._told: list[str] = []

    def add(self, where: str, cause: str) -> None:
        """Note a fault: 第3行, and what is wrong there."""
        self._told.append(f"{where}：{cause}")

    def add_invalid(self, where: str, error: ValidationError) -> None:
        """Note every fault that pydantic found at one place."""
        for fault in error.errors(include_url=False):
            field = ".".join(str(part) for part in fault["loc"]) or "整行"
            self.add(where, f"“{field}”{CAUSES.get(fault['type'], fault['msg'])}")

    def check(self) -> None:
        """Refuse the file if anything is wrong with it.

        :raises QuestionFileError: naming up to twenty faults with their places.
        """
        if not self._told:
            return
        lines = "\n".join(f"  {told}" for told in self._told[:MOST])
        rest = len(self._told) - MOST
        more = f"\n  另有{rest}处" if rest > 0 else ""
        raise QuestionFileError(
            f"{self._name}有{len(self._told)}处错误，请修改后再试：\n{lines}{more}"
        )


def read_bytes(path: Path) -> bytes:
    """Return the content of a file.

    :raises QuestionFileError: if it cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise QuestionFileError(f"没有“{path}”这个文件，请检查路径。") from error
    except OSError as error:
        raise QuestionFileError(
            f"“{path}”打不开（{error.strerror}），请检查路径和权限。"
        ) from error


def read_lines(path: Path) -> list[str]:
    """Return the lines of a UTF-8 file.

    :raises QuestionFileError: if it cannot be read or is in another encoding.
    """
    try:
        # Not splitlines(): it ends lines at characters that JSON allows within a text, too.
        return [x.rstrip("\r") for x in read_bytes(path).decode("utf-8-sig").split("\n")]
    except UnicodeDecodeError as error:
        raise QuestionFileError(
            f"“{path.name}”不是UTF-8编码（第{error.start + 1}个字节），请另存为UTF-8后再试。"
        ) from error


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, or of a folder's files in the order of their names."""
    whole = hashlib.sha256()
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    for file in files:
        whole.update(file.read_bytes())
    return whole.hexdigest()
