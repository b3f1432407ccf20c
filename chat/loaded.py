"""What the service makes of one version of the library."""

from __future__ import annotations

from dataclasses import dataclass

from chat.extractive import ExtractiveAnswerer
from chat.remembering import AnswerMemory
from chat.streaming import Answerer
from index.library import Library
from retriever.search import Retriever


@dataclass(frozen=True)
class Loaded:
    """Everything that belongs to one version of the library, swapped as a whole."""

    library: Library
    retriever: Retriever
    extractive: ExtractiveAnswerer
    answerer: Answerer
    memory: AnswerMemory | None
