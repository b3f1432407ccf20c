"""What a question costs in a library of one report and of thousands.

``python -m eval.scale.many QUESTIONS 1,200,2000 [FOLDER]`` builds libraries of varied copies of the
bundled report, asks every question in each and prints one JSON object a library.
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from chat.extractive import ExtractiveAnswerer
from corpus.report import BUNDLED, parse_report
from corpus.types import Document
from eval.datasets.questions import read_questions
from index.encoder import Encoder
from index.library import Library, open_library
from index.stores.faiss_store import FaissStore
from index.updating import Changes, update
from index.words import shipped_words
from retriever.figures import find_figures
from retriever.search import Retriever
from retriever.vocabulary import shipped_vocabulary

_FIRST = "安宁平和兴永福清泰昌隆嘉祥荣富盛华康德仁"
_SECOND = "江河湖海山川溪泉原州城关桥林岭陵浦塘港峰"
_YEARS = 20  # reports of a place
_YEAR = re.compile(r"(20[12]\d)年")
_NUMBER = re.compile(r"(?<![\d.])\d{2,}(?![\d.年])")


@dataclass(frozen=True)
class Asked:
    """What asking cost in one library.

    :ivar load_s: seconds to open the library and make what answers.
    :ivar p50: milliseconds of a question.
    :ivar cpu_p50: the same, processor time.
    :ivar read: documents read for a question, at most.
    :ivar unfound: questions for which more documents were read than passages were found in.
    :ivar figures_cpu: milliseconds of processor time to find an indicator in all reports and show
        the first hundred figures, the first time and the second.
    """

    reports: int
    passages: int
    load_s: float
    p50: float
    p99: float
    cpu_p50: float
    cpu_p99: float
    read: int
    unfound: int
    figures_cpu: tuple[float, float]


def varied(count: int) -> Iterator[Document]:
    """Yield so many reports: the bundled one first, then copies with other places, years, numbers."""
    path = BUNDLED
    text = path.read_text(encoding="utf-8")
    yield parse_report(text, path.stem)
    places = [f"{a}{b}" for a in _FIRST for b in _SECOND]
    for number in range(1, count):
        place, year = places[number // _YEARS], 2003 + number % _YEARS
        chance = random.Random(number)  # noqa: S311 (no secret)
        moved = text.replace("北仑", place)
        yield parse_report(_moved(moved, year - 2022, chance), f"{place}区_{year}")


def _moved(text: str, years: int, chance: random.Random) -> str:
    """Return a text with its years moved and its other numbers changed at random."""

    def year(found: re.Match[str]) -> str:
        return f"{int(found[1]) + years}年"

    def number(found: re.Match[str]) -> str:
        return str(int(int(found[0]) * chance.uniform(0.8, 1.2)))

    return _NUMBER.sub(number, _YEAR.sub(year, text))


class Watched(Mapping[str, Document]):
    """Documents that tell which of them were read."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = documents
        self.read: set[str] = set()

    def __getitem__(self, key: str) -> Document:
        self.read.add(key)
        return self._documents[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)


def ask(library: Library, encoder: Encoder, questions: Sequence[str], load_s: float) -> Asked:
    """Put every question to a library, twice, and take the time of the second round."""
    assert isinstance(library.store, FaissStore)
    watched = Watched(library.store.documents)
    library.store.documents = watched
    begun = time.perf_counter()
    retriever = Retriever(library, encoder, shipped_vocabulary())
    answerer = ExtractiveAnswerer(retriever, shipped_words(), shipped_vocabulary(), encoder.name)
    answerer.answer(questions[0], [])
    load_s += time.perf_counter() - begun
    wall: list[float] = []
    cpu: list[float] = []
    read = unfound = 0
    for question in [*questions, *questions]:
        watched.read.clear()
        begun, used = time.perf_counter(), time.process_time()
        answer = answerer.answer(question, [])
        wall.append((time.perf_counter() - begun) * 1000)
        cpu.append((time.process_time() - used) * 1000)
        looked_into = len(watched.read)
        read = max(read, looked_into)
        unfound += looked_into > max(1, _found(retriever, answer.standalone_question))
    counts = library.store.counts()
    half = len(questions)
    return Asked(
        reports=counts.documents,
        passages=counts.passages,
        load_s=round(load_s, 2),
        p50=_percentile(wall[half:], 50),
        p99=_percentile(wall[half:], 99),
        cpu_p50=_percentile(cpu[half:], 50),
        cpu_p99=_percentile(cpu[half:], 99),
        read=read,
        unfound=unfound,
        figures_cpu=(_figures(library), _figures(library)),
    )


def _percentile(values: list[float], share: float) -> float:
    return round(float(np.percentile(values, share)), 1)


def _figures(library: Library) -> float:
    """Return the milliseconds of processor time of a search among the figures of all reports."""
    used = time.process_time()
    found = find_figures(library, "GDP")
    assert all(f.document for f in found[:100])
    return round((time.process_time() - used) * 1000, 1)


def _found(retriever: Retriever, question: str) -> int:
    """Return in how many documents the passages of a question stand."""
    from retriever.question import understand

    scope = retriever.scope(question)
    asked = understand(question, scope.year, shipped_words(), scope.own)
    hits = retriever.search(asked, 20, scope.searched)
    return len({h.passage.document_id for h in hits})


def main(questions: Path, sizes: Sequence[int], folder: Path) -> Iterator[Asked]:
    """Build a library of each size in the folder, unless it is there, and ask."""
    encoder = Encoder()
    texts = [row.question for row in read_questions(questions).rows]
    for size in sizes:
        data = folder / str(size)
        if not (data / "current").exists():
            update(data, encoder, partial(_changes, size))
        begun = time.perf_counter()
        library = open_library(data, encoder)
        yield ask(library, encoder, texts, time.perf_counter() - begun)


def _changes(size: int, _: Mapping[str, Document]) -> Changes:
    return Changes(added=varied(size), anew=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="wenzheng-many-") as temporary:
        chosen = Path(sys.argv[3]) if len(sys.argv) > 3 else Path(temporary)
        for told in main(Path(sys.argv[1]), [int(n) for n in sys.argv[2].split(",")], chosen):
            sys.stdout.write(json.dumps(asdict(told)) + "\n")
            sys.stdout.flush()
