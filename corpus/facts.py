"""Read what a report says about itself: title, region, level, year, date, meeting, speaker."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.errors import DocumentError
from corpus.headings import chinese_number
from corpus.types import Document

_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_CHINESE = str.maketrans("〇○Ｏ零一二三四五六七八九", "0000123456789")
_N = "[一二三四五六七八九十]"
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_CHINESE_DATE = re.compile(
    rf"([一二][〇○Ｏ零一二三四五六七八九]{{3}})年({_N}{{1,3}})月({_N}{{1,3}})日"
)
_DAY = re.compile(r"(?<![年\d])(\d{1,2})月(\d{1,2})日")
_TITLED = re.compile(r"((?:19|20)\d\d)年[^\n]{0,12}政府工作报告|政府工作报告[（(]((?:19|20)\d\d)年")
_NUMBERED = re.compile(r"〔((?:19|20)\d\d)〕\d+号")  # 发改能源〔2024〕1537号
_NAMED = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d|年[前底末])")
# 2021年工作回顾 is a heading of 2022, 2022年工作安排 too.
_REVIEW = re.compile(
    r"^[^\n]{0,6}?((?:19|20)\d\d)年(?:政府)?工作(?:的?回顾|完成情况)", re.MULTILINE
)
_PLAN = re.compile(
    r"^[^\n]{0,6}?((?:19|20)\d\d)年(?:政府|主要|重点|总体)*(?:工作|任务)(?:的)?(?:总体|主要)*(?:安排|部署|任务|要求|重点|计划)?\s*$",
    re.MULTILINE,
)
_MEETING = re.compile(
    rf"在(?P<region>[\u4e00-\u9fff]{{1,20}}?)?(?P<meeting>第{_N}{{1,4}}届(?:全国)?人民代表大会第{_N}{{1,3}}次会议)"
)
_PLACE = r"(?:省|自治区|特别行政区|市|自治州|州|盟|地区|县|区|旗|镇|乡|街道)"
_TITLED_REGION = re.compile(
    rf"(?:^|\d年度?|[_\s])(?P<region>[\u4e00-\u9fff]{{1,15}}?{_PLACE})(?:人民政府)?(?:(?:19|20)\d\d年度?)?(?:人民)?政府工作报告"
)
_OFFICE_REGION = re.compile(rf"(?P<region>[\u4e00-\u9fff]{{1,20}}{_PLACE})人民政府")
_LED_REGION = re.compile(
    r"^(?P<region>[\u4e00-\u9fff]{1,15}(?:省|市|区|县|州|旗|镇|乡))(?:代理?|常务|副)*(?:省|市|区|县|州|旗|镇|乡)长"
)
_SPEAKER = re.compile(
    r"(?P<office>[\u4e00-\u9fff]{0,24}?(?:总理|国务委员|主席|(?:省|市|区|县|州|旗|镇|乡|盟|部|司|局|厅)长|主任))"
    r"(?P<name>[\u4e00-\u9fff·]{2,4}?)(?=$|[\d（(]|各位|目录|在第|作《?政府|代表国务院)"
)
_ISSUED = re.compile(r"中共中央|国务院|国家[\u4e00-\u9fff]{2,8}(?:委|局|部)")
_NATION = ("中华人民共和国", "全国")
# Endings of a region → level; the first that fits counts. An example in each row.
LEVELS: tuple[tuple[str, str, str], ...] = (
    (r"^(?:国务院|全国|中国|中华人民共和国)$", "nation", "国务院"),
    (r"(?:乡|镇|街道)$", "township", "大碶街道"),
    (r"^(?:北京|天津|上海|重庆)市?$", "province", "重庆市"),
    (r"(?:省|自治区|特别行政区)$", "province", "广西壮族自治区"),
    (r"(?:市|自治州|盟|地区).+(?:市|区|县|旗)$", "county", "宁波市北仑区"),
    (r"(?:区|县|旗)$", "county", "宁海县"),
    (r"(?:市|州|盟)$", "city", "杭州市"),
)
# The fact that may be asked for → option that gives it, what it is called.
OPTIONS: dict[str, tuple[str, str]] = {
    "title": ("--title", "标题"),
    "region": ("--region", "地区"),
    "year": ("--year", "年份"),
}


@dataclass(frozen=True)
class Overrides:
    """Facts that the user gives; they count more than what the text says."""

    region: str = ""
    year: int | None = None
    title: str = ""


@dataclass(frozen=True)
class Facts:
    """What a title block says; empty where it is silent."""

    title: str
    region: str
    level: str
    year: int | None
    date: str
    meeting: str
    speaker: str


def read_facts(header: list[str], body: str, name: str, given: Overrides) -> Facts:
    """Read the facts of a document.

    :param header: lines of the title block and captions above it, white space removed.
    :param name: name of its file, which helps where the text is silent.
    """
    lines = [line.translate(_WIDE) for line in header if line]
    whole = "".join(lines)
    report = is_report(whole, body, name)
    meeting = _MEETING.search(whole)
    year = given.year or find_year(lines, body, name)
    region = given.region or (_region(lines, meeting, name) if report else "")
    title = given.title or _title(header, region, year, report)
    place = meeting["region"] or "" if meeting else ""
    return Facts(
        title=title,
        region=region,
        level=level_of(region) or ("nation" if _ISSUED.match(title) else ""),
        year=year,
        date=_date(whole, year),
        meeting=f"{_host(place, region)}{meeting['meeting']}" if meeting else "",
        speaker=_speaker(lines) if report or meeting else "",
    )


def is_report(header: str, body: str, name: str) -> bool:
    """Tell whether a document is a report of a government to its congress."""
    return (
        "政府工作报告" in header
        or "政府工作报告" in name
        or re.fullmatch(r"[\u4e00-\u9fff]+_\d{4}", name) is not None
        or re.search(r"各位代表[：:！!]", body[:400]) is not None
    )


def _host(place: str, region: str) -> str:
    """Return the place that a meeting's name begins with: 在市第十四届… says only 市."""
    if region == "国务院":
        return ""
    return place if len(place) > 1 else region


