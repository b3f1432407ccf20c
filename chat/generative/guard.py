"""The grounding guard: check each sentence of a model against the passages that it cites."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from chat.generative.amounts import NO_NUMBERS, Amount, amounts, surroundings
from chat.generative.dates import Dated, dated
from chat.generative.indicators import agrees, written_figures
from chat.generative.names import QUOTED, alias_of, latin, mask_names, names, quoted
from chat.generative.polarity import opposed, polarity, unfounded
from chat.generative.sentences import MAX_SENTENCE, DraftSentence
from chat.generative.sources import Source, SourceAmount, SourceSentence, mask_dates
from chat.generative.units import alike
from chat.generative.wording import Match, coverage, likeness, matches
from corpus.cleaning import clean, fold
from corpus.types import Figure
from index.words import WordModel

# Share of a sentence's telling words that must stand in the sentences it rests on; eval/RESULTS.md,
# "grounding guard", says what it keeps and cuts.
ENOUGH_WORDS = 0.6
# The same for the words around an amount where its indicator cannot be told.
ENOUGH_AROUND = 0.5
# Words around an amount that are those of another, and clearly not its own.
_SAME_WORDS, _CLEARLY = 0.8, 0.1
_MARKS = re.compile(r"[“”‘’\"'「」『』《》〈〉＜＞<>\s]")
_NUMERALS = "〇零一二两三四五六七八九十百千万亿半"
# Numerals of cheques; 队伍, 登陆 and 收拾 are words.
_FORMAL = re.compile("[壹贰叁肆柒捌玖佰仟廿卅卌仨]|[伍陆拾]{2,}|[伍陆](?=[万亿元])")
_OCCASION = re.compile("工作报告|会议|大会|召开|举行")
_OF_REPORT = re.compile(r"((?:19|20)\d\d)年[^，。；\d]{0,12}工作报告")


@dataclass(frozen=True)
class Faults:
    """What is wrong with a sentence; the fields are those of ``Grounding``."""

    uncited: bool = False
    unknown_citations: int = 0
    unsupported_numbers: int = 0
    unsupported_names: int = 0
    unsupported_quotes: int = 0
    contradictions: bool = False
    unsupported_words: bool = False

    def any(self) -> bool:
        """Tell whether there is a fault at all."""
        return self != Faults()


@dataclass(frozen=True)
class Verdict:
    """What the check of a sentence came to.

    :ivar text: the sentence as it may be shown: what was checked, without invisible characters.
    :ivar supports: sentences of the report that it rests on, the most telling first.
    :ivar nearest: the sentence of the passages cited that says most of the same; None if none does.
    """

    sentence: DraftSentence
    text: str
    faults: Faults
    supports: tuple[SourceSentence, ...]
    nearest: SourceSentence | None
    likeness: float


def check(sentence: DraftSentence, sources: tuple[Source, ...], words: WordModel) -> Verdict:
    """Check one sentence against the passages it cites.

    :param sources: all passages given to the model, in the order of their numbers.
    """
    by_number = {s.number: s for s in sources}
    cited = [by_number[n] for n in sentence.cited if n in by_number]
    unknown = sum(n not in by_number for n in sentence.cited)
    shown = clean(sentence.text, 0, len(sentence.text), ())
    folded = fold(shown).text
    found = matches(folded, cited or list(sources), words)
    nearest = max(found, key=lambda m: m.likeness, default=None)
    if not cited or len(folded) >= MAX_SENTENCE:
        faults = Faults(uncited=not sentence.cited, unknown_citations=unknown,
                        unsupported_words=bool(sentence.cited) and not unknown)  # fmt: skip
        return _verdict(sentence, shown.text, faults, (), nearest)
    best = tuple(m.sentence for m in found)
    times = dated(folded, cited[0].document.year)
    numbers, holders = _numbers(folded, times, cited, words)
    resting = (*dict.fromkeys((*holders, *best)),)
    faults = Faults(
        unknown_citations=unknown,
        unsupported_numbers=numbers
        + sum(not _time_stands(t, folded, cited, resting=holders or best, best=best) for t in times)
        + _odd_numerals(folded),
        unsupported_names=_names(folded, cited),
        unsupported_quotes=_quotes(folded, cited),
        contradictions=any(_turned(m) for m in found),
        unsupported_words=coverage(folded, resting, cited, words) < ENOUGH_WORDS
        or any(unfounded(polarity(m.clause), m.sentence.polarity) for m in found),
    )
    return _verdict(sentence, shown.text, faults, resting, nearest)


def _verdict(
    sentence: DraftSentence,
    text: str,
    faults: Faults,
    supports: tuple[SourceSentence, ...],
    nearest: Match | None,
) -> Verdict:
    return Verdict(
        sentence,
        text,
        faults,
        supports,
        nearest.sentence if nearest else None,
        nearest.likeness if nearest else 0.0,
    )


def _numbers(
    folded: str, times: list[Dated], cited: list[Source], words: WordModel
) -> tuple[int, tuple[SourceSentence, ...]]:
    """Return how many amounts nothing supports, and the sentences that hold the others."""
    plain = mask_names(mask_dates(folded, times))
    plain = QUOTED.sub(lambda m: "＿" * len(m[0]), plain)  # checked as a whole
    figures = {source.document.id: written_figures(folded, source.document) for source in cited}
    unsupported = 0
    holders: list[SourceSentence] = []
    given = [[g.amount for g in s.amounts] for source in cited for s in source.sentences]
    found = amounts(plain)
    for i, amount in enumerate(found):
        used = max((_times(amount, g) for g in given), default=0)
        # Numbers of names (轨道2号线及6号线) can only be told apart by how often each is used.
        if not amount.unit and _times(amount, found) > used > 0:
            unsupported += 1
            continue
        around = surroundings(folded, found, i)
        held = [
            sentence
            for source in cited
            for sentence in source.sentences
            if _holds(
                sentence,
                amount,
                folded,
                around=around,
                figures=figures[source.document.id],
                words=words,
                source=source,
            )
        ]
        if held:
            holders.append(held[0])
        elif not (amount.chinese and any(_literal(folded, amount, s.folded) for s in cited)):
            unsupported += 1
    return unsupported, tuple(dict.fromkeys(holders))


def _times(amount: Amount, among: list[Amount]) -> int:
    return sum(amount.equals(other) for other in among)


def _holds(
    sentence: SourceSentence,
    amount: Amount,
    folded: str,
    *,
    around: str,
    figures: tuple[Figure, ...],
    words: WordModel,
    source: Source,
) -> bool:
    """Tell whether a sentence of the report gives an amount, for the same indicator."""
    written = next((f for f in figures if f.start < amount.end and amount.start < f.end), None)
    for given in sentence.amounts:
        if not amount.equals(given.amount):
            continue
        if _exchanged(around, given, sentence):
            continue
        same = agrees(written, folded, given, sentence)
        if same is None:
            same = coverage(_around(folded, amount), (sentence,), [source], words) >= ENOUGH_AROUND
        if same:
            return True
    return False


def _exchanged(around: str, given: SourceAmount, sentence: SourceSentence) -> bool:
    """Tell whether an amount stands among the words of another one of its sentence."""
    own = likeness(around, given.around)
    return any(
        likeness(around, other.around) >= max(_SAME_WORDS, own + _CLEARLY)
        for other in sentence.amounts
        if other.amount.value != given.amount.value and alike(other.amount.unit, given.amount.unit)
    )


def _around(folded: str, amount: Amount) -> str:
    """Return the clause that an amount stands in, without the amount."""
    begin = max(folded.rfind(c, 0, amount.start) + 1 for c in "，；：。")
    ends = [p for c in "，；：。" if (p := folded.find(c, amount.end)) >= 0]
    return folded[begin : amount.start] + " " + folded[amount.end : min(ends, default=len(folded))]


def _literal(folded: str, amount: Amount, source: str) -> bool:
    """Tell whether a Chinese numeral stands in the source with the same character behind it."""
    written = folded[amount.start : amount.end]
    behind = folded[amount.end : amount.end + 1]
    tail = re.escape(behind) if behind.isalnum() else ""
    return re.search(rf"(?<![{_NUMERALS}\d.第]){re.escape(written)}{tail}", source) is not None


def _odd_numerals(folded: str) -> int:
    """Count numerals that no pattern reads: ④, Ⅳ, 叁仟."""
    plain = NO_NUMBERS.sub("", QUOTED.sub("", folded))
    others = sum(unicodedata.category(c) in ("No", "Nl") and c != "〇" for c in plain)
    return others + len(_FORMAL.findall(plain))


def _time_stands(
    time: Dated,
    folded: str,
    cited: list[Source],
    *,
    resting: tuple[SourceSentence, ...],
    best: tuple[SourceSentence, ...],
) -> bool:
    """Tell whether a time that a sentence names is one that its source speaks of."""
    if time.month:
        return any(_same_day(time, folded, s) for s in dict.fromkeys((*resting, *best)))
    assert time.years is not None
    if any(
        int(m[1]) == source.document.year and m.start() <= time.start < m.end()
        for m in _OF_REPORT.finditer(folded)
        for source in cited
    ):
        return True
    for sentence in resting:
        if time.word and time.word in sentence.folded:
            return True
        if any(d.years == time.years for d in sentence.dates if not d.month):
            return True
        if time.years == sentence.sentence.period:
            return True
        if set(time.years) <= sentence.years():
            return True
    return False


def _same_day(time: Dated, folded: str, sentence: SourceSentence) -> bool:
    """Tell whether a sentence names a day; that of the report itself only where that is spoken of."""
    given = [d for d in sentence.dates if d.month]
    year = sentence.document.year
    date = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", sentence.document.date)
    if date is not None and _OCCASION.search(folded):
        on = (int(date[1]), int(date[1]))
        given.append(Dated(0, 0, on, int(date[2]), int(date[3])))
    return any(
        d.month == time.month
        and time.day in (0, d.day)
        and (time.years is None or time.years == (d.years or (year, year)))
        for d in given
    )


def _names(folded: str, cited: list[Source]) -> int:
    """Count names and Latin terms that the passages cited do not hold."""
    held = " ".join(f"{s.folded} {s.known}" for s in cited)
    plain = QUOTED.sub(" ", folded)  # checked as quotations
    own = [n for s in cited for n in s.known.split()]
    wrong = sum(not _named(name, held, own) for name in dict.fromkeys(names(plain)))
    terms = dict.fromkeys(latin(folded))
    return wrong + sum(not _stands(t, held) and alias_of(t) not in held for t in terms)


def _named(name: str, held: str, own: list[str]) -> bool:
    if name in held:
        return True
    bare = name
    for own_name in sorted(own, key=len, reverse=True):
        bare = bare.removeprefix(own_name)
    return bool(bare) and bare != name and bare in held


def _quotes(folded: str, cited: list[Source]) -> int:
    held = "＿".join(_MARKS.sub("", f"{s.folded}＿{s.heading}") for s in cited)
    return sum(not _stands(_MARKS.sub("", words), held) for words in quoted(folded))


def _stands(words: str, held: str) -> bool:
    """Tell whether words stand in a text and cut no number there: “5年” is not in 15年, nor 1450 in 1450亿."""
    before = rf"(?<![\d.{_NUMERALS}])" if words[:1].isdigit() or words[:1] in _NUMERALS else ""
    after = rf"(?![\d.%‰{_NUMERALS}])" if words[-1:].isdigit() else ""
    return re.search(f"{before}{re.escape(words)}{after}", held) is not None


def _turned(match: Match) -> bool:
    return opposed(polarity(match.clause), polarity(match.source_clause), match.sentence.polarity)
