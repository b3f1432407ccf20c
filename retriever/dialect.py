"""Read dialect as standard words: 侬晓得伐, 几多, 点解, 咋个."""

from __future__ import annotations

import re

# Words of dialects that ask or frame a question → the standard words. (pattern on the folded
# question, replacement, example, the example in standard words)
DIALECT: tuple[tuple[str, str, str, str], ...] = (
    (r"[,，\s]*(?:(?:啊|呀|哟)[,，\s]*)?(?:侬|你|您|恁|倷|阿拉)?(?:阿)?(?:晓得|知道|清楚|了解)(?:伐|勿|不|吗|嘛|么|否|没|哇|咩)(?=[\s?？!！。]*$)", "", "GDP是多少啊侬晓得伐", "GDP是多少"),
    (r"^(?:侬|你|您|恁|倷)(?:阿)?(?:晓得|知道|清楚)(?:伐|勿|不|吗|嘛|么)?[,，\s]*(?=..)", "", "侬晓得财政收入多少伐", "财政收入多少"),
    (r"(?<=[\u4e00-\u9fff])(?:伐啦|(?<![采砍盗滥乱讨征])伐|咩|撒|噻|嘞|咧|哩|喽|咯|嗦|哒|啵|捏|滴伐)(?=[\s?？!！。]*$)", "", "建了几个公园嘞", "建了几个公园"),
    (r"几多(?:钱|银)?", "多少", "财政收入几多", "财政收入多少"),
    (r"多少钞票|几钿|多少铜钿|好多钱", "多少钱", "花了多少钞票", "花了多少钱"),
    (r"(?<![最更较很非])好多(?=(?:个|家|所|人|亿|万|亩|公里|户|套|元|米|条|项)|[\s?？!！。]*$)", "多少", "新建了好多个车位", "新建了多少个车位"),
    (r"点解|为撒|为嘛|做啥子(?=要)|咋会", "为什么", "点解要控制能耗", "为什么要控制能耗"),
    (r"点样|咋个样?|咋子|哪能(?!源)|哪样子|怎个", "怎么", "污水咋个治理", "污水怎么治理"),
    (r"乜嘢|乜野|什末|啥子|甚么|么子|哈子|嘛玩意儿?|啥物(?!质|资|流)", "什么", "啥子是两业融合", "什么是两业融合"),
    (r"边个|哪个(?=(?:作|做|当|写)(?:的|了))|啥人", "谁", "报告是啥人作的", "报告是谁作的"),
    (r"边度|哪搭|啥地方|哪块儿|哪疙瘩|啥场化", "哪里", "车站在边度", "车站在哪里"),
    (r"几时|啥辰光|么子时候|啥前儿|多咱|啥时候", "什么时候", "地铁几时通车", "地铁什么时候通车"),
    (r"有冇|有呒没|有无得", "有没有", "有冇新学校", "有没有新学校"),
    (r"(?:今年子|今年头)", "今年", "今年子目标是什么", "今年目标是什么"),
    (r"(?:旧年(?!代)|去年子|上年子)", "去年", "旧年财政收入多少", "去年财政收入多少"),
)  # fmt: skip
_DIALECT = tuple((re.compile(pattern), standard) for pattern, standard, _, _ in DIALECT)


def in_standard_words(folded: str) -> str:
    """Return a folded question with its dialect words replaced."""
    for pattern, standard in _DIALECT:
        folded = pattern.sub(standard, folded)
    return folded
