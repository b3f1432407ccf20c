"""Long and repetitive input takes time in proportion to its length: no regular expression explodes.

Measured are ratios of processor time, not seconds: four times the text must not take much more than
four times as long.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from chat.records.masking import masked
from chat.service import MAX_QUESTION, Service
from corpus.figures.extraction import figures
from corpus.passages import passages
from corpus.report import parse_report
from corpus.sentences import LONGEST

# Not all green yet: kept out of the short suite until each is settled.
pytestmark = pytest.mark.long

ROOMS = ("corpus", "index", "retriever", "chat")
# What patterns of ours are made of, one after another a great many times.
UNITS = [
    "1", "45", "1亿元，", "增长5%", "2021年", "第一", "《", "“", "”", "（", "占", "比上年", "提比",
    "基础", "其中", "一、", "1.1", "万", "至", "值", " ", "　", "\t", "\n", "。", "，", "、", "；", "%",
    "#", "[1]", "①", "名词解释", "a", "Ａ", "\u200b", "\u202e", "\u0300", "\x00", "👨‍👩‍👧", "—", "|",
]  # fmt: skip
HEAD = "测试县2023年政府工作报告\n各位代表：\n"


def seconds(step: Callable[..., object], *arguments: object) -> float:
    """Return the processor time of a call."""
    started = time.process_time()
    step(*arguments)
    return time.process_time() - started


def read(characters: int, unit: str) -> None:
    text = HEAD + unit * (characters // len(unit)) + "。\n"
    document = parse_report(text, "测试县_2023")
    assert all(p.end - p.start <= LONGEST + 400 for p in passages(document))
    figures(document)


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_reading_a_report_takes_time_in_proportion(unit: str) -> None:
    # From the length on where sentences are cut, below which a square is still small.
    short, long = seconds(read, LONGEST, unit), seconds(read, 4 * LONGEST, unit)
    assert long < 10 * max(short, 0.02)


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_answering_a_question_takes_time_in_proportion(unit: str, service: Service) -> None:
    def asked(characters: int) -> None:
        text = (unit * characters)[: characters - 4]
        service.ask(f"值{text}是多少")
        masked(text)

    short, long = seconds(asked, MAX_QUESTION // 4), seconds(asked, MAX_QUESTION)
    assert long < 12 * max(short, 0.02)


def patterns() -> dict[str, re.Pattern[str]]:
    """Return the regular expressions of our modules by where they stand."""
    found: dict[str, re.Pattern[str]] = {}
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            for name, value in vars(importlib.import_module(module.name)).items():
                for number, pattern in enumerate(_inside(value)):
                    found[f"{module.name}.{name}[{number}]"] = pattern
    return found


def _inside(value: object, depth: int = 0) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth < 3 and isinstance(value, dict):
        yield from _inside([*value, *value.values()], depth + 1)
    elif depth < 3 and isinstance(value, list | tuple | set | frozenset) and len(value) < 5000:
        for item in value:
            yield from _inside(item, depth + 1)


def _letters(tree: Any) -> set[str]:
    """Return a character for each thing that a pattern asks for."""
    found: set[str] = set()
    for code, argument in tree:
        if code is codes.LITERAL:
            found.add(chr(argument))
        elif code is codes.IN:
            found |= {chr(a) for c, a in argument if c is codes.LITERAL}
            found |= {chr(a[0]) for c, a in argument if c is codes.RANGE}
            found |= {
                "1" if "DIGIT" in str(a) else "值" for c, a in argument if c is codes.CATEGORY
            }
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            found |= _letters(argument[2])
        elif code is codes.SUBPATTERN:
            found |= _letters(argument[3])
        elif code is codes.BRANCH:
            for branch in argument[1]:
                found |= _letters(branch)
        elif code in (codes.ASSERT, codes.ASSERT_NOT):
            found |= _letters(argument[1])
    return found


def test_no_pattern_explodes_on_what_it_is_made_of() -> None:
    """A square is bounded by the lengths above; beyond it lie powers that nothing bounds."""
    known = patterns()
    assert len(known) > 250
    for where, pattern in known.items():
        letters = sorted(_letters(parser.parse(pattern.pattern, pattern.flags)))[:16]
        for unit in (*letters, *(a + b for a, b in pairwise(letters))):
            texts = [unit * (n // len(unit)) + "\x00" for n in (LONGEST // 4, LONGEST)]
            started = time.process_time()
            sum(1 for _ in pattern.finditer(texts[1]))
            if time.process_time() - started < 0.1:
                continue
            short, long = (seconds(list, pattern.finditer(t)) for t in texts)
            assert long < 40 * max(short, 0.002), (where, unit)  # a cube would take 64 times
