"""Enumerations: members joined by 、, clauses of measures, and points under a lead-in line."""

from __future__ import annotations

import re
from dataclasses import replace

from chat.evidence import Reading
from chat.span import Span, shown
from chat.types import Evidence
from corpus.cleaning import fold_text
from corpus.figures.amounts import read_number
from corpus.sentences import clause_ranges, sentence_ranges
from corpus.types import Document, Passage, Sentence

# What stands before the first member of an enumeration and is no part of it.
_HEAD = re.compile(
    r"^.*?(?:包括|包含|分别是|分别为|即|如|例如|有|是指|是|为|指)(?=[^、]{2,})|"
    r"^(?:成功|首次|顺利|全面|加快|积极|大力|深入|持续|扎实|着力|高标准|重点|连续|相继|基本)*"
    r"(?:创建|荣获|获评|获批|获得|获|入选|推进|建设|打造|推动|完成|新增|实施|开展|实现|聚焦|引进|建成|培育|发展|"
    r"支持|启动|做好|抓好|加强|推广|提升|优化|淘汰|搬迁|举办|探索|健全|完善|构建|落实|纵深推进)(?:了)?"
)
_TAIL = re.compile(r"等[^、，]*$")
_POINT = re.compile(
    r"^\s*(?:——|－－|[（(][一二三四五六七八九十]{1,2}[)）]|[一二三四五六七八九十]{1,2}是|第[一二三四五六七八九十]{1,2}[，、])"
)
_NAMED = 0.8  # share of the question that a heading must name to answer for it
_UNDER_HEADING = 8  # sentences told where the heading says what is asked
_NEAR = 2.5  # score within which sentences of a passage are told together
_QUOTE_PAIR = re.compile(r"“[^”]*”")
_NUMERAL = r"\d+|[一二两三四五六七八九十]+"
# 哪五类, 哪9所; the measure word goes into the note on what is lacking.
_ASKED_COUNT = re.compile(rf"(?:哪|那)(?P<number>{_NUMERAL})(?P<unit>[\u4e00-\u9fff])")
_ASKED_WHICH = re.compile(rf"(?:哪|那)(?:些|几|{_NUMERAL})|分别|有什么")
# 滨江高中等9所学校: the report's own count behind the members that it names.
_REPORTED = re.compile(rf"^[^，。；]{{0,2}}等(?:(?P<adjective>[大])|(?=[\d一二两三四五六七八九十]))?(?P<number>{_NUMERAL})(?P<unit>[\u4e00-\u9fff])")  # fmt: skip
_AGREES = 0.6  # score of an enumeration that has as many members as are asked for


def enumeration(text: str) -> list[str]:
    """Return the members of the enumeration in a clean clause, in order; [] if it has none.

    A 、 inside quotes does not part members (``“一核两翼、三区协同”`` is one).
    """
    guarded = _QUOTE_PAIR.sub(lambda m: m[0].replace("、", "\0").replace("和", "\1"), text)
    if "、" not in guarded and not re.search(r"”“|”和“", guarded):
        return []
    parts = [p for p in re.split(r"、|(?<=”)(?=“)", guarded) if p]
    last = _TAIL.sub("", parts[-1])
    if len(parts) > 1 and (split := re.match(r"^(.{2,20}?)(?:和|以及|及|与)(.{2,})$", last)):
        parts[-1:] = [split[1], split[2]]
    else:
        parts[-1] = last
    parts[0] = _HEAD.sub("", parts[0]) or parts[0]
    return [p.replace("\0", "、").replace("\1", "和").strip() for p in parts if p.strip()]


def pair(text: str) -> list[str]:
    """Return the two members that a clean clause joins by 和, [] if it joins none."""
    named = _TAIL.sub("", _HEAD.sub("", text))
    split = re.fullmatch(r"([^、]{2,24}?)(?:和|以及|及|与)([^、和与及]{2,24})", named)
    return [split[1].strip(), split[2].strip()] if split else []


def quoted_enumerations(text: str) -> list[list[str]]:
    """Return the enumerations inside quotation marks: “高技术企业、高成长企业、高收入企业”五梯度培育."""
    inside = [m[0].strip("“”") for m in _QUOTE_PAIR.finditer(text)]
    return [[p for p in q.split("、") if p] for q in inside if q.count("、") >= 2]


def asked_count(folded: str) -> int:
    """Return how many members a question asks for (哪五类), 0 if it does not say."""
    match = _ASKED_COUNT.search(folded)
    count = _count(match["number"]) if match else 0
    return count if count > 1 else 0  # 哪一个 asks for no list


def counted(reading: Reading, span: Span) -> Span:
    """Return a list with a note where the report counts more members than it names."""
    if not span.evidence or _ASKED_WHICH.search(reading.question.folded) is None:
        return span
    place = span.evidence[0]
    text = shown(reading.document(place), place.segment.start, place.segment.end)
    items = span.items or (span.text,)
    at = text.find(items[-1])
    match = _REPORTED.match(text[at + len(items[-1]) :]) if at >= 0 else None
    found = len(items)
    if match is not None:
        told = _count(match["number"])
        if told > found:
            unit = match["unit"]
            note = f"报告写的是{told}{unit}，原文点名的只有{found}{unit}。"
            return replace(span, notes=(*span.notes, note))
        return span
    asked = asked_count(reading.question.folded)
    if asked and span.items and asked != found:
        note = f"问的是{asked}项，报告这里列出的是{found}项。"
        # What has another number of members is hardly what was asked for.
        return replace(span, notes=(*span.notes, note), found=False)
    return span


