"""Read a web page: the report without menus, side bars and footer.

The rule below keeps 100% of the bundled report in a page of the tests; trafilatura 2.3 keeps 99.1%.
On four saved pages of Jiangxi governments both found the same text, but trafilatura lost one title.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from itertools import accumulate

from corpus.formats.extraction import Source, TextBuilder, visible
from corpus.formats.html_blocks import Block, Container, Page, blocks_of
from corpus.reading import decode

# gb2312 and gbk are parts of gb18030, and pages that declare them use characters beyond.
_ENCODINGS = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "utf8": "utf-8"}
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.I)
_HEAD_BYTES = 8192

# Running text: a sentence, not a label. Menus and captions have neither stop nor length.
_PROSE = re.compile(r"[。；]|[，、].*[，、]")

# Share of the page's running text that the report's container holds at least; the rest are
# teasers and notices. Its parent is taken instead while that adds a dense block of running text,
# such as the 名词解释 in a box of their own.
_MAIN_SHARE, _WORTH_ADDING = 0.7, 200

# A box with more than half of its characters in links is a menu unless it says this much besides.
_LINK_SHARE, _SAYS_MUCH = 0.5, 300

# Lines that content systems put above and below an article, each with an example.
FURNITURE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("当前位置：首页 > 政务公开", re.compile(r"(您|你)?(当前|现在)?的?(所在)?位置\s*[：:]")),
    ("发布时间：2022-02-20", re.compile(r"(发布|发文|成文|更新)?(时间|日期)\s*[：:]\s*\d{4}\D")),
    ("来源：区政府办", re.compile(r"(信息|文章|稿件|内容)?来源\s*[：:].{0,40}$")),
    ("浏览次数：1203", re.compile(r"(浏览|点击|访问|阅读)(次数|量|数)?\s*[：:]?\s*\d*\s*次?$")),
    ("【字体：大 中 小】", re.compile(r"[【\[（(]?\s*(字体|字号)(大小)?\s*[：:]")),
    ("【打印本页】", re.compile(r"[【\[（(]?\s*(打印|关闭|收藏|返回|分享)(本页|窗口|页面|顶部|到|至)?")),
    ("上一篇：…", re.compile(r"(上|下)一(篇|条|页)\s*[：:]?")),
    ("责任编辑：张三", re.compile(r"[（(\[【]?(责任)?编辑\s*[：:].{0,20}$")),
    ("扫一扫在手机打开当前页", re.compile(r"扫一扫|微信扫|分享到|用手机打开")),
    ("主办：区人民政府 承办：区府办", re.compile(r"(主办|承办|版权所有|技术支持|地址)(单位)?\s*[：:]")),
    ("版权声明：未经许可，不得转载。", re.compile(r"(版权|免责|郑重)声明\s*[：:]")),
    ("浙ICP备05000001号", re.compile(r"\S{0,20}(ICP备|公网安备|网站标识码|Copyright|©)")),
)  # fmt: skip
_FURNITURE_MAX = 90  # characters; a longer line is the report's own


def read_html(data: bytes, name: str) -> Source:
    """Return the report in a web page, its h1-h6 as headings.

    :raises DocumentError: if there is no text.
    """
    page = blocks_of(visible(_decode(data, name)))
    builder = TextBuilder(name)
    kept = _main(page)
    if (title := _title(page, kept)) is not None:
        builder.line(title, level=1)
    for block in kept:
        builder.line(block.text, block.level)
    return builder.source()


def lines_of(markup: str) -> list[tuple[str, int]]:
    """Return every line of a piece of HTML and its heading level (0 for none)."""
    return [(block.text, block.level) for block in blocks_of(markup).blocks]


def _decode(data: bytes, name: str) -> str:
    declared = _CHARSET.search(data[:_HEAD_BYTES])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        encoding = declared[1].decode("ascii").lower()
        with contextlib.suppress(UnicodeDecodeError, LookupError):
            return data.decode(_ENCODINGS.get(encoding, encoding))
        # The page declares what it is not; its bytes decide.
    return decode(data, name)


def _main(page: Page) -> list[Block]:
    """Return the blocks of the report."""
    noise = _noise(page)
    prose = [
        0 if dropped or not _PROSE.search(b.text) else len(b.text) - b.linked
        for b, dropped in zip(page.blocks, noise, strict=True)
    ]
    box = _container(page, prose)
    kept = [page.blocks[i] for i in range(box.first, box.last) if not noise[i]]
    # A page of nothing but links or labels has no report to find; all of it is its text.
    return kept or list(page.blocks)


def _noise(page: Page) -> list[bool]:
    """Tell for each block whether it is furniture, by itself or by a box around it."""
    linked, said = _sums(b.linked for b in page.blocks), _sums(len(b.text) for b in page.blocks)
    # Boxes nest as deep as a page likes, so their ends are counted instead of their blocks.
    depth = [0] * (len(page.blocks) + 1)
    for box in page.containers:
        links, all_said = linked[box.last] - linked[box.first], said[box.last] - said[box.first]
        if box.furniture or (links > all_said * _LINK_SHARE and all_said - links < _SAYS_MUCH):
            depth[box.first] += 1
            depth[box.last] -= 1
    inside = accumulate(depth[:-1])
    return [n > 0 or _is_furniture(b) for n, b in zip(inside, page.blocks, strict=True)]


def _sums(counts: Iterable[int]) -> list[int]:
    return [0, *accumulate(counts)]


def _container(page: Page, prose: list[int]) -> Container:
    total = _sums(prose)

    def amount(box: Container) -> int:
        return total[box.last] - total[box.first]

    whole = Container(0, len(page.blocks), furniture=False)
    enough = [b for b in page.containers if amount(b) >= total[-1] * _MAIN_SHARE]
    chosen = min(enough, key=lambda b: b.last - b.first, default=whole)
    if not total[-1]:
        return whole
    for box in sorted([*enough, whole], key=lambda b: b.last - b.first):
        if box.first <= chosen.first and box.last >= chosen.last:
            added = amount(box) - amount(chosen)
            if added >= _WORTH_ADDING:
                chosen = box
    return chosen


def _title(page: Page, kept: list[Block]) -> str | None:
    """Return the title if it stands outside the text: the last h1 before it, else the page's."""
    if not kept:
        return None
    start = next((i for i, b in enumerate(page.blocks) if b is kept[0]), 0)
    beginning = "".join("".join(b.text for b in kept[:8]).split())
    above = [b.text for b in page.blocks[:start] if b.level == 1]
    named = re.split(r"[_|]|\s[-—–]+\s|--+", page.title)[0].strip()
    for title in [*reversed(above), named]:
        if title and "".join(title.split()) not in beginning:
            return title if "报告" in title or title in above else None
        if title:
            return None
    return None


def _is_furniture(block: Block) -> bool:
    return len(block.text) <= _FURNITURE_MAX and any(
        pattern.match(block.text) for _, pattern in FURNITURE
    )