def find_year(lines: list[str], body: str, name: str) -> int | None:
    """Return the year of a document: of its title, its date, its file name, its headings."""
    head = "\n".join(lines)
    if match := _TITLED.search(head):
        return int(match[1] or match[2])
    if date := _full_date(head.replace("\n", "")):
        return date[0]
    if match := _NUMBERED.search(head) or _NAMED.search(name.translate(_WIDE)):
        return int(match[1])
    plain = body.translate(_WIDE)
    if match := _PLAN.search(plain):
        return int(match[1])
    if match := _REVIEW.search(plain):
        return int(match[1]) + 1
    return None


def level_of(region: str) -> str:
    """Return the administrative level of a region, empty if its name does not tell."""
    return next((level for ending, level, _ in LEVELS if re.search(ending, region)), "")


def require_facts(document: Document) -> None:
    """Ask for the facts of a report that neither its text nor its file name gives.

    :raises DocumentError: if its place or year is unknown; names the options that give them.
    """
    if not is_report(document.title, document.text, document.id):
        return
    missing = [name for name in ("region", "year") if not getattr(document, name)]
    if missing:
        facts = "和".join(OPTIONS[name][1] for name in missing)
        options = " ".join(f"{OPTIONS[name][0]} {OPTIONS[name][1]}" for name in missing)
        raise DocumentError(
            f"无法从“{document.id}”的正文或文件名认出{facts}；请用 {options} 指定，"
            "或把文件命名为“地区_年份”，例如“北仑区_2022.txt”。"
        )


def _full_date(text: str) -> tuple[int, int, int] | None:
    if match := _DATE.search(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _CHINESE_DATE.search(text):
        year = int(match[1].translate(_CHINESE))
        return year, chinese_number(match[2]), chinese_number(match[3])
    return None


def _date(header: str, year: int | None) -> str:
    date = _full_date(header)
    if date is None and year is not None and (day := _DAY.search(header)):
        date = year, int(day[1]), int(day[2])
    return "-".join(f"{part:02d}" for part in date) if date else ""


def _region(lines: list[str], meeting: re.Match[str] | None, name: str) -> str:
    if meeting and len(meeting["region"] or "") > 1 and meeting["region"] not in _NATION:
        return str(meeting["region"])
    if any("国务院" in line for line in lines) or (meeting and "全国" in meeting["meeting"]):
        return "国务院"
    for pattern in (_TITLED_REGION, _OFFICE_REGION, _LED_REGION):
        for line in lines:
            if (match := pattern.search(line)) and len(match["region"]) > 1:
                return str(match["region"])
    if re.fullmatch(r"[\u4e00-\u9fff]+_\d{4}", name):
        return name.split("_", maxsplit=1)[0]
    match = _TITLED_REGION.search(name)
    return match["region"] if match else ""


def _title(header: list[str], region: str, year: int | None, report: bool) -> str:
    """Return a title that tells reports apart: place and year before the words 政府工作报告."""
    lines = [line for line in header if line]
    if report:
        return f"{region}{year}年政府工作报告" if year else f"{region}政府工作报告"
    title = ""
    for line in lines[:4]:
        # The title may run over two lines; a date or the number of the paper ends it.
        if title and (line[0] in "（(〔" or _NUMBERED.search(line) or line[-1] in "。：:"):
            break
        title += line
        if line.endswith(
            ("意见", "通知", "方案", "规划", "办法", "决定", "报告", "计划", "纲要", "条例")
        ):
            break
    return title[:60] or region or "未命名文件"


def _speaker(lines: list[str]) -> str:
    for line in reversed(lines):
        if match := _SPEAKER.search(line):
            return str(match["name"])
    return ""
