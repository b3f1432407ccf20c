"""Whether an answer has the form that is asked for: no time for people, no name for a number to call."""

from __future__ import annotations

import re

from corpus.quantities import Quantity, quantities

_ASKED = r"(?:多少|几)个?[百千万亿]*"
# How a question asks for an amount, the kinds of quantity that never tell it, a question, and what
# does not answer it. A share may tell of how many there are (多少户有电视机: 85%); kinds that count are
# not held against one another, for measure words are many. Of the answers found on govqa train and
# validation 68 are of a wrong kind or without a sign; not one of them is right, 11 were shown.
AMOUNTS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    (
        rf"多少钱|{_ASKED}(?:元|美元|欧元|港元|块(?:钱|(?![\u4e00-\u9fff])))",
        ("share", "mass", "length", "area", "time", "energy", "person", "household", "thing"),
        "每月发多少钱",
        "2100多万人",
    ),
    (
        rf"{_ASKED}(?:人|名|位|户|家|所|座|张|辆|台|艘|套|起)(?![次额置])",
        ("money", "mass", "length", "area", "time", "energy"),
        "洪水死了多少人",
        "近百年",
    ),
    (rf"{_ASKED}(?:人|位)(?![次置])", ("thing",), "有多少人报名", "63部"),
    (rf"{_ASKED}(?:家|所|座|张|辆|台|艘|套)", ("person",), "商场里开了多少家店", "80万人次"),
    (
        rf"{_ASKED}(?:小时|分钟|秒|天)|多久|多长时间|多少时间",
        ("share", "money", "mass", "length", "area", "energy", "person", "household", "thing"),
        "几天之内退钱",
        "百分之五十",
    ),
    (
        r"(?:[挣赚]|补贴?|补助|补偿|工资|租金|票价|收入)(?:给|是|有|到|了)?(?:多少|几)(?![\u4e00-\u9fff])",
        ("mass", "length", "area", "time", "energy", "person", "household", "thing"),
        "每部电梯补多少",
        "60部",
    ),
    (
        r"多[长宽深厚远](?![时期久])",
        ("share", "money", "mass", "person", "energy"),
        "新隧道有多长",
        "超过12亿元",
    ),
    (
        r"多大(?:$|的?面积|的?地方|地(?![\u4e00-\u9fff]))",
        ("money", "mass", "time", "person", "household"),
        "要盖多大的面积",
        "84万人",
    ),
    (
        r"^(?!.*(?:工资|薪|收入|价|费|租|成本|额|待遇|标准|补|水平|产值|率|比)).*多高",
        ("share", "money", "mass", "person", "energy"),
        "电视塔有多高",
        "2亿元以上",
    ),
)
_THINGS = frozenset(
    "家 所 座 条 件 套 辆 台 艘 部 项 张 幢 栋 间 床 处 门 本 篇 册 只 株 头".split()
)
_AMOUNTS = tuple((re.compile(pattern), kinds) for pattern, kinds, _, _ in AMOUNTS)
_SHARE = re.compile(r"百分|[几多少]成|几倍|多少倍|比例|比重|占")
# 涨几个点, 占多大比例: told by a share alone.
_RATE = re.compile(
    r"(?:多少|几)个(?:百分)?点(?![\u4e00-\u9fff])|占(?:了)?(?:多大|多少)?的?(?:比例|比重)|(?:比例|比重|占比)(?:是|有|为|达|达到)?(?:多少|几|多大)"
)
_NO_RATES = set("money mass length area time energy person household thing count".split())
# What is dialled or typed: an answer without a digit or a letter is none.
_WRITTEN = re.compile(
    r"(?:电话|手机|传真|热线|邮编|文号|网址|邮箱)(?:号码)?(?:是|为)?(?:多少|几号|哪个|什么)|"
    r"哪个(?:电话)?号码|号码(?:是|为)(?:多少|几)"
)
_SIGN = re.compile(r"[0-9a-z〇○零一二三四五六七八九]")


# Who or what body, and where: how it is asked, and what tells it. A name of a person has no such sign, and
# much is asked so that is no place (毛病出在哪儿), so that it weighs in the decision and decides nothing.
_WHO = re.compile(
    r"(?<!什么)谁|哪(?:一)?(?:位|个人)|什么人|哪些人|"
    r"(?:哪个|哪家|哪些|什么|啥)(?:部门|单位|机构|公司|企业|厂|组织|机关|医院|学校|大学)"
)
_BODY = re.compile(
    r"公司|集团|企业|厂|局|委|部|办|院|所|中心|会|街道|镇|乡|村|政府|校|大学|行|队|处|站|社|机关|机构|单位|团|组|室|人|员|长|者|"
    r"户|师|工|民|代表|家|主|手|生|童|学|店|馆|园|党|军|国|市|县|区|省|方|商|领导|总理|干部|老|妇|青年|骨干"
)
_WHERE = re.compile(
    r"在哪(?![个些几方一年天])|哪里|哪儿|什么地方|啥地方|何处|"
    r"(?:哪|什么)(?:个|条|座|一)?(?:路(?!子)|街|镇|村|乡|社区|区|县|市|片)(?!域)"
)
_SITE = re.compile(
    r"[路街镇村乡道区县市省地片园山河江湖海岛湾港城桥站口边处所里内外上下旁侧东南西北楼厅校院馆场坝厂店库室线岸段国州角带部点坪塘洞沟坡坑岭庙寺塔门]|中心"
)


def lacks_body(asked: str, told: str) -> bool:
    """Tell whether a folded question asks who or what body, and the answer names none."""
    return _WHO.search(asked) is not None and _BODY.search(told) is None


def lacks_site(asked: str, told: str) -> bool:
    """Tell whether a folded question asks where, and the answer names no place."""
    return _WHERE.search(asked) is not None and _SITE.search(told) is None


def fits(asked: str, told: str) -> bool:
    """Tell whether an answer may tell what is asked, by its form alone.

    :param asked: the folded question.
    :param told: the folded answer; one without a quantity is not held against an amount.
    """
    if _WRITTEN.search(asked) is not None and _SIGN.search(told) is None:
        return False
    if _RATE.search(asked) is not None:
        wrong = _NO_RATES
    elif _SHARE.search(asked) is not None:
        return True
    else:
        wrong = {kind for pattern, kinds in _AMOUNTS if pattern.search(asked) for kind in kinds}
    found = quantities(told) if wrong else []
    return not found or any(_kind(q) not in wrong for q in found)


def _kind(quantity: Quantity) -> str:
    """Return what a quantity counts: households go by 家 and by 户, and are neither people nor things."""
    if quantity.unit == "户":
        return "household"
    return "thing" if quantity.unit in _THINGS else quantity.kind
