"""Call the reader of a kind; each is imported when it is first needed."""

from __future__ import annotations

from corpus.formats.extraction import Source
from corpus.formats.kinds import Kind
from corpus.reading import decode


def read_bytes(kind: Kind, data: bytes, name: str) -> Source:
    """Return the text of a file's bytes; ``name`` stands in the messages.

    :raises DocumentError: if there is no text to be had from the bytes.
    """
    match kind:
        case Kind.TEXT:
            return Source(decode(data, name))
        case Kind.MARKDOWN:
            from corpus.formats.markdown import read_markdown

            return read_markdown(decode(data, name), name)
        case Kind.HTML:
            from corpus.formats.html import read_html

            return read_html(data, name)
        case Kind.DOCX:
            from corpus.formats.docx import read_docx

            return read_docx(data, name)
        case Kind.PDF:
            from corpus.formats.pdf import read_pdf

            return read_pdf(data, name)
