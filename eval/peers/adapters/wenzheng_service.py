"""Wenzheng itself, by its public Python entrance, over files in a folder of their own."""

from __future__ import annotations

import tempfile
from pathlib import Path

from chat.commands.common import service_of
from chat.service import Service
from chat.settings import settings
from corpus.facts import Overrides
from corpus.report import document_id
from eval.peers.protocol import Chunk, Document, Index, Job

# Passages that are given ready cut become lines of report files of this many lines.
_LINES = 1000


class _Index:
    def __init__(self, documents: list[Document], *, cut: bool) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="peers-")
        root = Path(self._folder.name)
        files = root / "files"
        files.mkdir()
        if cut:
            for document in documents:
                (files / f"{document.id}.txt").write_bytes(document.text.encode("utf-8"))
        else:
            for first in range(0, len(documents), _LINES):
                lines = "\n".join(d.text for d in documents[first : first + _LINES])
                (files / f"part{first // _LINES:04d}.txt").write_bytes(lines.encode("utf-8"))
        self.service: Service = service_of(settings(data=root / "library"))
        # Loose passages name no place and no year, which the product asks of a report.
        facts = None if cut else Overrides(region="对照区", year=2022)
        added = self.service.add([files], overrides=facts)
        if added.refused:
            raise ValueError("; ".join(added.refused))
        for document in documents if cut else ():
            held = self.service.library.document(document_id(document.id))
            if held.text != document.text:
                raise ValueError(f"{document.id} was read differently")
        self.chunks = [
            Chunk(p.document_id, p.start, p.end, "") for p in self.service.library.passages
        ]

    def search(self, question: str, k: int) -> list[Chunk]:
        found = (hit.passage for hit in self.service.search(question, k))
        return [Chunk(p.document_id, p.start, p.end, p.text) for p in found]


class Wenzheng:
    """The product as shipped."""

    def build(self, documents: list[Document], *, cut: bool) -> Index:
        """Write the documents as files and add them to a new library."""
        return _Index(documents, cut=cut)

    def read(self, index: Index, question: str, hits: list[Chunk]) -> str | None:  # noqa: ARG002
        """Return the short answer, None if the product says that the report does not say."""
        assert isinstance(index, _Index)
        answer = index.service.ask(question)
        return answer.answer if answer.status == "answered" else None


def create(job: Job) -> Wenzheng:  # noqa: ARG001
    """Return the peer."""
    return Wenzheng()
