"""Say yes or no to a question, by the words of the sentence that decides.

A small network over named features weighs what question and sentence say: denials, opposite words,
what is planned against what is done, all against some, figures against a threshold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from chat.evidence import Reading
from chat.matcher import Matcher
from chat.network import RANKER_FOLDER, Network, sigmoid
from chat.opposites import any_of, opposites, sides_taken
from chat.span import folded
from chat.tense import lies_ahead, looks_ahead, looks_back
from chat.types import Evidence
from corpus.figures.mentions import mentions
from index.words import WordModel
from retriever.kinds import TWICE
from retriever.question import Question

# Probability from which the word is said; below it the sentence speaks for itself.
SAID_FROM = 0.9
_NO = r"没有?|不(?!断|仅|少|同|错|动产|锈|限|等|低于|超过|少于|高于|足|到|满)|未(?!来|成年)|无(?!障碍|人机|线|偿|烟|害|论|缝|废)|别(?!人|的|墅)"
# What is asked, what the sentence says of it, an example of both. Each row is two features: both fit, and only
# the question does.
CUES: tuple[tuple[str, str, str], ...] = (
    (_NO, _NO + r"|暂缓|推迟|延期|落空|停", "还没通车吧 / 尚未通车"),
    (r"^(?!.*(?:没|不|未|无)).", _NO, "通车了吗 / 尚未通车"),
    (r"^(?!.*(?:没|不|未|无)).", r"推迟|延期|延至|暂缓|滞后|落空|停滞|流标|退场|中断|取消", "开工了吗 / 开工推迟"),
    (r"^(?!.*(?:没|不|未|无)).", r"超额|提前|如期|按期|顺利|圆满|全部完成|均已", "完成了吗 / 提前完成"),
    (r"都|全|所有|每|村村|户户|人人|一律|处处", r"全部|全覆盖|所有|均|100%|全面|村村|户户|一律|皆|实现全", "村村都有吗 / 行政村全覆盖"),
    (r"都|全|所有|每|村村|户户|人人|一律|处处", r"多数|部分|试点|首批|[三四五六七八九]成|过半|一半|个别|少数|除|尚有|还有|仍有|其余|[\d一二两三四五六七八九十]项(?:没有|未)", "都完成了吗 / 两项没有完成"),
    (r"只|仅|光(?!伏|缆|纤|电)|单单|就(?:一|1)", r"只|仅|单独", "只有城里有吗 / 仅限城区"),
    (r"免费|不收费|不用交|不花钱|不要钱|免票|免不免|白|不用掏|不掏钱", r"免费|免收|免除|减免|全免|由财政|政府承担|不收|免票|免缴", "不要钱吧 / 免费开放"),
    (r"免费|不收费|不用交|不花钱|不要钱|免票|免不免|白|不用掏|不掏钱", r"\d元|收费|自付|个人出|缴纳", "免费吗 / 每月收180元"),
    (r"收费|要钱|要交|交钱|花钱|掏钱|自己出|付费|收.{0,3}钱|出钱|交费", r"免费|免收|免除|全免|由财政|政府承担|不收|免票", "要收钱吗 / 免费开放"),
    (r"收费|要钱|要交|交钱|花钱|掏钱|自己出|付费|收.{0,3}钱|出钱|交费", r"\d元|收费|自付|个人出|缴纳", "要收钱吗 / 每月收180元"),
    (r"涨|多了|增|高了|提高|上升|升|变多|变大|变快|好转|扩大|更多|更高|更快|快了", r"增长|提高|上升|增加|提升|上涨|扩大|上调|增至|增到|翻", "涨了吗 / 增长5%"),
    (r"涨|多了|增|高了|提高|上升|升|变多|变大|变快|好转|扩大|更多|更高|更快|快了", r"下降|减少|降低|回落|下滑|缩小|缩短|压减|跌|负增长|下调|持平", "涨了吗 / 下降5%"),
    (r"降|少了|减|低了|下降|变少|变小|变慢|慢了|回落|下滑|缩|跌|更少|更低|便宜", r"下降|减少|降低|回落|下滑|缩小|缩短|压减|跌|负增长|下调", "少了吗 / 下降5%"),
    (r"降|少了|减|低了|下降|变少|变小|变慢|慢了|回落|下滑|缩|跌|更少|更低|便宜", r"增长|提高|上升|增加|提升|上涨|扩大|上调|增至|增到|翻", "少了吗 / 增长5%"),
    (r"目标|任务|计划|预期|达标|按时|如期|按期|说好|原定", r"超额|提前|如期|按期|顺利|达标|完成|达到|为年度计划", "完成任务了吗 / 为年度计划的106%"),
    (r"目标|任务|计划|预期|达标|按时|如期|按期|说好|原定", r"未|没有|低于|推迟|延期|滞后|落后|不及|差|延至", "完成任务了吗 / 低于预期"),
    (r"第一|首|头一|最|唯一|排", r"第一|首|最|唯一|居全", "是第一吗 / 居全市首位"),
    (r"能|可以|准|让|允许|行", r"禁止|不得|不准|严禁|不能|不许|不可|限制|取缔", "能养吗 / 禁止饲养"),
    (r"能|可以|准|让|允许|行", r"可(?!再生|持续|靠|行)|允许|均能|能够|有权|支持", "能网上办吗 / 可网上办理"),
    (r"还|仍|继续|照样|接着", r"继续|仍|延续|保留|保持|沿用|延长", "还有吗 / 继续实施"),
    (r"还|仍|继续|照样|接着", r"取消|停止|不再|撤|改为|改由|终止|关闭|归并", "还有吗 / 改为线上"),
    (r"已经|了|过", r"建成|投用|开通|通车|竣工|实现|完成|投产|启用|已|封顶|合龙", "通车了吗 / 建成通车"),
    (r"已经|了|过", r"将|拟|力争|争取|年内|启动|推进|谋划|计划|预计|加快|开工|在建|主体", "通车了吗 / 力争年内通车"),
    (r".", r"改为|改由|转为|代替|换成|调整为|归并|由.{1,12}改", "在馆里办的吗 / 改为线上"),
    (r".", r"其中|另有|不含|除外", "都是公办吗 / 其中公办4所"),
)  # fmt: skip
_CUES = tuple((re.compile(a), re.compile(b)) for a, b, _ in CUES)
_FORMS: tuple[tuple[str, str], ...] = (
    ("ends in 吧", r"吧$"),
    ("ends in 吗", r"吗$"),
    ("ends in 没", r"没有?$"),
    ("ends in 不", r"不$"),
    ("verb twice", TWICE),
    ("asks whether there is any", r"有没有|有无"),
)
VERDICT_FEATURES: tuple[str, ...] = (
    *(f"{'both' if both else 'asked only'}: {example}" for *_, example in CUES for both in (1, 0)),
    *(form for form, _ in _FORMS),
    "the sentence lies ahead",
    "the sentence lies ahead and the question asks for what was done",
    "the sentence does not lie ahead and the question asks for what is to be done",
    "opposite words on the same side",
    "opposite words on the other side",
    "words of the question denied in the sentence alone",
    "words of the question denied in both or neither",
    "the question names a figure",
    "a figure of the question stands in the sentence",
    "a figure of the sentence is on the side of the threshold asked for",
    "a figure of the sentence is on the other side",
    "coverage of the question by the sentence",
    "weight of the hardest word missing",
    "literal coverage",
    "weight of the hardest word missing literally",
    "share of the words that stand literally",
    "bigram coverage",
)
_FORM_PATTERNS = tuple(re.compile(p) for _, p in _FORMS)
_TAG = re.compile(r"[，,]?(?:对不对|是不是|是吧|对吧|对吗|是吗|没错吧|行吗|行不行|有这回事吗)$")
_END = re.compile(r"(?:了)?(?:没有|没)$|[吗吧么不]$")
_TWICE = re.compile(TWICE)
_WHETHER = re.compile(r"是不是|是否|到底|究竟")
_MARKS = re.compile(r"[\s?？!！。.~～呀啊呢哦]+$")
_DENIES = re.compile(_NO)
_DENIED = re.compile(rf"(?:{_NO})[\u4e00-\u9fff]{{0,2}}$")
_ABOVE = re.compile(
    r"超过|超出|突破|达到|达|高于|大于|多于|以上|过(?=\d|[一二两三四五六七八九十百])|上(?=\d)|满|翻"
)
_BELOW = re.compile(r"不到|不足|低于|少于|小于|以内|以下|没到|没超|不超过")
# How a question asks, and the words that say yes and no to it; the first that fits.
WORDS: tuple[tuple[str, str, str, str], ...] = (
    (r"有没有|有无|^有|(?:还|都|也|就)有", "有", "没有", "有没有夜间公交"),
    (r"能不能|可不可以|可以|能(?!源|力|耗|效|量|人)", "可以", "不能", "能不能网上办"),
    (r"会不会|会(?=.{1,12}(?:吗|不)$)", "会", "不会", "会不会涨价"),
    (r"要不要|用不用|需不需要|需要|要(?=[^，]{0,6}(?:钱|费|交|掏|签|办|排)[^，]{0,4}$)", "要", "不用", "要不要交钱"),
    (r"了(?:吗|没有|没|吧)?$|过(?:吗|没有|没)$|[^有]没有?$|已经", "是", "没有", "通车了吗"),
    (r"", "是", "不是", "是不是免费"),
)  # fmt: skip
_WORDS = tuple((re.compile(pattern), yes, no) for pattern, yes, no, _ in WORDS)
_SIDES = tuple(
    (any_of(pair.words[0] + pair.asked[0]), any_of(pair.words[1] + pair.asked[1]), pair.negated)
    for pair in opposites()
)


@dataclass(frozen=True)
class Statement:
    """A question without its question words, and how it was put."""

    asked: str
    stated: str


def statement(folded: str) -> Statement:
    """Return what a folded yes-or-no question would state: 免不免费 is 免费."""
    asked = _MARKS.sub("", folded)
    stated = _END.sub("", _TAG.sub("", asked))
    stated = _WHETHER.sub("", stated.replace("有没有", "有"))
    stated = _TWICE.sub(lambda m: m["verb"], stated)
    return Statement(asked, stated)


def verdict_features(
    matcher: Matcher, words: WordModel, told: str, *, ahead: bool
) -> npt.NDArray[np.float32]:
    """Return ``(len(VERDICT_FEATURES),) float32`` of a sentence that should decide.

    :param told: the sentence, folded.
    :param ahead: it speaks of nothing but the report's own year and later ones.
    """
    put = statement(matcher.question.folded)
    back, on = looks_back(put.asked), looks_ahead(put.asked)
    cut = tuple(words.cut(told))
    met = matcher.matches([told], [cut], [words.vectors(list(cut))])
    literal = matcher.literal([told], [cut])
    row: list[float] = []
    for asks, says in _CUES:
        asks_it = asks.search(put.stated) is not None
        says_it = says.search(told) is not None
        row += [float(asks_it and says_it), float(asks_it and not says_it)]
    row += [float(p.search(put.asked) is not None) for p in _FORM_PATTERNS]
    row += [float(ahead), float(ahead and back), float(on and not ahead)]
    row += _sides(put.stated, told)
    row += _denied(matcher.question, put.stated, told)
    row += _figures(put.stated, told)
    row += [
        matcher.weighted(met),
        matcher.hardest(met),
        matcher.weighted(literal),
        matcher.hardest(literal),
        matcher.share(literal),
        matcher.bigram_coverage(told),
    ]
    return np.array(row, dtype=np.float32)


def _sides(stated: str, told: str) -> list[float]:
    """Return how many rows of opposite words agree, and how many deny one another."""
    same = other = 0
    for one, two, negated in _SIDES:
        asks, says = (sides_taken(text, one, two, negated=negated) for text in (stated, told))
        if len(asks) == len(says) == 1:
            same += asks == says
            other += asks != says
    return [float(min(same, 3)), float(min(other, 3))]


def _denied(question: Question, stated: str, told: str) -> list[float]:
    """Return how many words of the question are denied in the sentence alone, and how many alike."""
    alone = alike = 0
    for word in question.words:
        at, there = stated.find(word.text), told.find(word.text)
        if at < 0 or there < 0:
            continue
        differs = (_DENIED.search(stated[:at]) is None) != (_DENIED.search(told[:there]) is None)
        alone += differs
        alike += not differs
    return [float(min(alone, 3)), float(min(alike, 5))]


def _figures(stated: str, told: str) -> list[float]:
    """Return how the figures of the sentence stand to the one that the question names."""
    asked = [m.plain for m in mentions(stated)]
    given = [m.plain for m in mentions(told)]
    if not asked:
        return [0.0, 0.0, 0.0, 0.0]
    value, unit = asked[0]
    alike = [v for v, u in given if u == unit]
    right = wrong = False
    if alike:
        if _BELOW.search(stated):
            right = min(alike) < value
        elif _ABOVE.search(stated):
            right = max(alike) >= value
        else:
            right = value in alike
        wrong = not right
    return [1.0, float(any(a in given for a in asked)), float(right), float(wrong)]


def worded(folded: str, *, holds: bool) -> str:
    """Return the word that says yes or no to a folded question, as it was asked.

    :param holds: whether what it states is so.
    """
    put = statement(folded)
    if _DENIES.search(put.stated):
        return "是" if holds else "不是"
    yes, no = next((yes, no) for pattern, yes, no in _WORDS if pattern.search(put.asked))
    return yes if holds else no


def said(reading: Reading, place: Evidence) -> str:
    """Return the word that says yes or no by a piece of evidence, empty where that is not plain enough."""
    document = reading.document(place)
    told = folded(document, place).text
    named = verdict_features(
        reading.matcher, reading.words, told, ahead=lies_ahead(document, place.segment)
    )
    chance = sigmoid(float(_network().scores(named[None, :])[0]))
    if max(chance, 1.0 - chance) < SAID_FROM:
        return ""
    return worded(reading.question.folded, holds=chance > 0.5)


@lru_cache(maxsize=1)
def _network() -> Network:
    return Network.load(RANKER_FOLDER / "verdict.safetensors", VERDICT_FEATURES)
