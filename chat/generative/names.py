"""Names, Latin terms and quoted words of a sentence: what must stand in the source literally."""

from __future__ import annotations

import re

# Parts of speech of jieba: persons, places, organisations, other proper names.
_NAMES = frozenset("nr nrfg nrt ns nsf nt nz".split())
_NOUNS = frozenset("n nr nrfg nrt ns nsf nt nz j vn an b ng".split())
# Bodies are compared with the words before their kind: 东方集团 is not 西方集团. (words, example)
_BODIES: tuple[tuple[str, str], ...] = (
    ("公司 集团 银行 企业集团 事务所 电厂", "东方集团"),
    ("大学 学院 小学 中学 研究院 研究所 实验室 创制中心", "北航宁波创新研究院"),
    ("医院 中心医院 卫生院 疾控中心", "区人民医院"),
    ("委员会 人大 政协 法院 检察院 公安局 教育局 管委会 街道办", "区教育局"),
)  # fmt: skip
_BODY = re.compile(rf"(?:{'|'.join(w for row, _ in _BODIES for w in row.split())})$")
# Words that jieba takes for names and that are none.
_NO_NAMES = frozenset(
    "高质量 安全生产 和谐 明显 全面 高新技术 小康 双减 文明 美丽 平安 向好".split()
)
QUOTED = re.compile(
    r"“([^”]{1,80})”|\"([^\"]{1,80})\"|《([^》]{1,60})》|「([^」]{1,80})」|『([^』]{1,80})』|‘([^’]{1,80})’"
)
LATIN = re.compile(
    r"[a-z][a-z0-9&+./:_-]*[a-z0-9+]|(?<![a-z0-9])[a-z](?![a-z0-9])|\d+[a-z]+(?![a-z])"
)
# Identifiers with digits: nothing else may read these digits. (example: pm2.5, 5g, 8·10)
CODED = re.compile(r"[a-z][a-z&-]*-?\d+(?:\.\d+)?[a-z]*|\d+(?:g|tod|d|k)(?![a-z])|\d+·\d+")
# A Latin abbreviation and the words that a report may write for it.
ALIASES: tuple[tuple[str, str], ...] = (
    ("gdp", "生产总值"),
    ("cpi", "居民消费价格"),
    ("pm2.5", "细颗粒物"),
    ("r&d", "研发"),
)
_SPACE = re.compile(r"\s+")
_TRIM = "，。；：！？、,.;:!?"


def quoted(folded: str) -> list[str]:
    """Return the words in quotation marks and title marks, marks and stops left out."""
    found = (next(g for g in m.groups() if g) for m in QUOTED.finditer(folded))
    return [bare for words in found if (bare := _SPACE.sub("", words).strip(_TRIM))]


def latin(folded: str) -> list[str]:
    """Return Latin terms and identifiers: gdp, rcep, pm2.5, https://…"""
    terms = [m[0] for m in CODED.finditer(folded)]
    rest = CODED.sub(lambda m: " " * len(m[0]), folded)
    return terms + [m[0] for m in LATIN.finditer(rest)]


def names(folded: str) -> list[str]:
    """Return persons, places and bodies of a folded sentence, by part of speech."""
    import jieba.posseg  # only where a model writes

    tokens = [(p.word, p.flag) for p in jieba.posseg.cut(folded)]
    found = [
        word
        for word, flag in tokens
        if flag in _NAMES and len(word) > 1 and word not in _NO_NAMES and not word.isascii()
    ]
    for i, (word, _) in enumerate(tokens):
        if not _BODY.search(word):
            continue
        head = word
        for before, flag in reversed(tokens[max(0, i - 3) : i]):
            if flag not in _NOUNS:
                break
            head = before + head
        found.append(head)
    return found


def alias_of(term: str) -> str:
    """Return the words that a report may write for an abbreviation, or the term itself."""
    return next((words for short, words in ALIASES if short == term), term)


def mask_names(folded: str) -> str:
    """Return the text, as long as before, without identifiers that hold digits: pm2.5, 5g."""
    return CODED.sub(lambda m: "＿" * len(m[0]), folded)
