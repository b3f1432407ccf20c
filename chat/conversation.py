"""Make a follow-up question stand alone, from the questions before it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import numpy as np

from chat.courtesy import SMALL_TALK, Manner, manner_of, without_opening
from chat.followups import (
    ASKS,
    ASPECT,
    ASPECT_WORDS,
    CONTINUING,
    CORRECTION,
    ENDING,
    GENERAL,
    INDICATOR_END,
    NOT_THAT,
    POINTER,
    PRONOUN,
    RATIO_END,
    SIBLINGS,
)
from chat.slots import (
    counted_in,
    name_in,
    of_sector,
    places_in_text,
    subject,
    times_in,
    with_place,
    with_time,
)
from corpus.cleaning import fold_text
from corpus.figures.names import NORMAL_NAMES
from index.words import Word, WordModel
from retriever.kinds import Kind, kind_of
from retriever.question import understand

__all__ = ["standalone", "subject"]

_SIMILAR = 0.45  # cosine from which two words are taken for siblings (城镇, 农村)
# Full-width figures and letters, as some keyboards give them.
_HALF_WIDTH = {
    c: c - 0xFEE0 for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_LINKS = re.compile(r"^[的在和与、，,\s]+|[的在和与、，,\s]+$|^(?:到|截至|至)(?=.)")
_TAIL_UNIT = re.compile(r"(多少|几)(?:(?:个)?百分点|百分之几|(?:万|亿)?(?:元|人|吨|美元))")
_SHORT = 6  # characters up to which a few words without a verb are the rest of a question
_MODIFIER = 4  # characters up to which 农村的 is a part of a name rather than a thing
# Names that every report may use, known before any report is read.
_USUAL = frozenset(fold_text(way) for _, ways in NORMAL_NAMES for way in ways)


def standalone(
    question: str, history: list[str], model: WordModel, names: Collection[str] = ()
) -> str:
    """Return the question as it would be asked without the conversation before it.

    A question with a subject of its own stays as it is: the topic has changed. Time, place and
    unit of the question before are kept unless new ones take their place.

    :param names: folded names of the indicators and terms that the reports know.
    """
    previous = ""
    known = _Names(names)
    for asked in (*history, question):
        text = without_opening(asked.strip().translate(_HALF_WIDTH))
        manner = manner_of(text)
        if manner in SMALL_TALK or manner is Manner.INSTRUCTION:
            if asked is question:
                return text
            continue  # 谢谢 between two questions does not part them
        previous = _alone(text, previous, model, known) if previous else text
    return previous


class _Names(Collection[str]):
    """The usual names and those of the reports as one collection, without a copy."""

    def __init__(self, names: Collection[str]) -> None:
        self.held = names

    def __contains__(self, name: object) -> bool:
        return name in _USUAL or name in self.held

    def __iter__(self) -> Iterator[str]:
        yield from _USUAL
        yield from self.held

    def __len__(self) -> int:
        return len(_USUAL) + len(self.held)


def _alone(text: str, previous: str, model: WordModel, names: _Names) -> str:
    """Return a question made to stand alone after the one before it, which does."""
    corrected = CORRECTION.match(text)
    rest = NOT_THAT.sub("", text[corrected.end() :]) if corrected else text
    core = ENDING.sub("", rest)
    if not core:
        return previous
    opened = POINTER.match(core)
    for part in (core, core[opened.end() :]) if opened else (core,):
        for pattern, form in CONTINUING:
            if pattern.fullmatch(part):
                return _continued(form, part, previous, names)
    core = core[opened.end() :] if opened else core
    pronoun = PRONOUN.match(core)
    if pronoun is not None and not times_in(core[: pronoun.end()]):
        return _named_again(core, pronoun, previous, names)
    elliptic = bool(re.search(r"呢[\s?？!！。]*$", rest)) or bool(corrected or opened)
    said = _elliptic(core, previous, model, names, elliptic=elliptic)
    if said is not None:
        return said
    # A whole question: only 那 or 我问的是 before it goes.
    return core + text[len(text.rstrip("?？")) :] if opened or corrected else text


def _elliptic(
    core: str, previous: str, model: WordModel, names: _Names, *, elliptic: bool
) -> str | None:
    """Return what the rest of a question means after the one before, None for a whole question.

    :param elliptic: whether the asker showed that it is a rest: 那…, …呢.
    """
    times, places = times_in(core), places_in_text(core)
    aspect = any(p.fullmatch(core) for p, _ in ASPECT)
    if aspect:  # 占全市的比重 names no other place to look at, 比上年 no other time
        bare, times, places = core, [], []
    else:
        bare = _without(core, [*times, *places])
        if not bare and (times or places):
            return _moved(core, previous, times, places)
    words = understand(bare, None, model).words
    asks = ASKS.search(core) is not None
    about = [w for w in words if w.text not in ASPECT_WORDS]
    general = GENERAL.search(core) is not None
    if asks and not about and not general and (words or elliptic or aspect):
        return _joined(_moved(core, subject(previous, names), times, places), bare)
    if asks and about:
        return None
    if elliptic:
        moved = _moved(core, previous, times, places)
        return _exchanged(bare, moved, model, names) if bare else moved
    if not asks and len(core) <= _SHORT and not general and not _whole(core, names):
        return _exchanged(bare, previous, model, names)
    return None


def _continued(form: str, asked: str, previous: str, names: Collection[str]) -> str:
    """Return the question that asks on about the one before."""
    about = subject(previous, names)
    if "原因" in form:
        # 财政收入增长了多少, 为什么: what is to be explained is that it grew.
        about = subject(previous)
        if INDICATOR_END.search(about):
            about = f"{about}变化"
    wanted = "措施" if kind_of(fold_text(previous)) is Kind.HOW else ""
    if "具体" in form and not wanted:
        wanted = "内容"
    return form.format(about, asked, wanted) + "？"


def _whole(core: str, names: Collection[str]) -> bool:
    """Tell a term that is asked for by itself (两业融合) from the rest of a sentence."""
    return fold_text(core) not in names and len(core) >= 4


def _without(text: str, ranges: list[tuple[int, int]]) -> str:
    for start, end in sorted(ranges, reverse=True):
        text = text[:start] + text[end:]
    before = None
    while before != text:
        before, text = text, _LINKS.sub("", text)
    return text


def _moved(
    core: str, previous: str, times: list[tuple[int, int]], places: list[tuple[int, int]]
) -> str:
    """Return the previous question for the time and the place that a follow-up names."""
    for start, end in places[:1]:
        previous = with_place(previous, core[start:end])
    for start, end in times[:1]:
        previous = with_time(previous, core[start:end])
    return previous


def _named_again(core: str, pronoun: re.Match[str], previous: str, names: Collection[str]) -> str:
    about = subject(previous, names)
    rest = core[pronoun.end() :]
    for pattern, form in (*CONTINUING, *ASPECT):
        if pattern.fullmatch(rest):
            return pronoun["lead"] + form.format(about, rest, "内容") + "？"
    link = "的" if pronoun["of"] else ""
    return f"{pronoun['lead']}{about}{link}{rest}？"


def _joined(about: str, asked: str) -> str:
    """Return a subject with what is asked of it: GDP | 增长了多少."""
    verb = re.match(
        r"比|较|占|增|减|提高|上升|下降|同比|环比|年均|有|是|为|达|能|会|要|多|高|低|何|什么时候|怎么|如何|确定|完成|实现|建成|开工|花|用|排",
        asked,
    )
    return f"{about}{'' if verb else '的'}{asked}？"


def _exchanged(new: str, previous: str, model: WordModel, names: _Names) -> str:
    """Put the new words in the place of their like in the previous question."""
    for pattern, form in ASPECT:
        if pattern.fullmatch(new):
            return form.format(subject(previous, names), new) + "？"
    known = fold_text(new) in names or INDICATOR_END.search(new) is not None
    counted = counted_in(previous)
    held = name_in(previous, names)
    if held is not None and (output := of_sector(new, previous[slice(*held)], names.held)):
        return previous[: held[0]] + output + previous[held[1] :]
    if known and held is not None and counted is None:
        whole = f"{new}{previous[held[1] :]}"
        end = _TAIL_UNIT.sub(r"\1", whole) if _other_unit(new, previous[slice(*held)]) else whole
        return previous[: held[0]] + end
    if (aligned := _aligned(new, previous)) is not None:
        return aligned
    if (sibling := _sibling(new, previous, model)) is not None and not known:
        return sibling
    if counted is not None:
        return f"{counted.head}{counted.how}{new}？"
    if held is not None and len(new) <= _MODIFIER:
        return previous[: held[0]] + new + previous[held[0] :]
    return _other_thing(new, previous, model, names)


def _other_unit(new: str, old: str) -> bool:
    """Tell whether the unit asked for cannot be that of the new indicator."""
    return (RATIO_END.search(new) is None) != (RATIO_END.search(old) is None)


def _aligned(new: str, previous: str) -> str | None:
    """Exchange names that end alike: 南堤工程 takes the place of 北堤工程."""
    fixed = [*times_in(previous), *places_in_text(previous)]
    for length in range(len(new) - 1, 1, -1):
        at = previous.find(new[-length:])
        start = at - (len(new) - length)
        if at < 0 or start < 0 or at - start > 3:
            continue
        if any(start < stop and begin < at for begin, stop in fixed):
            start = at  # 工业总产值 behind a year: 规上工业总产值 adds to it
        return previous[:start] + new + previous[at + length :]
    return None


def _sibling(new: str, previous: str, model: WordModel) -> str | None:
    """Exchange the word of the previous question that is most like the new ones."""
    for group in SIBLINGS:
        if new in group:
            for old in sorted(group, key=len, reverse=True):
                if old in previous and old != new:
                    return previous.replace(old, new, 1)
    folded = fold_text(previous)
    added = understand(new, None, model).words
    held = understand(previous, None, model).words
    if not added or len(added) > 3 or not held or len(folded) != len(previous):
        return None
    a, b = model.vectors(list(added)), model.vectors(list(held))
    cosines = b @ a.T
    best = np.unravel_index(int(cosines.argmax()), cosines.shape)
    if cosines[best] < _SIMILAR or held[int(best[0])].text == added[int(best[1])].text:
        return None
    like: Word = held[int(best[0])]
    return previous[: like.start] + new + previous[like.end :]


def _other_thing(new: str, previous: str, model: WordModel, names: Collection[str]) -> str:
    """Exchange all that the previous question is about, but for its time and place."""
    words = [w for w in understand(previous, None, model).words if w.text not in ASPECT_WORDS]
    fixed = [*times_in(previous), *places_in_text(previous)]
    free = [w for w in words if not any(a < w.end and w.start < b for a, b in fixed)]
    if not free or len(fold_text(previous)) != len(previous):
        return f"{subject(previous, names)}的{new}是什么？"
    if len(free) > 1 and kind_of(fold_text(previous)) is Kind.HOW:
        free = free[1:]  # 怎么治理污水: what is done stays
    start = end = free[0].start
    for word in free:
        if word.start > end + 1:  # 的 may stand between
            break
        end = word.end
    return previous[:start] + new + previous[end:]
