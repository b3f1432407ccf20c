"""EM and F1 as the official CMRC 2018 script computes them (Cui et al. 2019, cmrc2018_evaluate.py).

Chinese characters count one by one, Latin words and numbers whole; punctuation does not count. F1 is
over the longest common run of these units, not over a bag of them.
"""

from __future__ import annotations

import re

from nltk.tokenize import NLTKWordTokenizer

_PUNCTUATION = frozenset(
    [*"-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』", "……"]
)  # the script's own table; "……" never equals one character
_CHINESE = re.compile(r"[\u4e00-\u9fa5]")
_words = NLTKWordTokenizer()


def segments(text: str) -> list[str]:
    """Return the units of a text: single Chinese characters, whole words of other scripts."""
    units: list[str] = []
    run = ""
    for char in text.lower().strip():
        if char in _PUNCTUATION:
            continue
        if _CHINESE.match(char):
            units.extend(_words.tokenize(run) if run else [])
            units.append(char)
            run = ""
        else:
            run += char
    return units + (_words.tokenize(run) if run else [])


def without_punctuation(text: str) -> str:
    """Return a text in lower case without the script's punctuation."""
    return "".join(c for c in text.lower().strip() if c not in _PUNCTUATION)


def f1(answers: list[str], prediction: str) -> float:
    """Return the best F1, 0 to 1, over the answers."""
    return max(_f1(segments(a), segments(prediction)) for a in answers)


def exact(answers: list[str], prediction: str) -> bool:
    """Tell whether the prediction equals one of the answers."""
    plain = without_punctuation(prediction)
    return any(without_punctuation(a) == plain for a in answers)


def _f1(answer: list[str], prediction: list[str]) -> float:
    common = _longest_common_run(answer, prediction)
    if not common:
        return 0.0
    precision, recall = common / len(prediction), common / len(answer)
    return 2 * precision * recall / (precision + recall)


def _longest_common_run(first: list[str], second: list[str]) -> int:
    best = 0
    before = [0] * (len(second) + 1)
    for unit in first:
        row = [0] * (len(second) + 1)
        for j, other in enumerate(second):
            if unit == other:
                row[j + 1] = before[j] + 1
                best = max(best, row[j + 1])
        before = row
    return best
