"""Places that a question names: the report's own, others it speaks of, and unknown ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import jieba
import numpy as np

from corpus.types import Document
from index.encoder import Vectors
from index.lexical import kinds
from index.words import shipped_words
from retriever.question import Question

# Behind the words of jieba's dictionary that name places; many of those so marked do not (馆内, 西瓜),
# so that a bare name counts only where it stands in the dictionary with its kind, too (镇海, for 镇海区).
_PLACE_FLAGS = ("ns", "nsf")
_NAME_FLAGS = (*_PLACE_FLAGS, "nr", "nrt", "nrfg", "nz")
_ADMINISTERED = re.compile(r"(?<=..)(?:省|市|县|区|州|旗|盟|自治县|自治州|自治区|地区)$")
_SUFFIX = re.compile(r"(?<=..)(?:省|市|区|县|镇|乡|街道|州|旗|新区)$")
_PART = re.compile(r"[\u4e00-\u9fff]+?(?:自治[区州县旗]|省|市|区|县|镇|乡|街道|州|旗)")
_KINDS = "省|市|区|县|镇|乡|街道|州|旗"
_KNOWN = (
    "北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 "
    "重庆 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆 香港 澳门 台湾 杭州 南京 武汉 成都 西安 济南 长沙 "
    "美国 英国 法国 德国 日本 俄罗斯 韩国 印度 加拿大 意大利 西班牙 泰国 越南 东京 伦敦 巴黎 莫斯科 首尔"
)
# Countries and other names that are called without their kind.
_BARE = frozenset(
    "中国 日本 韩国 朝鲜 蒙古 越南 老挝 柬埔寨 泰国 缅甸 马来西亚 新加坡 印度尼西亚 印尼 菲律宾 文莱 东帝汶 印度 巴基斯坦 孟加拉国 "
    "尼泊尔 不丹 斯里兰卡 马尔代夫 阿富汗 伊朗 伊拉克 叙利亚 黎巴嫩 以色列 巴勒斯坦 约旦 沙特 沙特阿拉伯 也门 阿曼 阿联酋 卡塔尔 "
    "巴林 科威特 土耳其 塞浦路斯 格鲁吉亚 亚美尼亚 阿塞拜疆 哈萨克斯坦 乌兹别克斯坦 吉尔吉斯斯坦 塔吉克斯坦 土库曼斯坦 俄罗斯 苏联 "
    "乌克兰 白俄罗斯 波兰 捷克 斯洛伐克 匈牙利 罗马尼亚 保加利亚 塞尔维亚 克罗地亚 希腊 意大利 西班牙 葡萄牙 法国 德国 英国 "
    "爱尔兰 荷兰 比利时 卢森堡 瑞士 奥地利 丹麦 瑞典 挪威 芬兰 冰岛 爱沙尼亚 拉脱维亚 立陶宛 埃及 利比亚 突尼斯 阿尔及利亚 "
    "摩洛哥 苏丹 埃塞俄比亚 肯尼亚 坦桑尼亚 乌干达 卢旺达 刚果 安哥拉 赞比亚 津巴布韦 南非 莫桑比克 尼日利亚 加纳 塞内加尔 "
    "美国 加拿大 墨西哥 古巴 巴西 阿根廷 智利 秘鲁 哥伦比亚 委内瑞拉 玻利维亚 巴拿马 澳大利亚 澳洲 新西兰 斐济 欧洲 亚洲 非洲 "
    "美洲 欧盟 东盟 香港 澳门 台湾 浦东 巴黎 伦敦 柏林 莫斯科 华盛顿 首尔 罗马 迪拜".split()
)
_COMMON = re.compile(
    r"(?:城市|都市|城镇|[集小]镇|[下家水]乡|[山郊特街辖社园小大城]区)$"
)  # 大城市, 上山下乡
_PART_OF_TOWN = re.compile(r"[新老古旧主县内外]城$")  # 老城和新城, none of them a name
# Mean cosine with the nearest of them: 镇海 0.17, 纽约 0.38; 福利 0.09, 治安 0.12.
_NEAREST, _ALIKE = 3, 0.15
_NATION = {"全国", "我国", "中国"}
_NO_NAME = frozenset("外国 国外 海外 境外".split())  # marked as places, and none of them one
# How askers and reports call the place that the report is about.
_OWN = frozenset(
    "本区 本市 本县 本省 我区 我市 我县 我省 全区 全市 全县 全省 中国 我国 全国 中华人民共和国".split()
)


class Placed(Protocol):
    """Whatever has the place of a report: the report itself, or the facts known of it."""

    @property
    def region(self) -> str:
        """The place that it is about, as in the title block."""


@dataclass(frozen=True)
class Places:
    """Names without their kind (镇海, not 镇海区).

    :ivar other: places named that are not the report's own.
    :ivar unknown: of these, places that stand nowhere in the reports.
    """

    other: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()


def own_names(documents: Iterable[Placed]) -> tuple[str, ...]:
    """Return how people call the places that documents are about, longest first.

    宁波市北仑区 is 宁波市北仑区, 北仑区, 北仑, and 全区, 我区, 本区 in its own report.
    """
    names: set[str] = set()
    for region in {d.region for d in documents}:
        name = _last_place(region)
        if name is None:
            names |= _NATION
            continue
        names |= {region, name, _SUFFIX.sub("", name)}
        names |= {f"{whose}{name[-1]}" for whose in "全我本"}
    return tuple(sorted(names, key=lambda n: (-len(n), n)))


def called(region: str) -> str | None:
    """Return how people call a place in a question (北仑), None for a region that names none."""
    name = _last_place(region)
    return None if name is None else _SUFFIX.sub("", name)


def goes_by(region: str, name: str) -> bool:
    """Tell whether people call a region so: 北仑区 and 北仑 for 宁波市北仑区, 全国 for 国务院."""
    last = _last_place(region)
    return name in _NATION if last is None else name in (region, last, called(region))


@lru_cache(maxsize=1)
def _place_words() -> tuple[frozenset[str], frozenset[str]]:
    """Return names of places, with their kind or called without it, and all words marked as places."""
    marked = frozenset(w for w, kind in kinds().items() if kind in _PLACE_FLAGS)
    whole = (w for w in marked if _SUFFIX.search(w) and not _COMMON.search(w))
    stems = {_ADMINISTERED.sub("", w) for w in marked if _ADMINISTERED.search(w)}
    bare = (w for w in stems if kinds().get(w) in _NAME_FLAGS and not _PART_OF_TOWN.search(w))
    return frozenset((*whole, *bare, *_BARE)), marked


def _last_place(region: str) -> str | None:
    """Return the last place of a region's name (北仑区), None if it names none (国务院)."""
    parts = _PART.findall(region)
    return parts[-1] if parts else None


