"""Long and repetitive input takes time in proportion to its length: no regular expression explodes.

Measured are ratios of processor time, not seconds: four times the text must not take much more than
four times as long.
"""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from chat.checking import MAX_QUESTION
from chat.records.masking import masked
from chat.service import Service
from corpus.figures.extraction import figures
from corpus.passages import passages
from corpus.report import parse_report
from corpus.sentences import LONGEST

ROOT = Path(__file__).parents[2]
ROOMS = ("corpus", "index", "retriever", "chat")
# What patterns of ours are made of, one after another a great many times.
UNITS = [
    "1", "45", "1亿元，", "增长5%", "2021年", "第一", "《", "“", "”", "（", "占", "比上年", "提比",
    "基础", "其中", "一、", "1.1", "万", "至", "值", " ", "　", "\t", "\n", "。", "，", "、", "；", "%",
    "#", "[1]", "①", "名词解释", "a", "Ａ", "\u200b", "\u202e", "\u0300", "👨‍👩‍👧", "—", "|",
]  # fmt: skip
LENGTHS = (12, 16, 20, 24, 32, 48, 100, 200, 400)  # small steps where powers of two would never end
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


@pytest.mark.parametrize("unit", [*UNITS, "\x00"], ids=ascii)
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
        for file in sorted((ROOT / room).rglob("*.py")):
            name = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            for variable, value in vars(importlib.import_module(name)).items():
                for number, pattern in enumerate(_inside(value)):
                    found[f"{name}.{variable}[{number}]"] = pattern
            for line, text in _written(ast.parse(file.read_text(encoding="utf-8"))):
                found[f"{name}:{line}"] = re.compile(text)
    return found


def _written(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and text of the patterns that stand in the calls which use them."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="re")),
                args=[ast.Constant(value=str(text)), *_],
            ):
                yield node.lineno, text


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


def explodes(pattern: re.Pattern[str], unit: str) -> bool:
    """Whether searching takes more than a square of the length of a unit repeated.

    What is over in 20 ms is too short to measure, and harmless: a cube of the longest of these
    lengths is ten million steps and more.
    """
    shorter, former = 1, 0.0
    for characters in LENGTHS:
        text = unit * (characters // len(unit)) + "\x00"
        square = (characters / shorter) ** 2 * max(former, 0.002)
        took = seconds(_all, pattern, text)
        if took > 0.02 and took > 1.5 * square:
            again = (seconds(_all, pattern, text) for _ in range(2 if took < 1 else 0))
            took = min(took, *again, took)
            if took > 1.5 * square:
                return True
        shorter, former = characters, took
    return False


def surely_explodes(pattern: re.Pattern[str], unit: str) -> bool:
    """Whether it does so whenever it is looked at; a machine that is held up does not do so thrice."""
    for pause in (0.0, 0.2, 1.0):
        time.sleep(pause)
        if not explodes(pattern, unit):
            return False
    return True


def _all(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


def test_no_pattern_explodes_on_what_it_is_made_of() -> None:
    """A square is bounded by the lengths above; beyond it lie powers that nothing bounds."""
    known = patterns()
    assert len(known) > 350
    distinct = {(p.pattern, p.flags): (where, p) for where, p in known.items()}
    for where, pattern in distinct.values():
        letters = sorted(_letters(parser.parse(pattern.pattern, pattern.flags)))[:16]
        for unit in (*letters, *(a + b for a, b in pairwise(letters))):
            assert not surely_explodes(pattern, unit), (where, unit)


@pytest.mark.parametrize(
    ("pattern", "unit"), [(r"(a+)+b", "a"), (r"(?:a|a)*b", "a"), (r"a*a*a*b", "a")]
)
def test_a_pattern_that_explodes_would_be_found(pattern: str, unit: str) -> None:
    assert surely_explodes(re.compile(pattern), unit)


@pytest.mark.parametrize(("pattern", "unit"), [(r"a*b", "a"), (r"a+", "a"), (r"\d{1,9}x", "1")])
def test_a_pattern_that_takes_a_square_is_let_through(pattern: str, unit: str) -> None:
    assert not explodes(re.compile(pattern), unit)
