"""Cut a web page into lines and the boxes that hold them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.formats.joining import STOPS, collapse, join_lines

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table "
    "tbody td tfoot th thead tr ul".split()
)
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
# What is on a page but not part of what it says.
_UNSEEN = frozenset(
    "script style noscript template iframe object embed svg canvas video audio button select "
    "option input textarea head map dialog".split()
)
_FURNITURE_TAGS = frozenset(("nav", "footer", "aside"))
_FURNITURE_NAME = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|footer|foot|bottom|breadcrumbs?|crumbs?|sidebar|share|"
    r"bdsharebuttonbox|toolbar|copyright|pagination|search|login)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEADING_MAX = 60  # characters; pages that set whole paragraphs in h3 do not mean a heading
_CELL_MAX = 200  # characters; longer cells belong to a table that only lays out the page


@dataclass(frozen=True)
class Block:
    """A line of the page: ``linked`` of its characters are in links."""

    text: str
    level: int
    linked: int


@dataclass(frozen=True)
class Container:
    """A box of the page: ``blocks[first:last]``; ``furniture`` if its tag or name says so."""

    first: int
    last: int
    furniture: bool


@dataclass(frozen=True)
class Page:
    """Lines and boxes of a page in the order of its source; inner boxes before outer ones."""

    title: str
    blocks: tuple[Block, ...]
    containers: tuple[Container, ...]


def blocks_of(markup: str) -> Page:
    """Return the lines of a page; hidden parts, scripts and forms' fields are left out."""
    tree = LexborHTMLParser(markup)
    title = tree.css_first("title")
    root = tree.body or tree.root
    cutter = _Cutter()
    if root is not None:
        cutter.walk(root)
    heading = collapse(title.text() if title is not None else "").strip()
    return Page(heading, tuple(cutter.blocks), tuple(cutter.containers))


class _Cutter:
    """Walks the tree without recursion, for a page may nest as deep as it is long."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.containers: list[Container] = []
        self._line: list[str] = []
        self._linked = 0
        self._links = 0
        self._level = 0
        self._pre = 0

    def walk(self, root: LexborNode) -> None:
        # A step enters a node (first is None) or leaves it; then first counts the blocks before.
        steps: list[tuple[LexborNode, int | None]] = [(root, None)]
        while steps:
            node, first = steps.pop()
            tag = node.tag or ""
            if first is not None:
                self._leave(node, tag, first)
            elif tag == "-text":
                self._text(node.text_content or "")
            elif tag == "br":
                self._flush()
            elif tag not in _UNSEEN and not tag.startswith("-") and not _hidden(node):
                self._enter(tag)
                if tag == "tr" and (row := _row(node)) is not None:
                    self._text(row)
                    self._leave(node, tag, len(self.blocks))
                    continue
                steps.append((node, len(self.blocks)))
                child = node.last_child
                while child is not None:
                    steps.append((child, None))
                    child = child.prev

    def _enter(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()
        self._links += tag == "a"
        self._pre += tag == "pre"
        self._level = _HEADINGS.get(tag, self._level)

    def _leave(self, node: LexborNode, tag: str, first: int) -> None:
        if tag in _BLOCKS:
            self._flush()
            if len(self.blocks) > first:
                furniture = tag in _FURNITURE_TAGS or _named_furniture(node)
                self.containers.append(Container(first, len(self.blocks), furniture))
        self._links -= tag == "a"
        self._pre -= tag == "pre"
        if tag in _HEADINGS:
            self._level = 0

    def _text(self, text: str) -> None:
        self._line.append(text)
        if self._links:
            self._linked += len("".join(text.split()))

    def _flush(self) -> None:
        raw = "".join(self._line)
        linked, self._line, self._linked = self._linked, [], 0
        lines = join_lines(raw.split("\n")) if self._pre else [collapse(raw).strip()]
        for line in lines:
            if line:
                heading = len(line) <= _HEADING_MAX and line[-1] not in STOPS
                self.blocks.append(Block(line, self._level if heading else 0, linked))
                linked = 0


def _hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))


def _named_furniture(node: LexborNode) -> bool:
    attributes = node.attributes
    return bool(
        _FURNITURE_NAME.search(attributes.get("class") or "")
        or _FURNITURE_NAME.search(attributes.get("id") or "")
    )


def _row(row: LexborNode) -> str | None:
    """Return the cells of a table's row in one line, or None if the row lays out the page."""
    cells = [c for c in row.iter() if c.tag in ("td", "th")]
    if len(cells) < 2 or row.css_first("table, h1, h2, h3, ul") is not None:
        return None
    texts = [collapse(c.text(separator="", strip=False)).strip() for c in cells]
    if any(len(t) > _CELL_MAX for t in texts) or not any(texts):
        return None
    return " | ".join(texts)
