"""Which way a signal may move the refusal decision: more words missing never make it surer."""

from __future__ import annotations

from chat.confidence import SIGNALS

# More of these never speaks against an answer.
RAISES = frozenset(
    {
        "exact coverage of the question's words by the segment",
        "soft coverage by the segment",
        "soft coverage by the sentence",
        "soft coverage by passage and headings",
        "literal coverage by the sentence",
        "literal coverage by passage and headings",
        "share of the words that stand literally in the sentence",
        "share of the words that stand literally in passage and headings",
        "bigram coverage by the segment",
        "bigram coverage by the passage",
        "longest common run over question length",
        "cosine of question and passage",
        "years agree",
        "a quantity of the wanted unit is there",
        "a date is there though one is wanted",
        "a reason is given though one is wanted",
        "glossary entry and a definition is wanted",
        "terms in quotes found",
        "the segment defines and a definition is wanted",
        "mean best cosine of the question's words in the segment",
        "cosine of the question's words and the segment's, each summed by weight",
        "coverage near the best quantity of the wanted unit",
        "score of the best segment",
        "score of the quantity",
        "score of the quantity above the next",
        "coverage of the question around the quantity",
        "share of the question's words that stand literally around the quantity",
        "unit of the quantity agrees",
        "year of the quantity agrees",
        "the thing counted is named right beside the quantity",
        "coverage of the question by the figure's indicator",
        "period of the figure agrees",
        "kind of the figure agrees",
        "share of the question that the heading above the answer names",
        "log of the reader's probability that the answer begins in the segment",
        "the reader's best score anywhere",
        "the answer holds the reader's likeliest answer, or is held by it",
    }
)
# More of these never speaks for an answer.
LOWERS = frozenset(
    {
        "weight of the hardest word missing literally in the sentence",
        "weight of the hardest word missing literally in passage and headings",
        "weight of the hardest word missing in the sentence",
        "weight of the hardest word missing in passage and headings",
        "years conflict",
        "no quantity though one is wanted",
        "the question speaks of an end or a stop that the passage does not",
        "share of the question's weight in words met nowhere",
        "weight of the hardest word met nowhere",
        "share of the question's bigrams found nowhere",
        "share of the question's weight in words that the reports do not hold",
        "weight of the hardest word that the reports do not hold",
        "share of jieba's words of the question that the reports do not hold",
        "the segment lies ahead and the question asks for what was done",
        "a place is named that the reports do not name",
        "a place is named that the evidence does not name",
        "the question gives instructions or asks for a text to be written",
        "nothing of the wanted kind was found",
        "weight of the hardest word missing around the quantity",
        "weight of the hardest word missing literally around the quantity",
        "weight of a word before the quantity that the question does not name",
        "likeness of such a word to one that the question misses",
        "log odds of the reader that no passage answers",
        "another word stands before a head that the question names",
        "a person or body is asked for and none is told",
        "a place is asked for and none is told",
    }
)
DIRECTIONS: tuple[int, ...] = tuple((s in RAISES) - (s in LOWERS) for s in SIGNALS)
