"""Documents of the size of a report, cut from real text."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import DocumentError
from corpus.report import parse_report
from corpus.types import Document

_CHARACTERS = 25_000  # of a document: 100 to 150 passages, as a report has


def documents(folder: Path) -> Iterator[Document]:
    """Yield the text of a folder as documents.

    :param folder: holds ``*.jsonl``, ``*.jsonl.xz`` (``{"text": …}`` a line) or ``*.txt``.
    :raises DocumentError: if there is no text in it.
    """
    found = sorted(p for p in folder.iterdir() if p.suffix in (".xz", ".jsonl", ".txt"))
    if not found:
        raise DocumentError(f"“{folder}”里没有*.jsonl、*.jsonl.xz或*.txt文件。")
    readers = [_bundles(path) for path in found]
    number = 0
    while readers:  # in turn, so that every size holds every kind of text
        for reader in list(readers):
            text = next(reader, None)
            if text is None:
                readers.remove(reader)
                continue
            number += 1
            yield parse_report(text, f"文{number}")


def _bundles(path: Path) -> Iterator[str]:
    """Yield the texts of a file, bundled to the size of a report."""
    bundle: list[str] = []
    size = 0
    for text in _texts(path):
        bundle.append(text)
        size += len(text)
        if size >= _CHARACTERS:
            yield "\n".join(bundle)
            bundle, size = [], 0
    if bundle:
        yield "\n".join(bundle)


def _texts(path: Path) -> Iterator[str]:
    if path.suffix == ".txt":
        yield path.read_text(encoding="utf-8")
        return
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield str(json.loads(line)["text"])
