"""The one entrance to the product: page, API, command line and evaluation all ask here."""

from __future__ import annotations

import logging
import threading
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from chat.extractive import ExtractiveAnswerer
from chat.types import Answer
from corpus.errors import DocumentError, LibraryError, QuestionError, WenzhengError
from corpus.facts import Overrides, require_facts
from corpus.report import BUNDLED, read_report, report_files
from corpus.types import Document, newest_year
from index.encoder import Encoder
from index.library import (
    Library,
    Progress,
    open_library,
    publish,
    published,
    stored_documents,
)
from index.words import shipped_words
from retriever.places import own_names
from retriever.question import understand
from retriever.search import Hit, Retriever
from retriever.vocabulary import shipped_vocabulary

MAX_QUESTION = 500
MAX_HISTORY = 20
_log = logging.getLogger("wenzheng")


@dataclass(frozen=True)
class Added:
    """What became of the files given.

    :ivar version: the published version, a new one only if something changed.
    :ivar refused: a message for each file that could not be read.
    :ivar warnings: what is odd about files that were taken.
    """

    version: int
    new: tuple[str, ...]
    replaced: tuple[str, ...]
    unchanged: int
    refused: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Loaded:
    """Everything that belongs to one version of the library, swapped as a whole."""

    library: Library
    retriever: Retriever
    answerer: ExtractiveAnswerer


class Service:
    """Answers questions over the published library of a folder."""

    def __init__(self, directory: Path, encoder_name: str) -> None:
        self.directory = directory
        self.encoder = Encoder(encoder_name)
        self._loaded: _Loaded | None = None
        self._lock = threading.Lock()

    def prepare(self, progress: Progress | None = None) -> None:
        """Build the index of the bundled report if the folder has none, and load it.

        :raises LibraryError: if the folder cannot be written, or what it holds cannot be read.
        """
        if published(self.directory) is None:
            publish(self.directory, [read_report(BUNDLED)], self.encoder, progress)
        self._current()

    def add(
        self,
        paths: list[Path],
        progress: Progress | None = None,
        overrides: Overrides | None = None,
    ) -> Added:
        """Add report files, and the files of folders, to the library.

        The same file again changes nothing; a file of a known name replaces its former version; a
        file that cannot be read is told and does not keep the others out.

        :param overrides: facts of the files that their text does not give.
        :raises DocumentError: if none of the files can be read.
        :raises LibraryError: if the library cannot be read or written.
        """
        read: list[Document] = []
        refused: list[str] = []
        warnings: list[str] = []
        for path in report_files(paths):
            try:
                document = read_report(path, overrides=overrides)
                require_facts(document)
            except DocumentError as error:
                refused.append(error.message)
                continue
            if any(document.id == d.id for d in read):
                refused.append(f"“{path}”与前面的一份文件同名，请改名后再导入。")
                continue
            read.append(document)
            warnings.extend(f"{document.id}：{w}" for w in document.warnings)
        if not read:
            raise DocumentError("；".join(refused) or "没有找到可导入的文件，请检查路径。")
        stored = {d.id: d for d in stored_documents(self.directory)}
        new = [d for d in read if d.id not in stored]
        changed = [d for d in read if d.id in stored and stored[d.id] != d]
        number = published(self.directory)
        if new or changed or number is None:
            ids = {d.id for d in read}
            kept = [d for d in stored.values() if d.id not in ids]
            number = publish(self.directory, kept + read, self.encoder, progress)
        return Added(
            version=number,
            new=tuple(d.id for d in new),
            replaced=tuple(d.id for d in changed),
            unchanged=len(read) - len(new) - len(changed),
            refused=tuple(refused),
            warnings=tuple(warnings),
        )

    def remove(self, ids: list[str], progress: Progress | None = None) -> int:
        """Take documents out of the library and return the number of the new version.

        :raises UnknownDocumentError: if the library does not hold one of them.
        :raises LibraryError: if nothing would be left.
        """
        library = self.library
        gone = {library.document(i).id for i in ids}
        kept = [d for d in library.documents.values() if d.id not in gone]
        if not kept:
            raise LibraryError("库里至少要留一份文件；请先导入别的文件，再删除这一份。")
        return publish(self.directory, kept, self.encoder, progress)

    def rebuild(self, progress: Progress | None = None) -> int:
        """Build the stored documents anew, as after a change of the encoder."""
        documents = stored_documents(self.directory) or [read_report(BUNDLED)]
        return publish(self.directory, documents, self.encoder, progress)

    def ask(
        self,
        question: str,
        history: list[str] | None = None,
        documents: tuple[str, ...] = (),
        top_k: int = 10,
    ) -> Answer:
        """Answer a question.

        :param history: earlier questions of the conversation, oldest first.
        :param documents: ids to answer from; all if empty.
        :param top_k: passages read.
        :raises QuestionError: if the question is empty, too long or unreadable.
        :raises UnknownDocumentError: if the library does not hold one of the documents.
        """
        text = checked(question)
        earlier = [checked(h) for h in (history or [])[-MAX_HISTORY:]]
        return self._current().answerer.answer(text, earlier, documents, top_k)

    def search(self, question: str, k: int = 5, documents: tuple[str, ...] = ()) -> list[Hit]:
        """Return the ``k`` best passages for a question, best first."""
        loaded = self._current()
        held = list(loaded.library.documents.values())
        understood = understand(
            checked(question), newest_year(held), shipped_words(), own_names(held)
        )
        return loaded.retriever.search(understood, k, documents)

    @property
    def library(self) -> Library:
        """The library as published now."""
        return self._current().library

    def ready(self) -> tuple[bool, str]:
        """Tell whether an index is loaded and answers, and if not, why."""
        try:
            library = self._current().library
            first = next(iter(library.documents.values()))
            self.ask(f"{first.title}讲了什么？")
        except WenzhengError as error:
            return False, error.message
        except StopIteration:
            return False, "库里还没有文件，请运行 wenzheng index 导入。"
        return True, ""

    def _current(self) -> _Loaded:
        """Return the published version, loading it if it is new.

        A version that cannot be loaded is reported; the one in use stays in use.
        """
        number = published(self.directory)
        loaded = self._loaded
        if loaded is not None and (number is None or number == loaded.library.version):
            return loaded
        with self._lock:
            if self._loaded is not None and self._loaded.library.version == number:
                return self._loaded
            try:
                self._loaded = self._load()
            except LibraryError as error:
                if self._loaded is None:
                    raise
                _log.error(
                    "版本%s无法使用，继续使用版本%s：%s",
                    number,
                    self._loaded.library.version,
                    error,
                )
            return self._loaded

    def _load(self) -> _Loaded:
        library = open_library(self.directory, self.encoder)
        retriever = Retriever(library, self.encoder, shipped_vocabulary())
        answerer = ExtractiveAnswerer(
            retriever, shipped_words(), shipped_vocabulary(), self.encoder.name
        )
        return _Loaded(library, retriever, answerer)


def checked(question: str) -> str:
    """Return the question trimmed.

    :raises QuestionError: if nothing is left, it is too long, or it holds control characters.
    """
    text = question.strip()
    if not any(c.isalnum() for c in text):
        raise QuestionError("问题是空的，请写下想问的内容。")
    if len(text) > MAX_QUESTION:
        raise QuestionError(f"问题有{len(text)}个字，最多{MAX_QUESTION}个字，请缩短后再问。")
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t" for c in text):
        raise QuestionError("问题里有无法识别的控制字符，请去掉后再问。")
    return " ".join(text.split())
