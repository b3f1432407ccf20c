"""The tables behind the extraction of figures, every row with its example."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest

from corpus.figures import figures, normal_name
from corpus.figures.amounts import AFTER, BEFORE, EXAMPLES, KINDS, read_number
from corpus.figures.chapters import PLAN, REVIEW
from corpus.figures.mentions import mentions
from corpus.figures.names import NORMAL_NAMES
from corpus.figures.owners import (
    BODIES,
    OWNERS,
    SCENES,
    SHARED_ENDS,
    WHOLES,
    home_of,
    names_before,
)
from corpus.figures.periods import FORMS, time_phrases
from corpus.figures.roles import MOTION
from corpus.figures.significance import (
    BARE_BEHIND,
    NAMED_AMOUNTS,
    NAMED_BEFORE,
    NAMED_BEHIND,
    NAMED_FROM,
    WAYS_OF_SPEAKING,
)
from corpus.figures.wording import CUTS, DOINGS, LEADS, NOT_NOUNS, TRAILS, from_head, from_tail
from corpus.report import parse_report
from corpus.types import Figure

HEAD = "北仑区2022年政府工作报告\n\n各位代表：\n\n本届政府工作回顾\n\n"


def found_in(text: str, name: str = "北仑区_2022", head: str = HEAD) -> list[Figure]:
    return figures(parse_report(head + text, name))


@pytest.mark.parametrize(("written", "value", "scale"), EXAMPLES)
def test_numerals(written: str, value: Decimal | Fraction, scale: str) -> None:
    assert read_number(written) == (value, scale)


@pytest.mark.parametrize("written", ["一九八二", "三五", "", "十十", "百分之", "点五"])
def test_what_is_no_number(written: str) -> None:
    assert read_number(written) is None


@pytest.mark.parametrize(("pattern", "example"), [*BEFORE, *AFTER])
def test_bounds(pattern: str, example: str) -> None:
    text = f"收入{example}" if "百种" not in example else f"产品达{example}"
    (mention,) = mentions(text)
    assert re.fullmatch(pattern.replace("(?!", "(?=|"), mention.qualifier) or re.match(
        pattern, mention.qualifier
    )


@pytest.mark.parametrize(
    "example",
    [e for rows in (NAMED_BEFORE, NAMED_FROM, BARE_BEHIND, NAMED_BEHIND, WAYS_OF_SPEAKING) for _, e in rows if "万吨级" not in e],
)  # fmt: skip
def test_names_and_ways_of_speaking(example: str) -> None:
    assert mentions(f"推进{example}建设") == []


def test_a_class_of_berths_is_no_amount() -> None:
    assert [m.value for m in mentions("新增600个万吨级泊位")] == [600]


@pytest.mark.parametrize(("name", "pattern", "role", "example"), FORMS)
def test_time_phrases(name: str, pattern: str, role: str, example: str) -> None:
    assert pattern, name
    assert role in {p.role for p in time_phrases(f"{example}，", 2013, (2008, 2012))}


@pytest.mark.parametrize(("words", "example"), LEADS)
def test_leading_words_are_no_part_of_a_name(words: str, example: str) -> None:
    lead = next(w for w in sorted(words.split(), key=len, reverse=True) if example.startswith(w))
    assert from_head(example) == from_head(example.removeprefix(lead))


@pytest.mark.parametrize(("words", "example"), TRAILS)
def test_trailing_words_are_no_part_of_a_name(words: str, example: str) -> None:
    assert example.endswith(tuple(words.split()))
    assert not from_head(f"粮食产量{example}").endswith(example)


@pytest.mark.parametrize(("words", "example"), DOINGS)
def test_the_thing_done_stands_behind_the_number(words: str, example: str) -> None:
    verb = next(w for w in words.split() if example.startswith(w))
    (figure,) = found_in(f"2021年，区里{example}。")
    assert verb not in figure.indicator
    assert figure.indicator.endswith(re.sub(r".*?\d+(?:多?万)?(?:亿元|公里|亩)?", "", example))


@pytest.mark.parametrize(("patterns", "example"), CUTS)
def test_what_follows_a_counted_noun_is_cut(patterns: str, example: str) -> None:
    name = from_tail(example)
    assert name
    assert any(re.compile(p).match(example, len(name)) for p in patterns.split())


@pytest.mark.parametrize(("patterns", "example"), NOT_NOUNS)
def test_a_verb_behind_a_number_names_nothing(patterns: str, example: str) -> None:
    assert any(re.match(p, example) for p in patterns.split())
    assert from_tail(example) == ""


@pytest.mark.parametrize(("patterns", "example"), SHARED_ENDS)
def test_ends_that_parallel_names_share(patterns: str, example: str) -> None:
    assert any(re.search(f"(?:{p})$", example) for p in patterns.split())


@pytest.mark.parametrize(("patterns", "example"), SHARED_ENDS)
def test_the_first_of_parallel_names_takes_the_shared_end(patterns: str, example: str) -> None:
    names = names_before(example, 2)
    assert any(re.search(f"(?:{p})$", name) for p in patterns.split() for name in names[:1])


@pytest.mark.parametrize(("words", "direction", "example"), MOTION)
def test_directions(words: str, direction: int, example: str) -> None:
    assert example in words.split()
    (figure,) = found_in(f"2021年，粮食产量{example}5%。")
    assert (figure.kind, figure.direction) == ("growth", direction)


@pytest.mark.parametrize(("name", "ways"), NORMAL_NAMES)
def test_normal_names(name: str, ways: tuple[str, ...]) -> None:
    assert {normal_name(way) for way in ways} == {name}


@pytest.mark.parametrize(("pattern", "example"), PLAN)
def test_chapters_of_plans(pattern: str, example: str) -> None:
    assert re.search(pattern, example)
    head = f"北仑区2022年政府工作报告\n各位代表：\n{example}\n"
    (figure,) = found_in("财政收入增长6%。", head=head)
    assert figure.kind == "target"


@pytest.mark.parametrize(("pattern", "example"), REVIEW)
def test_chapters_that_look_back(pattern: str, example: str) -> None:
    assert re.search(pattern, example)
    (figure,) = found_in(f"{example}。财政收入增长6%。")
    assert figure.kind == "growth"


@pytest.mark.parametrize(("body", "_own", "example"), BODIES)
def test_bodies(body: str, _own: str, example: str) -> None:
    numbered = example if mentions(example) else f"{example}5亿元"
    assert {f.subject for f in found_in(f"2021年，{numbered}。")} == {body}


@pytest.mark.parametrize(("body", "_own", "example"), OWNERS)
def test_a_body_of_an_earlier_clause_owns_what_is_said_without_owner(
    body: str, _own: str, example: str
) -> None:
    first, second = found_in(f"2021年，{example}。")
    assert (first.subject, second.subject) == ("北仑区", re.match(body, example)[0])  # type: ignore[index]


@pytest.mark.parametrize(("pattern", "example"), SCENES)
def test_a_place_in_a_clause_of_its_own(pattern: str, example: str) -> None:
    (figure,) = found_in(f"2021年，{example}。")
    assert re.fullmatch(pattern, figure.subject)


@pytest.mark.parametrize(("pattern", "example"), NAMED_AMOUNTS)
def test_a_named_amount_is_a_figure_though_it_picks_things_out(pattern: str, example: str) -> None:
    assert re.search(pattern, example)
    (mention,) = mentions(example)
    assert mention.qualifier == "以上"


@pytest.mark.parametrize(("_pattern", "example"), WHOLES)
def test_the_region_as_a_whole(_pattern: str, example: str) -> None:
    (figure,) = found_in(f"2021年，{example}5亿元。")
    assert figure.subject == example[:2]


@pytest.mark.parametrize(
    ("region", "home"), [("国务院", "全国"), ("宁波市北仑区", "北仑区"), ("北仑区", "北仑区")]
)
def test_homes(region: str, home: str) -> None:
    assert home_of(region) == home


def test_every_unit_is_read_behind_a_number() -> None:
    for unit in KINDS:
        if unit not in ("年", "周", "方", "%", "％") and not unit.startswith(
            ("人", "万", "亿", "千", "百")
        ):
            found = mentions(f"共12{unit}，")
            assert found, unit
            assert found[0].unit.lower() == unit, unit