def unnamed(reading: Reading) -> str:
    """Return how many members a question asks for, with measure word (4个), empty if it does not say."""
    match = _ASKED_COUNT.search(reading.question.folded)
    counts = match is not None and asked_count(reading.question.folded)
    return f"{match['number']}{match['unit']}" if match and counts else ""


def _count(written: str) -> int:
    read = read_number(written.replace("两", "二"))
    return int(read[0]) if read is not None and not read[1] else 0


def without_shared(items: list[str], asked: str) -> list[str]:
    """Return the members without the words of the question around the whole enumeration.

    加快横杨、星阳、玫瑰未来社区建设 has the members 横杨, 星阳, 玫瑰 for 加快哪几个未来社区建设; what
    every member ends with (…门户) stays.
    """
    if len(items) < 2:
        return items
    first, last = fold_text(items[0]), fold_text(items[-1])
    for length in range(len(first) - 1, 1, -1):
        if first[:length] in asked and not any(x.startswith(items[0][:length]) for x in items[1:]):
            items = [items[0][length:], *items[1:]]
            break
    for length in range(len(last) - 1, 1, -1):
        if last[-length:] in asked and not any(x.endswith(items[-1][-length:]) for x in items[:-1]):
            items = [*items[:-1], items[-1][:-length]]
            break
    return items


def points_after(document: Document, lead_in: Evidence) -> list[tuple[int, int]]:
    """Return the ranges of the names of the points (——…, 一是…) that follow a lead-in line."""
    result: list[tuple[int, int]] = []
    for paragraph in document.paragraphs:
        if paragraph.start < lead_in.segment.end:
            continue
        if not _POINT.match(document.text[paragraph.start : paragraph.start + 8]):
            if result or document.text[paragraph.start : paragraph.end].strip():
                break
            continue
        result.append(sentence_ranges(document.text, paragraph.start, paragraph.end)[0])
    return result


def list_span(reading: Reading) -> Span:
    """Return the enumeration that best fits the question among the first pieces of evidence."""
    lead = reading.evidence[0]
    document = reading.document(lead)
    if document.text[lead.segment.start : lead.segment.end].rstrip().endswith(("：", ":")) and (
        points := points_after(document, lead)
    ):
        return _points_span(document, lead, points)
    best: tuple[float, Evidence, list[str]] | None = None
    wanted = asked_count(reading.question.folded)
    for place in reading.evidence[:3]:
        if place.score < lead.score - 1.0:
            break
        text = shown(reading.document(place), place.segment.start, place.segment.end)
        for start, end in clause_ranges(text, 0, len(text)):
            items = without_shared(enumeration(text[start:end]), reading.question.folded)
            quoted = [q for q in quoted_enumerations(text[start:end]) if len(q) == wanted]
            items = quoted[0] if quoted else items
            if wanted == 2 and len(items) < 2:
                items = pair(text[start:end])
            if len(items) < 2:
                continue
            fit = reading.coverage(text[max(0, start - 20) : end])
            score = fit + 0.1 * min(len(items), 5) + 0.3 * place.score
            score += _AGREES * (len(items) == wanted)
            if best is None or score > best[0]:
                best = (score, place, items)
    if best is None:
        measures = measures_span(reading)
        return replace(measures, found=False) if wanted else measures
    _, place, items = best
    return Span("、".join(items), (place,), tuple(items))


def _points_span(document: Document, lead: Evidence, points: list[tuple[int, int]]) -> Span:
    items = tuple(shown(document, a, b).lstrip("—－").rstrip("。") for a, b in points)
    cited = tuple(
        Evidence(
            Passage(document.id, lead.passage.section, a, b, document.text[a:b]),
            Sentence(a, b),
            Sentence(a, b),
            lead.score,
        )
        for a, b in points
    )
    opening = shown(document, lead.segment.start, lead.segment.end)
    return Span(
        "；".join(items), (lead, *cited), items, explanation=opening + "；".join(items) + "。"
    )


def _under_heading(reading: Reading) -> tuple[float, Evidence | None]:
    """Return the best segment under a heading that says what is asked, and how much of it.

    怎么扩大投资 is answered under 全力扩大有效投资.
    """
    best: tuple[float, Evidence] | None = None
    for place in reading.evidence:
        section = place.passage.section
        named = reading.matcher.weighted(reading.spelt(fold_text(section[-1]))) if section else 0.0
        if named >= _NAMED and (best is None or named > best[0]):
            best = (named, place)
    return (0.0, None) if best is None else best


def measures_span(reading: Reading, limit: int = 4) -> Span:
    """Return the best sentence and its neighbours of like score in the passage, as measures."""
    titled, headed = _under_heading(reading)
    best = headed or reading.evidence[0]
    document = reading.document(best)
    mates = {
        e.sentence.start: e
        for e in reversed(reading.evidence)
        if e.passage is best.passage and (headed or e.score >= best.score - _NEAR)
    }
    mates[best.sentence.start] = best
    most = _UNDER_HEADING if headed else limit
    chosen = sorted(mates.values(), key=lambda e: -e.score)[:most]
    chosen.sort(key=lambda e: e.sentence.start)
    sentences = [shown(document, e.sentence.start, e.sentence.end) for e in chosen]
    items = [
        c
        for s in sentences
        for c in (s[a:b].strip() for a, b in clause_ranges(s, 0, len(s)))
        if len(c) >= 4
    ]
    cited = (best, *(e for e in chosen if e is not best))
    text = shown(document, best.segment.start, best.segment.end).rstrip("。；")
    explanation = "".join(sentences)
    return Span(text, cited, tuple(items), explanation=explanation, titled=titled)
