"""What kind of answer a question asks for, as a table of patterns with an example each."""

from __future__ import annotations

import re
from enum import StrEnum

from corpus.types import FigureKind


class Kind(StrEnum):
    """The kinds of answer that the answer module tells apart."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    LIST = "list"
    DEFINITION = "definition"
    REASON = "reason"
    HOW = "how"
    YES_NO = "yes_no"
    CLAUSE = "clause"


# 怎么 before these asks why, not how: 怎么还没修好, 怎么越来越少.
_HOW_COME = (
    r"(?!样|解决|治|处理|改|办|帮|让|使|把|支持|应对|防|管|保障|提高|推|加快|发展|落实|安排|补|给|做|去|申请|报|用|算|分|收)"
    r"(?:[^，]{0,6}(?:没|不(?!断|受)|老是?|就(?!业|近|医|餐|读|地|诊)|反倒|反而|又|越来?越?|还(?!款|贷)|一下子|一直|迟迟|突然|那么|这么)"
    r"|(?:会|都)?(?:变[少差慢小低贵难]|少了|停|拖|晚|慢|往后|黄)|[^，]{0,14}(?<![办来做法样])了$)"
)
# What asks for more than yes or no.
_OPEN = r"多少|(?<![那好十这前后近])几(?!乎)|什么|啥|谁|哪|(?<!不)怎|咋|如何|为何|何时|多[大高长久远快重深]|说说|讲讲|谈谈|聊聊|介绍|总结|概括|列[出举]"
TWICE = r"(?P<verb>[\u4e00-\u9fff])[不没](?P=verb)"  # 免不免费
_OR_NOT = rf"是不是|有没有|是否|有无|能否|可否|{TWICE}"

# Order decides: the first pattern that fits names the kind. Patterns run on folded text.
KINDS: tuple[tuple[Kind, str, str], ...] = (
    (Kind.DEFINITION, r"(是|指)(的是)?(个)?(什么|啥)(意思|概念|含义|东西)", "两业融合是什么意思"),
    (Kind.DEFINITION, r"(什么|啥)(意思|含义)", "扩中提低啥意思"),
    (Kind.DEFINITION, r"^(请问|请)?(什么|啥)(叫|是)(?!.*(措施|办法|原因|目标|任务|工作))", "什么是三线一单"),
    (Kind.DEFINITION, r"(指|指的)(是)?(什么|啥|哪)", "两客一危指的是什么"),
    (Kind.DEFINITION, r"^[^，]{0,4}(解释|说明|介绍)(一下|下)?[“\"《]?\S+$|(怎么|如何|咋)(理解|解释)", "解释一下证照分离"),
    (Kind.DEFINITION, r"(的|名词)?(定义|含义|全称)(是|$|呢|吗)", "rcep的全称是什么"),
    (Kind.REASON, r"为什么|为啥|为何|什么原因|啥原因|何以|原因(是|有|在)|凭什么|因为什么|为了(什么|啥)|图(的)?(是|个)?(什么|啥)|(?<![能让着以好就])干(吗|嘛)(?!$)|了干(吗|嘛)$|(怎么|咋)回事|缘故|怪(什么|啥)|症结", "为什么要控制能耗"),
    (Kind.REASON, rf"(怎么|怎(?!么)|咋){_HOW_COME}|(怎么|咋)(造成|闹|弄成|来)的$", "新桥怎么还没修好"),
    (Kind.YES_NO, rf"^(?!.*(?:{_OPEN}))(?=.*(?:吗$|[没不]$|没有$|吧$|{_OR_NOT}))", "免不免费"),
    (Kind.HOW, r"(哪|那)些(工作|措施|办法|举措|任务|行动|动作|努力|安排|部署|事情?)", "节水要做哪些工作"),
    (Kind.LIST, r"(哪|那)(些|几)(?!年)|哪[一二三四五六七八九十两\d]+(个|项|大|类|种|条|方面)|(都|分别)(有|是|包括)(什么|啥|哪)|有(什么|啥)(?=.*(项目|奖|称号|企业|平台|地方))|列(出|举)|包括(什么|哪|啥)", "建成了哪些平台"),
    (Kind.DATE, r"(什么|啥)(时候|时间|年代)|(哪|那(?!.*(?:多少|几|什么|啥|谁|哪|吗|怎么|咋)))(一)?(年|月|天|日)|几(月|号|日)|何时|多久前|日期", "会议是哪天开的"),
    (Kind.PERSON, r"(?<!什么)谁|哪(一)?(位|个人)|什么人|何人|叫什么名字", "报告是谁作的"),
    (Kind.HOW, r"^(?!.*多少).*(?:(怎么|怎样|如何|咋)(?!样$)|(什么|啥|采取)(措施|办法|举措|行动|手段|计划|打算|政策|安排|动作)|做(了)?(什么|些啥|些什么|啥)|干(了)?(什么|啥)|(怎么|咋)(办|样|做)|打算|有何|举措)", "怎么治理污水"),
    (Kind.NUMBER, r"多少|(?<![一二三四五六七八九十])几(?!(大|项)?(方面|年来))|多大|多高|多长|多快|多远|多重|多久|百分之|(比例|比重|占比|总量|总额|规模|增速|增幅|数量|金额|面积|排名|浓度|覆盖率|人数|均值|标准)(是|有|达|为|呢|$)|第几|数(是|有)|[率量额值数](是|为|达到|呢|$)", "新增了多少个停车位"),
    (Kind.PLACE, r"(哪里|哪儿|在哪|什么地方|啥地方|何处|位于|哪个(地方|城市|国家|省|市|区|县|镇|街道|村)|落户)", "综合试验区落户在哪里"),
    (Kind.YES_NO, r"吗$|是不是|有没有|是否|能不能|会不会|对不对|可不可以|要不要|行不行|有无", "报告提到地铁了吗"),
    (Kind.CLAUSE, r"", "获得了什么奖"),
)  # fmt: skip
_KINDS = tuple((kind, re.compile(pattern)) for kind, pattern, _ in KINDS)
_TAIL = re.compile(r"[\s?？!！。.,，、~～]+$|[呀啊呢哦哈嘛噢啦]+[\s?？!！。]*$")


def kind_of(folded: str) -> Kind:
    """Return the kind of a folded question."""
    text = _TAIL.sub("", folded)
    return next(kind for kind, pattern in _KINDS if pattern.search(text))


# What the question wants counted → units that such an answer may carry.
# (pattern on the folded question, units of the answer, example)
UNITS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (r"百分之|百分比|占(了)?(多少|几成|多大)|(比例|比重|占比|增速|增幅|增长率|年均增长|份额)|[^频汇]率(?!先)|增长(目标|预期|幅度|速度)|(增长|提高|提升|下降|上升|减少|涨|降)(了)?(多少|几)(?!个百分点|个|家|人|元|亿|万|件|套|亩|倍|所|张|名|公里)", ("%", "个百分点", "倍", "分之"), "失业率是多少"),
    (r"美元|外资|外汇|进出口额", ("美元", "元"), "实际利用外资多少"),
    (r"多少钱|(多少|几)(个)?(亿|万)?(元|块)|收入|产值|总值|gdp|增加值|投资额|资金|预算|金额|总额|费用|补助|工资|存款|贷款|债务|赤字", ("元", "美元", "块"), "财政总收入有多少"),
    (r"(多少|几)(个)?(百分点)", ("个百分点", "%"), "比重提高几个百分点"),
    (r"(多少|几)(个|名|位|口)?人(?!次)|人数|多少名|几名|多少位|几位", ("人", "名", "位"), "引进多少人"),
    (r"(多少|几)(人次)", ("人次",), "接待多少人次"),
    (r"(多少|几)(亩|公顷|平方公里|平方米)|面积|占地", ("亩", "公顷", "平方公里", "平方米"), "面积有多少"),
    (r"(多少|几)(公里|千米|米|里)|多长|多高|多远|多宽|多深|里程|长度|高度", ("公里", "米", "里"), "公路有多长"),
    (r"(多少|几)(个)?(天|日)|多久|多长时间", ("天", "日", "个月", "年", "小时", "分钟", "工作日", "周"), "多久解封"),
    (r"(多少|几)(个)?(小时|分钟|月|年)", ("小时", "分钟", "个月", "月", "年"), "几分钟到"),
    (r"(多少|几)(万|亿)?(吨|斤|公斤|千克)|产量", ("吨", "斤", "公斤", "千克"), "粮食多少吨"),
    (r"(多少|几)(万|亿)?(针|剂|次)", ("针", "剂", "次", "人次"), "打了多少针"),
    (r"浓度|pm2", ("微克/立方米", "毫克/升", "%"), "pm2.5浓度是多少"),
)  # fmt: skip
# What the question asks of an indicator → kind of figure that tells it.
# (kind of figure, pattern on the folded question, example)
FIGURE_KINDS: tuple[tuple[FigureKind, str, str], ...] = (
    (FigureKind.RANK, r"第几|排名|位次|名次|几名(?![\u4e00-\u9fff])", "外贸总额排名第几"),
    (FigureKind.GROWTH, r"增长(了|率|幅度?)?(多少|几|是)|(年均|同比)增长|增速|增幅|(涨|下降|降低|减少|回落|下滑)(了)?(多少|几|百分之)|降幅|涨幅", "技改投资增长多少"),
    (FigureKind.SHARE, r"占(全|了|到|比|.{0,6}的?(比|多少|几))|比重|比例|覆盖率|百分之几", "占全市的比重有多大"),
    (FigureKind.TARGET, r"目标|预期|力争|打算|计划|准备|(要|将|会)(新|再)?(达到|突破|完成|建|引进|新增|增加|招|培育|改造|筹集|开工)|控制在", "今年要新建多少个5g基站"),
)  # fmt: skip
_FIGURE_KINDS = tuple((kind, re.compile(pattern)) for kind, pattern, _ in FIGURE_KINDS)


def figure_kind_of(folded: str) -> FigureKind | None:
    """Return the kind of figure that a question asks for, None if it does not say."""
    return next((kind for kind, pattern in _FIGURE_KINDS if pattern.search(folded)), None)


_UNITS = tuple((re.compile(pattern), units) for pattern, units, _ in UNITS)
# 多少家 / 几所: the measure word itself, when no row above names the unit.
_MEASURES = (
    "家|个(?!百分点|月|小时|工作日|人)|所|座|条|项|件|套|户|辆|台|张|处|种|只|艘|期|篇|部|幢|栋|间|场|届|批|倍|片|块|"
    "本|门|支|颗|株|头|对|级|层"
)
_MEASURE = re.compile(rf"(?:多少|几)({_MEASURES})")
# Units behind the asking words that ``UNITS`` knows, not the beginning of a word (多少成本, 几天然). One
# that it does not know (多少岁, 多少千瓦) is all that tells what is asked.
_ASKED_UNITS = (
    "百分点|美元|元|块钱|钱|人(?![才员])|名|位|亩|公顷|平方公里|平方米|公里|米|吨|公斤|斤|"
    "小时|分钟|月|天(?!然)|年(?![轻级])|次|回|成(?![本绩果员交功])|样|类"
)
# The asking words with the measure word, which tell nothing of what is counted.
ASKED_AMOUNT = re.compile(
    rf"百分之(?:多少|几)|(?:多少|几)(?:个?[百千万亿]*(?:{_ASKED_UNITS})|{_MEASURES}|[百千万亿]+)?"
)


def units_of(folded: str) -> tuple[str, ...]:
    """Return the units that the answer may carry, empty if the question does not say."""
    if match := _MEASURE.search(folded):
        return (match[1],)
    return next((units for pattern, units in _UNITS if pattern.search(folded)), ())
