"""Find what a web page or a printed page adds to a report: navigation, licence, page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from corpus.sentences import trim

# What is matched, where it counts, an example. A ``top`` line takes everything above it along, a
# ``tail`` line everything behind it; a ``piece`` is found within a line.
FURNITURE: tuple[tuple[str, str, str], ...] = (
    (r"以\d{4}年\d{1,2}月\d{1,2}日从维基文库导出", "top", "以2024年11月28日从维基文库导出"),
    (r"←[^\n]{2,60}|[^\n]{2,80}→", "top", "← 2019年政府工作报告 政府工作报告"),
    (r"[^\n]*相关导览[：:][^\n]*", "top", "（批准）相关导览：第十三届全国人民代表大会第三次会议"),
    (r"姊妹计划[：:][^\n]*", "top", "姊妹计划: 百科·数据项"),
    (r"(?:您?(?:当前|现在)(?:的)?位置|首页)\s*[：:>＞»][^\n]*", "top", "当前位置：首页 > 政务公开"),
    (r"本作品是[^\n]*(?:公有领域|著作权)[^\n]*", "tail", "本作品是中华人民共和国的法律……属于公有领域。"),
    (r"About this digital edition", "tail", "About this digital edition"),
    (r"(?:责任编辑|编辑|责编)[：:][^\n]{0,20}", "line", "责任编辑：张三"),
    (r"(?:发布时间|发布日期|信息来源|来源|浏览次数|访问量|字体|字号|索引号)[：:][^\n]{0,60}", "line", "来源：区政府办公室"),
    (r"【?(?:打印|关闭|收藏)(?:本页|本文|页面|窗口|此页|】)[^\n]{0,16}|返回顶部|分享到[：:]?[^\n]{0,12}|扫一扫[^\n]{0,24}", "line", "打印本页 关闭窗口"),
    (r"(?:上一[篇页条]|下一[篇页条]|相关(?:链接|新闻|文章|阅读))[：:]?[^\n]{0,60}", "line", "上一篇：2021年工作要点"),
    (r"(?:版权所有|主办单位|主办|承办|网站标识码|网站地图)[：:\s][^\n]{0,80}", "line", "版权所有：某区人民政府"),
    (r"[^\n]{0,60}(?:ICP备|公网安备)[^\n]{0,60}", "line", "浙ICP备05000000号"),
    (r"[—–－\-·]?\s?\d{1,4}\s?[—–－\-·]?", "line", "— 12 —"),
    (r"第\s*\d{1,4}\s*页(?:\s*[，,/]?\s*共\s*\d{1,4}\s*页)?", "line", "第3页 共20页"),
    (r"\*(?: ?\*){2,}", "line", "* * *"),
    (r"新华社[\u4e00-\u9fff]{2,4}\d{1,2}月\d{1,2}日电", "line", "新华社北京3月14日电"),
    (r"[（(]\s*新华社[^（）()\n]{2,30}[电讯]\s*[)）]", "piece", "（新华社北京3月17日电）"),
    (r"[（(]?《\s*人民日报\s*》\s*[（(]?[\d\s年月日]{8,24}(?:第?[\d\s至、—-]+版)?\s*[）)]", "piece", "（《人民日报》1 9 5 4 0 9 2 4 第1至2 版）"),
    (r"字库未存字注释：", "line", "字库未存字注释："),
    (r"＠[①-⑳]原字[^\n]{1,12}", "line", "＠①原字石右加安"),
)  # fmt: skip
_FURNITURE = tuple((re.compile(pattern), where) for pattern, where, _ in FURNITURE)
_LONGEST = 400  # characters of a line that may be furniture as a whole
# Characters that a font of its own left at the ends of lines (2002).
_LITTER = re.compile(r"[\s\ue000-\uf8ff\ufffd]")
# The caption of the photograph above many reports; it tells meeting and speaker.
CAPTION = re.compile(
    r"\d{1,2}月\d{1,2}日，[^\n]{4,120}?政府工作报告》?。\s*(?:(?:新华社)?记者[^\n摄]{2,10}摄)?"
)
_TOP_LINES = 40  # lines above which a pattern of the top counts
_REPEATED = 4  # a running title stands on at least so many pages
_COPY = 1000  # characters of a second copy of the report in the same file


def furniture_ranges(text: str, captions: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the ranges of ``text`` that are no content, in order, overlapping ones joined."""
    top_end = _line_end(text, _TOP_LINES)
    ranges = list(captions)
    for match in re.finditer(r"[^\n]+", text):
        start, end = match.span()
        while end > start and _LITTER.match(text[end - 1]):
            end -= 1
        if text[end : match.end()].strip():
            ranges.append((end, match.end()))
        ranges += _in_line(text, start, end, top_end)
    ranges += _contents(text) + _doubled(text) + _running_titles(text)
    return joined(ranges)


