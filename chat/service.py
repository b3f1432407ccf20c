"""The one entrance to the product: page, API, command line and evaluation all ask here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

from chat.answering import Apart, Workers
from chat.building import Builder
from chat.checking import checked, conversation
from chat.compacting import Compactor
from chat.extractive import ExtractiveAnswerer
from chat.found import Found
from chat.generative.answerer import GenerativeAnswerer
from chat.generative.breaker import Breaker
from chat.generative.writer import writer_of
from chat.health import ServiceHealth
from chat.librarian import Added, FileRead, Librarian
from chat.live import Live
from chat.loaded import Loaded
from chat.models import Models
from chat.reader.hub import HubReader
from chat.remembering import AnswerMemory, CacheCounts, RememberingAnswerer
from chat.streaming import Answerer, Event, StreamingAnswerer, streamed
from chat.trying import try_out
from chat.types import Answer
from corpus.errors import LibraryError, WenzhengError
from corpus.facts import Overrides
from index.encoder import Encoder, EncoderOptions
from index.library import Library, Progress
from index.locking import WAIT_SECONDS
from index.problems import Problems
from index.publishing import KEEP_VERSIONS
from index.shelf import Shelf, require_folder
from index.stores.kinds import Tuning
from index.versions import Version, rollback, versions
from index.words import shipped_words
from retriever.choosing import Choice
from retriever.question import understand
from retriever.reranker import Reranker, RerankingRetriever
from retriever.search import Hit, Retriever
from retriever.vocabulary import FollowedVocabulary

__all__ = ["Added", "FileRead", "Service"]


class Service:
    """Answers questions over the published library of a folder."""

    def __init__(
        self,
        directory: Path,
        encoder_name: str,
        *,
        keep_versions: int = KEEP_VERSIONS,
        wait_seconds: float = WAIT_SECONDS,
        builds_apart: bool = False,
        models: Models | None = None,
        vocabulary: Path | None = None,
        shelf: Shelf | None = None,
        tuning: Tuning | None = None,
        remembers: int = 0,
    ) -> None:
        """Remember where the library is; it is loaded on first use.

        :param keep_versions: how many earlier versions stay to roll back to.
        :param wait_seconds: how long to wait for another builder.
        :param vocabulary: file of words that staff add; it need not exist.
        :param builds_apart: change the library in a child process, so that answers are not delayed.
        :param shelf: where the library is; in the folder if None.
        :param tuning: of the vector index of a large library.
        :param remembers: answers kept for when the same is asked again; a model's are not.
        :param models: that find, order and word the answers; their encoder comes before the name.
        """
        self.directory = directory
        chosen = models or Models(EncoderOptions(encoder_name))
        self.encoder = Encoder(options=chosen.encoder)
        self._reranker = Reranker(chosen.reranker) if chosen.reranker else None
        self.reader = HubReader(chosen.reader) if chosen.reader else None
        self._writer = writer_of(chosen.writer) if chosen.writer else None
        self._breaker = (
            Breaker(chosen.writer.failures, chosen.writer.pause_s) if chosen.writer else Breaker()
        )
        self.problems = Problems()
        self._librarian = Librarian(
            directory, self.encoder, keep_versions, wait_seconds, tuning or Tuning(), shelf
        )
        self._shelf = self._librarian.place
        self._builder = Builder(self._librarian) if builds_apart and shelf is None else None
        self.vocabulary = vocabulary or directory / "vocabulary.toml"
        self._live = Live(directory, self.encoder, self._load, self.problems, shelf=self._shelf)
        work = (self._builder or self._librarian).compact
        self._compactor = Compactor(work, self._live.refresh, behind=self._builder is not None)
        self.workers: Workers | None = None
        self._remembers = remembers
        self._serves = builds_apart
        self.cache_counts = CacheCounts()

    def answer_apart(self, count: int) -> None:
        """Let child processes quote from now on, until :meth:`close`; a model words them here."""
        self.workers = Workers(self.directory, count, self.problems)

    def in_use(self) -> tuple[int, Answerer]:
        """Return the version in use and what answers from it, in a child process where there is one."""
        loaded = self._live.get()
        return loaded.library.version, self._answerer_of(loaded)

    def prepare(self, progress: Progress | None = None) -> None:
        """Build the index of the bundled report if the folder has none, and load it.

        An index of an older version of the program is built anew from the documents it holds.

        :raises LibraryError: if the folder cannot be written, or what it holds cannot be read.
        """
        self._librarian.prepare(progress)
        self._live.refresh()

    def follow(self) -> None:
        """Change over to the published version at once, rather than behind the next questions.

        :raises LibraryError: if no version can be used.
        """
        self._live.refresh()

    def prepare_writer(self) -> None:
        """Load the model that words the answers, where one runs on this machine.

        :raises GenerationError: if it cannot be had.
        """
        if self._writer is not None:
            self._writer.prepare()

    def add(
        self,
        paths: list[Path],
        progress: Progress | None = None,
        overrides: Overrides | None = None,
        told: Callable[[FileRead], None] | None = None,
    ) -> Added:
        """Add report files, and the files of folders, to the library.

        The same file again changes nothing; a file of a known name replaces its former version; a
        file that cannot be read is told and does not keep the others out.

        :param overrides: facts of the files that their text does not give.
        :param told: called after each file, for progress.
        :raises DocumentError: if none of the files can be read.
        :raises LibraryError: if the library cannot be read or written.
        """
        added = (self._builder or self._librarian).add(paths, progress, overrides, told)
        self._live.refresh()
        self._compactor.look()
        return added

    def remove(self, ids: list[str], progress: Progress | None = None) -> int:
        """Take documents out of the library and return the number of the new version.

        :raises UnknownDocumentError: if the library does not hold one of them.
        :raises LibraryError: if nothing would be left.
        """
        number = (self._builder or self._librarian).remove(ids, progress)
        self._live.refresh()
        self._compactor.look()
        return number

    def rebuild(self, progress: Progress | None = None) -> int:
        """Build the stored documents anew, as after a change of the encoder."""
        number = (self._builder or self._librarian).rebuild(progress)
        self._live.refresh()
        return number

    def versions(self) -> list[Version]:
        """Return the versions on disk, newest first, each with its files checked."""
        require_folder(self._shelf)
        return versions(self.directory)

    def rollback(self, number: int) -> Version:
        """Answer from another version that is on disk, from now on; return it.

        Numbers are never used twice: the next change of the library gets a new one.

        :raises LibraryError: if there is no such version, it is damaged, or it does not fit.
        """
        require_folder(self._shelf)
        rollback(self.directory, number, self.encoder, self._librarian.wait_seconds)
        self._live.refresh()
        return next(v for v in self.versions() if v.number == number)

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
        text, earlier = conversation(question, history)
        return self.in_use()[1].answer(text, earlier, documents, top_k)

    def stream(
        self,
        question: str,
        history: list[str] | None = None,
        documents: tuple[str, ...] = (),
        top_k: int = 10,
    ) -> Iterator[Event]:
        """Answer a question step by step; the last event holds what ``ask`` would return.

        Closing the iterator stops the work.

        :raises QuestionError: at once, if the question is empty, too long or unreadable.
        :raises UnknownDocumentError: at once, if the library does not hold one of the documents.
        """
        text, earlier = conversation(question, history)
        loaded = self._live.get()
        for name in documents:
            loaded.library.description(name)
        answerer = self._answerer_of(loaded)
        return streamed(loaded.retriever, answerer, text, earlier, documents, depth=top_k)

    @property
    def streams(self) -> bool:
        """Whether ``stream`` tells the answer as it grows, rather than whole at once."""
        return isinstance(self._live.get().answerer, StreamingAnswerer)

    def quote(self, question: str) -> Answer:
        """Answer by quoting, whatever answers citizens: quick, and no model is asked."""
        return self._live.get().extractive.answer(checked(question), [])

    def chosen(self, choice: Choice) -> tuple[str, ...]:
        """Return the ids of the reports that meet a choice; none if all of the library do.

        :raises UnknownDocumentError: if the library does not hold one of its documents.
        :raises NoReportError: if no report meets it.
        """
        return self._live.get().retriever.chosen(choice)

    def search(self, question: str, k: int = 5, documents: tuple[str, ...] = ()) -> list[Hit]:
        """Return the ``k`` best passages for a question, best first."""
        return self.find(question, k, documents).hits

    def find(self, question: str, k: int = 5, documents: tuple[str, ...] = ()) -> Found:
        """Return what ``search`` returns with the library that it stands in.

        ``library`` may be a newer one by the time the hits are shown.
        """
        loaded = self._live.get()
        scope = loaded.retriever.scope()
        understood = understand(checked(question), scope.year, shipped_words(), scope.own)
        return Found(loaded.library, loaded.retriever.search(understood, k, documents))

    @property
    def library(self) -> Library:
        """The library as published now."""
        return self._live.get().library

    def ready(self) -> tuple[bool, str]:
        """Tell whether an index is loaded that has answered its test question; if not, why.

        The test is made once for each version, when it is loaded.
        """
        try:
            self._live.get()
        except WenzhengError as error:
            return False, error.message
        return True, ""

    def health(self) -> ServiceHealth:
        """Tell how the service is; cheap enough to be asked every second."""
        ready, why = self.ready()
        try:
            number = self._shelf.published()
        except LibraryError:
            number = None
        return ServiceHealth(ready, why, self._live.version, number, self.problems.all())

    def watch(self) -> None:
        """Look for new versions from now on, even while nobody asks, until :meth:`close`."""
        self._live.watch()

    def stop_building(self) -> None:
        """Give up what is being built apart; what is published stays."""
        if self._builder is not None:
            self._builder.close()

    def close(self) -> None:
        """End the watching and the building; what is published stays."""
        self._live.close()
        if self.workers is not None:
            self.workers.close()
        if self._writer is not None:
            self._writer.close()
        if self._builder is not None:
            self._builder.close()

    @cached_property
    def _followed(self) -> FollowedVocabulary:
        return FollowedVocabulary(self.vocabulary)

    def _load(self, library: Library) -> Loaded:
        vocabulary = self._followed
        retriever = (
            Retriever(library, self.encoder, vocabulary)
            if self._reranker is None
            else RerankingRetriever(library, self.encoder, vocabulary, self._reranker)
        )
        extractive = ExtractiveAnswerer(
            retriever, shipped_words(), vocabulary, self.encoder.name, reader=self.reader
        )
        try_out(library, extractive if self._serves else None)
        memory = (
            AnswerMemory(self._remembers, self.cache_counts, vocabulary.state)
            if self._remembers
            else None
        )
        answerer = self._answerer(extractive, retriever)
        return Loaded(library, retriever, extractive, answerer, memory)

    def _answerer_of(self, loaded: Loaded) -> Answerer:
        if loaded.answerer is not loaded.extractive:
            return loaded.answerer
        quoting: Answerer = loaded.extractive
        if self.workers is not None:
            quoting = Apart(self.workers, loaded.library.version, loaded.extractive)
        return quoting if loaded.memory is None else RememberingAnswerer(quoting, loaded.memory)

    def _answerer(self, extractive: ExtractiveAnswerer, retriever: Retriever) -> Answerer:
        """Return what answers: the extractive answerer, or a model in front of it."""
        if self._writer is None:
            return extractive
        return GenerativeAnswerer(
            extractive,
            retriever,
            shipped_words(),
            writer=self._writer,
            breaker=self._breaker,
            problems=self.problems,
        )
