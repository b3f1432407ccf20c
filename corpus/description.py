"""Describe a document for a person to check: its facts and its outline."""

from __future__ import annotations

from corpus.passages import MAX_CHARACTERS, MIN_CHARACTERS, passages
from corpus.types import Document


def outline_of(document: Document) -> str:
    """Return the headings, one a line, indented by level, each with its start offset."""
    return "".join(
        f"{'  ' * (len(section.path) - 1)}{section.path[-1]}\t{section.heading_start}\n"
        for section in document.sections
    )


def facts_of(document: Document) -> str:
    """Return what was found beside the headings, a few lines."""
    found = passages(document)
    sizes = [len(p.text) for p in found]
    alone = [len(p.text) for p in found if len(p.sentences) > 1]
    fitting = sum(MIN_CHARACTERS <= size <= MAX_CHARACTERS for size in alone)
    lines = [
        f"=== {document.id} · {document.title}",
        f"地区 {document.region or '—'} · 层级 {document.level or '—'} · 年份 {document.year or '—'}"
        f" · 日期 {document.date or '—'} · 会议 {document.meeting or '—'} · 报告人 {document.speaker or '—'}",
        f"标题块 {document.header_start}–{document.header_end} · 全文 {len(document.text)} 字"
        f" · 段落 {len(document.paragraphs)} · 名词 {len(document.glossary)} · 注号 {len(document.marks)}"
        f" · 片段 {len(found)}（最长 {max(sizes, default=0)}；多句片段 {len(alone)}，合长度 {fitting}）",
        *document.warnings,
    ]
    return "\n".join(lines) + "\n"
