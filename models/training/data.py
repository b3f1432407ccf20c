"""Read the public texts in the data folder as plain Python values."""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from opencc import OpenCC

# Cut after a stop and the quotes or brackets that close with it.
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]*[”’」』）]*")


@dataclass(frozen=True)
class Item:
    """One piece of running text; ``title`` is empty where the source has none."""

    title: str
    text: str


@dataclass(frozen=True)
class Reading:
    """A reading-comprehension question: ``context[start:start + len(answer)] == answer``."""

    article: str
    question: str
    context: str
    answer: str
    start: int


def _jsonl(path: Path) -> Iterator[Item]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Item(title=row.get("title", ""), text=row["text"])


def laws(data: Path) -> Iterator[Item]:
    """Yield the 3,460 laws and regulations."""
    return _jsonl(data / "text" / "laws.jsonl.xz")


def broadcast_news(data: Path) -> Iterator[Item]:
    """Yield the evening news items, programme labels such as 【领航中国】 cut from titles."""
    for item in _jsonl(data / "text" / "broadcast_news.jsonl.xz"):
        yield Item(title=re.sub(r"【[^】]*】", "", item.title).strip(), text=item.text)


def web_news(data: Path) -> Iterator[Item]:
    """Yield the web news of 2023."""
    return _jsonl(data / "text" / "web_news.jsonl.xz")


def national_papers(data: Path) -> Iterator[Item]:
    """Yield the State Council reports and policy papers; never the bundled district report."""
    for path in sorted((data / "reports").glob("国务院_*.txt")) + sorted(
        (data / "policies").glob("*.txt")
    ):
        yield Item(title=path.stem, text=path.read_text(encoding="utf-8"))


def all_texts(data: Path) -> Iterator[Item]:
    """Yield every text that may be used for training."""
    yield from national_papers(data)
    yield from laws(data)
    yield from broadcast_news(data)
    yield from web_news(data)


def sentences(text: str) -> list[str]:
    """Cut running text into sentences, white space trimmed."""
    return [s.strip() for s in _SENTENCE.findall(text) if s.strip()]


def squad(path: Path, *, traditional: bool) -> Iterator[Reading]:
    """Yield the questions of a SQuAD-form file, converted to simplified characters if asked.

    OpenCC's ``t2s`` maps character by character, so answers keep their offsets; a row where they
    do not is left out.
    """
    convert = OpenCC("t2s").convert if traditional else str
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            context = convert(paragraph["context"])
            for qa in paragraph["qas"]:
                answer = qa["answers"][0]
                text, start = convert(answer["text"]), answer["answer_start"]
                if context[start : start + len(text)] == text:
                    title = article.get("title", "")
                    yield Reading(title, convert(qa["question"]), context, text, start)
