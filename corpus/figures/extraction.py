"""Turn the numbers of a report into figures: what was measured, whose it is, of which years."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from corpus.figures.chapters import Stretch, stretches
from corpus.figures.dating import Timing, topic_after, years_of
from corpus.figures.mentions import Mention, mentions
from corpus.figures.names import name_of, normal_name, opening_name
from corpus.figures.owners import home_of, runs, shared_owners, subject_of
from corpus.figures.periods import Period, TimePhrase, time_phrases
from corpus.figures.roles import Reading, read_role
from corpus.figures.wording import Words, words_around
from corpus.sentences import sentence_ranges
from corpus.types import Document, Figure, FigureKind

# A stated goal holds for the clauses behind it: 计划要求产值增长5%，粮食产量达到4亿吨.
_GOAL_CUE = re.compile(r"预期目标|力争|争取|预计|计划要求|要求[各全到在]|目标是")
_TARGET_CUE = re.compile(r"预期目标|力争|争取|预计|拟|计划|将|要|确保|目标")
# Things counted after their names are no targets: 甲、乙等3个项目; 甲、乙、丙三个地区.
_LISTED = re.compile(r"等$|、[^，。；、]{2,}$|”“[^”]+”$")


@dataclass(frozen=True)
class _Context:
    """What a sentence takes over from the ones before it in its paragraph."""

    topic: TimePhrase | None = None
    opening: str = ""
    indicator: str = ""


def figures(document: Document) -> list[Figure]:
    """Return the figures of the running text of a report, in order.

    The title block and the glossary have none: paragraphs do not include them.
    """
    home = home_of(document.region)
    result: list[Figure] = []
    for stretch in stretches(document):
        context = _Context()
        text = stretch.text.text
        for start, end in sentence_ranges(text, 0, len(text)):
            found, context = _of_sentence(document, stretch, context, home, (start, end))
            result += found
    return result


def _of_sentence(
    document: Document, stretch: Stretch, context: _Context, home: str, bounds: tuple[int, int]
) -> tuple[list[Figure], _Context]:
    """Return the figures of one sentence and what the next one takes over."""
    text = stretch.text.text[bounds[0] : bounds[1]]
    found = mentions(text)
    times = time_phrases(text, document.year, stretch.span)
    topic = topic_after(text, times, context.topic)
    if topic is not None and not stretch.plan and topic.first > (document.year or topic.first):
        topic = None  # 面向2030年: a look back does not speak of years ahead
    timing = Timing(tuple(times), topic, stretch.span)
    owners = shared_owners(text, found)
    followers = {i for run in runs(text, found) for i in run[1:]}
    result: list[Figure] = []
    last = context.indicator
    reading: Reading | None = None
    for i, mention in enumerate(found):
        words = words_around(text, found, i, times)
        before = found[i - 1].right if i else 0
        last = name_of(
            text, mention, words, found_before=before, opening=context.opening, last=last
        )
        if i in owners:
            last = owners[i].name or result[owners[i].figure].indicator
        # 18.8%和17.8%, 41.7%到86.7%: the second says what the first does.
        if reading is None or not (words.continues or i in followers):
            reading = read_role(mention, words, last, reading)
        period = years_of(mention, words, reading, timing)
        start, end = stretch.text.source_range(bounds[0] + mention.start, bounds[0] + mention.end)
        result.append(
            Figure(
                start=start,
                end=end,
                text=document.text[start:end],
                indicator=last,
                name=normal_name(last),
                subject=subject_of(text, mention, words, last, home),
                value=mention.value,
                unit=mention.unit,
                period=period,
                kind=_kind(reading, words, stretch, period, document.year),
                comparison=reading.comparison,
                direction=reading.direction,
                qualifier=mention.qualifier,
            )
        )
        timing = _timing_after(timing, mention, words, reading, period)
    opening = "" if found else opening_name(text)
    return result, _Context(timing.topic, opening, last)


def _timing_after(
    timing: Timing, mention: Mention, words: Words, reading: Reading, period: Period | None
) -> Timing:
    """Return what is known of time behind a number."""
    if timing.departed and reading.arrives:
        # 提高到2021年的2.7%: that year is of this figure alone.
        rest = tuple(t for t in timing.times if not words.head_start <= t.start < mention.left)
        timing = replace(timing, times=rest)
    since = period[0] if reading.departs and period is not None else timing.since
    return replace(timing, since=since, departed=reading.departs)


def _kind(
    reading: Reading, words: Words, stretch: Stretch, period: Period | None, year: int | None
) -> FigureKind:
    """Return target for what is planned, but not for the things counted in a list."""
    if period is not None and year is not None and period[1] < year:
        return reading.kind
    if stretch.plan:
        listed = reading.kind is FigureKind.COUNT and words.tail and _LISTED.search(words.head)
        return FigureKind.COUNT if listed else FigureKind.TARGET
    aimed = _TARGET_CUE.search(words.clause) or _GOAL_CUE.search(words.sentence)
    return FigureKind.TARGET if aimed else reading.kind