def _in_line(text: str, start: int, end: int, top_end: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges that the table finds in a line."""
    if (trimmed := trim(text, start, end)) is None:
        return
    start, end = trimmed
    line = text[start:end]
    for pattern, where in _FURNITURE:
        if where == "piece":
            yield from ((start + m.start(), start + m.end()) for m in pattern.finditer(line))
        elif len(line) <= _LONGEST and pattern.fullmatch(line):
            if where == "line":
                yield start, end
            elif where == "top" and end <= top_end:
                yield 0, end
            elif where == "tail" and start > len(text) // 2:
                yield start, len(text)


def caption_ranges(text: str) -> list[tuple[int, int]]:
    """Return the captions of photographs at the top of the text."""
    return [m.span() for m in CAPTION.finditer(text, 0, _line_end(text, 6))]


def joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the ranges in order, overlapping ones made one."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def _line_end(text: str, lines: int) -> int:
    position = -1
    for _ in range(lines):
        position = text.find("\n", position + 1)
        if position < 0:
            return len(text)
    return position


def _contents(text: str) -> list[tuple[int, int]]:
    """Return the table of contents: behind 目录 to the heading that its first entry names."""
    match = re.search(r"目[ \u3000]*录(?=[\s\u3000\xa0]*[一第（1])", text[:3000])
    if match is None:
        return []
    first = re.match(r"[\s\u3000\xa0]*([^\s\u3000\xa0.…·]{2,40})", text[match.end() :])
    if first is None:
        return []
    begin = match.end() + first.end()
    again = re.compile(r"^[ \t\u3000\xa0]*" + re.escape(first[1]), re.MULTILINE).search(text, begin)
    if again is None or again.start() - match.start() > 5000:
        return []
    # Running text (the greeting) may stand between the contents and the first chapter.
    line = re.search(
        r"^.*(?:[。！？!]|各位代表[：:])[ \t\r]*$", text[begin : again.start()], re.MULTILINE
    )
    return [(match.start(), begin + line.start() if line else again.start())]


def _doubled(text: str) -> list[tuple[int, int]]:
    """Return the second half of headings that an export wrote twice: 工作回顾工作回顾."""
    return [m.span(2) for m in re.finditer(r"^(\S[^\n]{3,60}?)(\1)[ \t\r]*$", text, re.MULTILINE)]


def _running_titles(text: str) -> list[tuple[int, int]]:
    """Return lines without a stop that come back on page after page, the first one excepted."""
    lines = [m for m in re.finditer(r"[^\n]+", text) if 4 <= len(m[0].strip()) <= 40]
    counts = Counter(m[0].strip() for m in lines if m[0].strip()[-1] not in "。！？：；，!:;,")
    seen: set[str] = set()
    result = []
    for match in lines:
        content = match[0].strip()
        if counts[content] >= _REPEATED:
            if content in seen:
                result.append(match.span())
            seen.add(content)
    return result


def second_copy(text: str) -> tuple[int, int] | None:
    """Return the range of a verbatim second copy of the report, if the file holds it twice."""
    lines = [m for m in re.finditer(r"[^\n]+", text) if len(m[0].strip()) >= 20]
    first: dict[str, int] = {}
    run: list[re.Match[str]] = []
    for i, match in enumerate(lines):
        before = first.setdefault(match[0].strip(), i)
        if before < i and (not run or lines[i - 1] is run[-1]):
            run.append(match)
        elif sum(len(m[0]) for m in run) >= _COPY:
            break
        else:
            run = [match] if before < i else []
    if sum(len(m[0]) for m in run) < _COPY:
        return None
    # An export parts the copies with tabs; the title of the second one stands behind them.
    start = run[0].start()
    title = re.search(r"\t{2,}[^\t]{0,200}$", text[max(0, start - 300) : start])
    return start - (len(title[0]) if title else 0), run[-1].end()


def copy_warning(stretch: tuple[int, int]) -> str:
    """Return what a person should know of a second copy."""
    return f"正文从第{stretch[0] + 1}个字符起重复前文，重复的部分不参与问答。"
