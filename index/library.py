"""The library of reports on disk: immutable versions, one of them published atomically.

``DIR/versions/N/`` holds one whole library; ``DIR/current`` names the published N and is replaced
by rename. A build that dies leaves the published version as it was.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from pydantic import BaseModel, TypeAdapter, ValidationError

from corpus.cleaning import clean, fold, fold_text
from corpus.errors import LibraryError, UnknownDocumentError
from corpus.figures import figures as figures_of
from corpus.passages import passages as passages_of
from corpus.types import Document, Figure, Passage
from index.encoder import Encoder
from index.lexical import LexicalIndex, tokens
from index.vectors import VectorStore

FORMAT = 2
_MANIFEST = "manifest.json"
_DOCUMENTS = "documents.json"
_BATCH = 64
_FIGURES = "figures.json"
_documents_json = TypeAdapter(list[Document])
_figures_json = TypeAdapter(dict[str, tuple[Figure, ...]])

Progress = Callable[[int, int], None]


class Manifest(BaseModel):
    """What a version holds: checksums by file name, and the encoder its vectors came from."""

    format: int
    encoder: str
    encoder_fingerprint: str
    documents: int
    passages: int
    files: dict[str, str]


@dataclass(frozen=True)
class Library:
    """One published version, loaded once and read by many requests.

    :ivar figures: figures of each document, by its id.
    """

    version: int
    documents: dict[str, Document]
    passages: tuple[Passage, ...]
    vectors: VectorStore
    lexical: LexicalIndex
    figures: dict[str, tuple[Figure, ...]]

    def document(self, document_id: str) -> Document:
        """Return the document.

        :raises UnknownDocumentError: if the library does not hold it.
        """
        try:
            return self.documents[document_id]
        except KeyError:
            names = "、".join(list(self.documents)[:5])
            raise UnknownDocumentError(
                f"没有编号为“{document_id[:80]}”的文件；现有：{names}。"
            ) from None


def searchable(document: Document, passage: Passage) -> str:
    """Return the folded text under which a passage is found: its own after that of its headings."""
    body = fold(clean(document.text, passage.start, passage.end, document.marks)).text
    return f"{fold_text(' '.join(passage.section))} {body}"


def published(directory: Path) -> int | None:
    """Return the number of the published version, or None if there is none yet."""
    try:
        content = (directory / "current").read_bytes().strip()
    except FileNotFoundError:
        return None
    if not content.isdigit():
        raise LibraryError(_damaged(directory, "current"))
    return int(content)


def publish(
    directory: Path, documents: list[Document], encoder: Encoder, progress: Progress | None = None
) -> int:
    """Build a version of the library from the documents, publish it, return its number.

    :param progress: called with (passages done, passages in all).
    :raises LibraryError: if another build holds the folder, or it cannot be written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with FileLock(directory / "build.lock", timeout=30):
            return _build(directory, documents, encoder, progress)
    except Timeout as error:
        raise LibraryError(f"另一个进程正在更新“{directory}”，请稍后再试。") from error
    except OSError as error:
        raise LibraryError(
            f"无法写入“{directory}”（{error.strerror}），请检查权限和磁盘空间。"
        ) from error


def _build(
    directory: Path, documents: list[Document], encoder: Encoder, progress: Progress | None
) -> int:
    number = (published(directory) or 0) + 1
    folder = directory / "versions" / str(number)
    if folder.exists():  # left by a build that died before it was published
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    library = assemble(documents, encoder, progress)
    library.vectors.save(folder)
    library.lexical.save(folder)
    (folder / _DOCUMENTS).write_bytes(_documents_json.dump_json(documents))
    (folder / _FIGURES).write_bytes(_figures_json.dump_json(library.figures))
    manifest = Manifest(
        format=FORMAT,
        encoder=encoder.name,
        encoder_fingerprint=encoder.fingerprint(),
        documents=len(documents),
        passages=len(library.passages),
        files=_checksums(folder),
    )
    (folder / _MANIFEST).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    _sync(folder)
    _replace(directory / "current", str(number))
    for old in (directory / "versions").iterdir():
        if old.name.isdigit() and int(old.name) < number - 1:  # keep one to roll back to
            shutil.rmtree(old)
    return number


