"""Try a version of the library out before it is used."""

from __future__ import annotations

import threading

from chat.extractive import ExtractiveAnswerer
from corpus.errors import LibraryError
from index.library import Library

_AFTER_SECONDS = 8.0  # a server that starts has better things to do until then


def try_out(library: Library, answerer: ExtractiveAnswerer | None) -> None:
    """See that a version holds passages, and that what it quotes stands in its documents.

    :param answerer: asked a question, which also warms up all that an answer needs, and told to read
        behind the scenes what only some do; None looks at a passage only, as where one question is
        asked and the program ends.
    :raises LibraryError: if it holds no passage, or quotes what does not stand in it.
    """
    if not library.passages:
        raise LibraryError("库里没有可检索的正文，请运行 wenzheng index 导入。")
    first = library.passages[0]
    quotes = [(first.document_id, first.start, first.end, first.text)]
    if answerer is not None:
        # Words of the report itself: the lexicon that misspelt questions need takes a second to read.
        answer = answerer.answer(f"{first.text[:60]}？", [])
        behind = threading.Timer(_AFTER_SECONDS, _prepare, (answerer,))
        behind.daemon = True
        behind.start()
        quotes += [(c.document, c.start, c.end, c.quote) for c in answer.citations]
    for name, start, end, quote in quotes:
        if library.document(name).text[start:end] != quote:
            raise LibraryError(
                f"版本{library.version}没有通过试答：引文与原文不符；"
                "请运行 wenzheng index --rebuild 重建。"
            )


def _prepare(answerer: ExtractiveAnswerer) -> None:
    """Read what some questions need: the sounds of words, and their parts of speech."""
    import jieba.posseg

    answerer.prepare()
    list(jieba.posseg.cut("区长"))
