"""Whether an answer has the form that is asked for: no time for people, no name for a number to call."""

from __future__ import annotations

import re

from corpus.quantities import quantities

_ASKED = r"(?:多少|几)个?[百千万亿]*"
# How a question asks for an amount, the kinds of quantity that never tell it, a question, and what
# does not answer it. A share may tell of how many there are (多少户有电视机: 85%); kinds that count are
# not held against one another, for measure words are many. Of the answers found on govqa train and
# validation 68 are of a wrong kind or without a sign; not one of them is right, 11 were shown.
AMOUNTS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    (
        rf"多少钱|{_ASKED}(?:元|美元|欧元|港元|块(?:钱|(?![\u4e00-\u9fff])))",
        ("share", "mass", "length", "area", "time", "energy", "person"),
        "每月发多少钱",
        "2100多万人",
    ),
    (
        rf"{_ASKED}(?:人|名|位|户|家|所|座|张|辆|台|艘|套|起)(?!次)",
        ("money", "mass", "length", "area", "time", "energy"),
        "洪水死了多少人",
        "近百年",
    ),
    (
        rf"{_ASKED}(?:小时|分钟|秒|天)",
        ("share", "money", "mass", "length", "area", "energy", "person"),
        "几天之内退钱",
        "百分之五十",
    ),
    (
        r"多[长宽深厚远](?![时期久])",
        ("share", "money", "mass", "person", "energy"),
        "新隧道有多长",
        "超过12亿元",
    ),
    (
        r"^(?!.*(?:工资|薪|收入|价|费|租|成本|额|待遇|标准|补|水平|产值|率|比)).*多高",
        ("share", "money", "mass", "person", "energy"),
        "电视塔有多高",
        "2亿元以上",
    ),
)
_AMOUNTS = tuple((re.compile(pattern), kinds) for pattern, kinds, _, _ in AMOUNTS)
_SHARE = re.compile(r"百分|[几多少]成|几倍|多少倍|比例|比重|占")
# What is dialled or typed: an answer without a digit or a letter is none.
_WRITTEN = re.compile(
    r"(?:电话|手机|传真|热线|邮编|文号|网址|邮箱)(?:号码)?(?:是|为)?(?:多少|几号|哪个|什么)|"
    r"哪个(?:电话)?号码|号码(?:是|为)(?:多少|几)"
)
_SIGN = re.compile(r"[0-9a-z〇○零一二三四五六七八九]")


def fits(asked: str, told: str) -> bool:
    """Tell whether an answer may tell what is asked, by its form alone.

    :param asked: the folded question.
    :param told: the folded answer; one without a quantity is not held against an amount.
    """
    if _WRITTEN.search(asked) is not None and _SIGN.search(told) is None:
        return False
    if _SHARE.search(asked) is not None:
        return True
    wrong = {kind for pattern, kinds in _AMOUNTS if pattern.search(asked) for kind in kinds}
    found = quantities(told) if wrong else []
    return not found or any(q.kind not in wrong for q in found)