def assemble(
    documents: list[Document],
    encoder: Encoder,
    progress: Progress | None = None,
    cut: Callable[[Document], list[Passage]] = passages_of,
) -> Library:
    """Build a library in memory; its version is 0 until it is published.

    :param cut: how a document is cut into passages.
    :raises LibraryError: if there is nothing to search, or two documents have the same id.
    """
    ids = [d.id for d in documents]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise LibraryError(f"有几份文件的编号都是“{'、'.join(twice)}”，请把文件改成不同的名字。")
    owned = [(d, p) for d in documents for p in cut(d)]
    if not owned:
        names = "、".join(ids) or "（没有文件）"
        raise LibraryError(f"{names}里没有可检索的正文，请检查文件内容。")
    texts = [searchable(d, p) for d, p in owned]
    vectors = []
    for start in range(0, len(texts), _BATCH):
        vectors.append(encoder.encode(texts[start : start + _BATCH]))
        if progress is not None:
            progress(min(start + _BATCH, len(texts)), len(texts))
    return Library(
        version=0,
        documents={d.id: d for d in documents},
        passages=tuple(p for _, p in owned),
        vectors=VectorStore.build(np.vstack(vectors)),
        lexical=LexicalIndex.build([tokens(t) for t in texts]),
        figures={d.id: tuple(figures_of(d)) for d in documents},
    )


def open_library(directory: Path, encoder: Encoder) -> Library:
    """Load the published version.

    :raises LibraryError: if there is none, a file is missing or damaged, or it was built by
        another encoder.
    """
    number = published(directory)
    if number is None:
        raise LibraryError(f"“{directory}”里还没有索引，请运行 wenzheng index 建立。")
    folder = directory / "versions" / str(number)
    try:
        manifest = Manifest.model_validate_json((folder / _MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise LibraryError(_damaged(directory, _MANIFEST)) from error
    if manifest.format != FORMAT:
        raise LibraryError(
            f"“{directory}”的索引由另一版本的程序建立，请运行 wenzheng index --rebuild 重建。"
        )
    for name, wanted in manifest.files.items():
        if not (folder / name).is_file() or _checksum(folder / name) != wanted:
            raise LibraryError(_damaged(directory, name))
    if manifest.encoder_fingerprint != encoder.fingerprint():
        raise LibraryError(
            f"索引是用模型“{manifest.encoder}”建立的，现在的设置是“{encoder.name}”；"
            "请运行 wenzheng index --rebuild 重建，或改回原来的encoder设置。"
        )
    documents = _documents_json.validate_json((folder / _DOCUMENTS).read_bytes())
    return Library(
        version=number,
        documents={d.id: d for d in documents},
        passages=tuple(p for d in documents for p in passages_of(d)),
        vectors=VectorStore.load(folder),
        lexical=LexicalIndex.load(folder),
        figures=_figures_json.validate_json((folder / _FIGURES).read_bytes()),
    )


def stored_documents(directory: Path) -> list[Document]:
    """Return the documents of the published version, whatever encoder it was built with.

    :raises LibraryError: if they cannot be read.
    """
    number = published(directory)
    if number is None:
        return []
    try:
        content = (directory / "versions" / str(number) / _DOCUMENTS).read_bytes()
        return _documents_json.validate_json(content)
    except (OSError, ValidationError) as error:
        raise LibraryError(_damaged(directory, _DOCUMENTS)) from error


def _damaged(directory: Path, name: str) -> str:
    return (
        f"“{directory}”的索引不完整或已损坏（{name}）；请删除该文件夹后运行 wenzheng index 重建。"
    )


def _checksums(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): _checksum(p) for p in files}


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _sync(folder: Path) -> None:
    """Force every file of the version to disk before its number is published."""
    for path in folder.rglob("*"):
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


def _replace(path: Path, content: str) -> None:
    temporary = path.with_suffix(".new")
    with temporary.open("w", encoding="ascii") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
