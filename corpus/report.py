"""Read a report file into a ``Document``: text, facts, structure, glossary."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from corpus.cleaning import clean
from corpus.glossary import find_entries, find_marks, glossary_start, uses_of
from corpus.reading import read_text
from corpus.structure import outline
from corpus.types import Document
from corpus.years import named_years

BUNDLED = Path(__file__).parent / "reports" / "北仑区_2022.txt"

_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_MEETING = re.compile(r"在(?P<region>[\u4e00-\u9fff]{2,20}?)?(?P<meeting>第[一二三四五六七八九十]{1,4}届人民代表大会第[一二三四五六七八九十]{1,3}次会议)")
_SPEAKER = re.compile(
    r"(?P<office>[\u4e00-\u9fff]{0,24}(?:总理|省长|市长|区长|县长|州长|主席|旗长|镇长|乡长))"
    r"(?P<name>[\u4e00-\u9fff·]{2,4})$"
)


def read_report(path: Path) -> Document:
    """Read and parse a report file.

    :raises DocumentError: if the file is not readable text.
    """
    return parse_report(read_text(path), path.stem)


def parse_report(text: str, name: str) -> Document:
    """Parse the text of a report; ``name`` (the file's, without ending) helps where it is silent."""
    year = _year(text[:400], name)
    terms_at = glossary_start(text)
    body_end = len(text) if terms_at is None else terms_at
    parts = outline(text, body_end, year)
    entries = [] if terms_at is None else find_entries(text, terms_at)
    marks = find_marks(text, body_end, entries)
    header = clean(text, 0, parts.header_end, ()).text
    date = _DATE.search(header.translate(_WIDE))
    meeting = _MEETING.search(header)
    speaker = _speaker(text, parts.header_end)
    region = (meeting["region"] or "") if meeting else ""
    if not region:
        region = name.split("_")[0] if re.fullmatch(r"[\u4e00-\u9fff]+_\d{4}", name) else ""
    document = Document(
        id=document_id(name),
        title=_title(text, region, year, parts.header_end),
        text=text,
        region=region,
        year=year,
        date="-".join(f"{int(g):02d}" for g in date.groups()) if date else "",
        meeting=f"{region}{meeting['meeting']}" if meeting else "",
        speaker=speaker,
        header_end=parts.header_end,
        sections=parts.sections,
        paragraphs=parts.paragraphs,
        marks=tuple(marks),
    )
    glossary = tuple(
        replace(entry, uses=uses_of(entry.term, text, body_end, marks)) for entry in entries
    )
    return replace(document, glossary=glossary)


def document_id(name: str) -> str:
    """Return the id of a report: its file name, without what would break an address."""
    return re.sub(r"[\s/\\?#%&+:]+", "_", name).strip("._")[:80] or "report"


_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")


def _year(head: str, name: str) -> int | None:
    plain = head.translate(_WIDE)
    titled = re.search(r"((?:19|20)\d\d)年[^\n]{0,12}政府工作报告", plain)
    if titled:
        return int(titled[1])
    if match := re.search(r"(?<!\d)((?:19|20)\d\d)(?!\d)", name):
        return int(match[1])
    if date := _DATE.search(re.sub(r"\s", "", plain)):
        return int(date[1])
    years = named_years(plain)
    return years[0][1] if years else None


def _title(text: str, region: str, year: int | None, header_end: int) -> str:
    """Return a title that tells reports apart: place and year before the words 政府工作报告."""
    lines = [clean(line, 0, len(line), ()).text for line in text[:header_end].split("\n")]
    lines = [line for line in lines if line]
    if any("政府工作报告" in line for line in lines) or (region and year):
        return f"{region}{year}年政府工作报告" if year else f"{region}政府工作报告"
    return lines[0][:60] if lines else (region or "未命名文件")


def _speaker(text: str, header_end: int) -> str:
    for line in text[:header_end].split("\n"):
        compact = clean(line, 0, len(line), ()).text
        if match := _SPEAKER.search(compact):
            return match["name"]
    return ""
