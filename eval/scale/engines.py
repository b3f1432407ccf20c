"""Put the same question files to a library in files and to the same library in Milvus.

``python -m eval.scale.engines QUESTIONS [REPORT …]`` prints one JSON object: how many answers,
statuses and first passages are the same.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from chat.service import Service
from corpus.report import read_report
from eval.datasets.questions import documents_beside, read_questions
from index.encoder import Encoder
from index.milvus_shelf import MilvusShelf
from index.publishing import published, version_folder
from index.stores.milvus_client import MilvusOptions
from index.updating import Changes, update

NAME = "wenzheng-static"


@dataclass(frozen=True)
class Agreement:
    """How far two stores answer alike.

    :ivar statuses: questions both answer, or both refuse.
    :ivar answers: questions with the very same answer text; refusals count as one another's like.
    :ivar places: questions whose first citation is the same.
    :ivar different: ids of the questions answered otherwise.
    """

    questions: int
    statuses: int
    answers: int
    places: int
    different: tuple[str, ...]


def compared(questions: Path, reports: Sequence[Path], folder: Path) -> Agreement:
    """Build a library of the reports, or of those that the questions name, take it over to Milvus Lite, and ask both every question of the file."""
    data, encoder = folder / "files", Encoder()
    rows = read_questions(questions).rows
    documents = [read_report(path) for path in reports] or documents_beside(questions, rows)
    if documents:
        update(data, encoder, lambda _: Changes(documents))
    files = Service(data, NAME)
    files.prepare()
    shelf = MilvusShelf(MilvusOptions(str(folder / "milvus.db")))
    number = published(data)
    assert number is not None
    shelf.migrate(version_folder(data, number), encoder, None)
    other = Service(folder / "other", NAME, shelf=shelf)
    other.prepare()
    statuses = answers = places = 0
    different = []
    for row in rows:
        within = (row.document,) if row.document else ()
        one = files.ask(row.question, list(row.history), within)
        two = other.ask(row.question, list(row.history), within)
        statuses += one.status is two.status
        same = one.status is two.status and (
            one.answer == two.answer or one.status.value == "unanswerable"
        )
        answers += same
        places += one.citations[:1] == two.citations[:1]
        if not same:
            different.append(row.id)
    return Agreement(len(rows), statuses, answers, places, tuple(different))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="wenzheng-engines-") as temporary:
        given = [Path(name) for name in sys.argv[2:]]
        told = compared(Path(sys.argv[1]), given, Path(temporary))
    sys.stdout.write(json.dumps(asdict(told), ensure_ascii=False) + "\n")
