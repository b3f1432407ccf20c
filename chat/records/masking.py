"""Mask personal data in a question: identity cards, telephones, bank cards, e-mail addresses.

Figures of a report stay: a number is masked only if it has the form of such data, which an amount
(2382.5亿元), a range of years (2016—2021年) or a large sum (13800000000元) has not.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

IDENTITY, MOBILE, LANDLINE, CARD, EMAIL = (
    "[身份证号]",
    "[手机号]",
    "[电话号码]",
    "[银行卡号]",
    "[邮箱]",
)
# Between the digits of one number people put blanks, dashes of all kinds, brackets around an area
# code; copied text brings invisible characters along.
_SEPARATOR = r"[\s\-‐‑‒–—―−－﹣_()（）\u00ad\u200b-\u200d\u2060\ufeff]"
_RUN = re.compile(rf"\d(?:{_SEPARATOR}{{0,3}}\d)*(?:{_SEPARATOR}{{0,3}}[xX])?")
_GROUP = re.compile(r"\d+[xX]?|[xX]")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+\s?[@＠]\s?[A-Za-z0-9-]+(?:[.．][A-Za-z0-9-]+)+")
# What follows a quantity; a telephone number has none of these behind it.
_UNIT = re.compile(
    r"\s?(?:[万亿]|[美欧日港]?元|人次|吨|亩|公顷|平方|立方|公里|米|千瓦|度|辆|户|家|件|%|‰|％)"
)
_CALL = re.compile(r"(?:电话|座机|致电|拨打|联系方式|号码)(?:号码|号)?[是为：:\s]{0,3}$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_LONGEST = 19


def masked(text: str) -> str:
    """Return the text with personal data replaced by their kind in square brackets."""
    plain = "".join(_ascii_digit(c) for c in text)  # one character each: offsets stay
    found = [(m.start(), m.end(), EMAIL) for m in _EMAIL.finditer(plain)]
    for run in _RUN.finditer(plain):
        if not any(start < run.end() and run.start() < end for start, end, _ in found):
            found.extend(_numbers(plain, run.start(), run.end()))
    pieces: list[str] = []
    position = 0
    for start, end, kind in sorted(found):
        pieces += [text[position:start], kind]
        position = end
    return "".join(pieces) + text[position:]


def _ascii_digit(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return {"Ｘ": "X", "ｘ": "x", "．": "."}.get(character, character)


def _numbers(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Find personal numbers among the groups of digits of a run, longest first."""
    groups = [m.span() for m in _GROUP.finditer(text, start, end)]
    found: list[tuple[int, int, str]] = []
    first = 0
    while first < len(groups):
        for last in range(min(len(groups), first + _LONGEST + 1), first, -1):
            parts = [text[a:b] for a, b in groups[first:last]]
            begin, finish = groups[first][0], groups[last - 1][1]
            kind = _kind(parts, text, begin, finish)
            if kind:
                lead = len(text[start:begin]) - len(text[start:begin].rstrip("(（"))
                begin -= lead
                begin -= text[max(begin - 1, 0) : begin] in ("+", "＋", "(", "（")
                found.append((begin, finish, kind))
                first = last - 1
                break
        first += 1
    return found


def _kind(parts: list[str], text: str, begin: int, finish: int) -> str:
    """Return what the groups are, joined; empty if nothing personal."""
    digits = "".join(parts)
    if not 7 <= len(digits) <= _LONGEST or _decimal(text, begin, finish):
        return ""
    if _is_identity(digits):
        return IDENTITY
    if not digits.isdecimal() or (len(parts) == 1 and _UNIT.match(text, finish)):
        return ""
    if _is_mobile(digits, parts):
        return MOBILE
    if _is_landline(digits, parts):
        return LANDLINE
    if len(digits) in (7, 8) and len(parts) <= 2 and _CALL.search(text[:begin]):
        return LANDLINE
    return CARD if _is_card(digits) else ""


def _decimal(text: str, begin: int, finish: int) -> bool:
    """Whether the digits belong to a number with a decimal point."""
    behind = text[finish : finish + 2]
    return bool(re.search(r"\d\.$", text[:begin]) or re.fullmatch(r"\.\d", behind))


def _is_identity(digits: str) -> bool:
    """Eighteen characters with a check digit, or fifteen; region and date of birth inside."""
    if not re.fullmatch(r"[1-8]\d{14}(?:\d{2}[\dXx])?", digits):
        return False
    if len(digits) == 15:
        return _is_date(f"19{digits[6:12]}")
    total = sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=False))
    right = "10X98765432"[total % 11] == digits[17].upper()
    # A slip of the pen in the check digit leaves the rest as personal as it was.
    return right or _is_date(digits[6:14])


def _is_date(eight: str) -> bool:
    try:
        return 1900 <= date.fromisoformat(eight).year <= 2100
    except ValueError:
        return False


def _is_mobile(digits: str, parts: list[str]) -> bool:
    bare = re.sub(r"^(?:00)?86(?=1[3-9]\d{9}$)", "", digits)
    if not re.fullmatch(r"1[3-9]\d{9}", bare):
        return False
    sizes = [len(p) for p in parts]
    grouped = sizes[-3:] == [3, 4, 4]
    return grouped or not any(_YEAR.fullmatch(p) for p in parts)


def _is_landline(digits: str, parts: list[str]) -> bool:
    bare = re.sub(r"^(?:00)?86(?=[1-9])", "0", digits)
    if not re.fullmatch(r"0(?:10|2\d)[2-9]\d{7}|0[3-9]\d\d[2-9]\d{6,7}", bare):
        return False
    return len(parts[0]) != 2 or bare != digits or all(len(p) <= 2 for p in parts)


def _is_card(digits: str) -> bool:
    """Sixteen to nineteen digits of a card's first digits, with Luhn's check digit."""
    if not re.fullmatch(r"(?:[3-69]|2[2-7])\d{14,17}\d", digits):
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