@lru_cache(maxsize=1)
def _known_vectors() -> Vectors:
    """Return ``(n, dim) float32`` word vectors of provinces, countries and great cities."""
    model = shipped_words()
    cuts = [model.cut(name) for name in _KNOWN.split()]
    return model.vectors([c[0] for c in cuts if len(c) == 1])


@lru_cache(maxsize=4096)
def _like_a_place(word: str) -> bool:
    """Tell names from words that the dictionary marks as names, too (福利, 治安, 土地利用).

    A word without a vector may well be a name.
    """
    cut = shipped_words().cut(word)
    if len(cut) != 1 or cut[0].number == 0:
        return True
    cosines = _known_vectors() @ shipped_words().vectors(cut)[0]
    return float(np.sort(cosines)[-_NEAREST:].mean()) >= _ALIKE


def _followed(word: str, folded: str) -> bool:
    """Tell whether its kind stands behind a name: 福利镇."""
    return (
        re.search(f"{re.escape(word)}(?:{_KINDS})(?![域间别分民政级城里内外村])", folded)
        is not None
    )


def _is_kind_of_city(word: str, folded: str) -> bool:
    """Tell 文明城市, a kind of city, from a town called 文明城."""
    return word.endswith("城") and f"{word}市" in folded


def is_place(word: str) -> bool:
    """Tell whether a word by itself is the name of a place, with or without its kind."""
    return word in _place_words()[0]


def _names_a_place(word: str, folded: str) -> bool:
    names, marked = _place_words()
    if word in _NO_NAME or _is_kind_of_city(word, folded):
        return False
    if word in names and (_SUFFIX.search(word) or _like_a_place(word)):
        return True
    return word in marked and _followed(word, folded)


def places_in(question: Question, documents: Sequence[Document]) -> Places:
    """Return the places that a question names, seen from reports whose whole text is at hand."""
    return places_named(
        question, own_names(documents), lambda name: any(name in d.text for d in documents)
    )


def places_named(question: Question, own: Sequence[str], stands: Callable[[str], bool]) -> Places:
    """Return the places that a question names.

    :param own: names of the places that the reports asked are about.
    :param stands: tells whether a name stands anywhere in these reports.
    """
    names = {
        _SUFFIX.sub("", word)
        for word in jieba.cut(question.folded, HMM=False)
        if len(word) >= 2 and word not in _OWN and _names_a_place(word, question.folded)
    }
    other = frozenset(n for n in names if n not in own)
    unknown = frozenset(n for n in other if not stands(n))
    return Places(other, unknown)
