"""The templates of all pages: escaped by default, with the words of one language."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from chat.page.strings import Language, reasons, strings

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
_FOLDERS = tuple(f / "templates" for f in (_HERE, _HERE.parent / "reports", _HERE.parent / "staff"))
_DATE = ("{year}年{month}月{day}日", "{year}-{month:02d}-{day:02d}")


@cache
def stamp() -> str:
    """Return a stamp of the files that the pages load; it changes when one of them does."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDERS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["path"] = lambda text: quote(str(text), safe="")
    environment.filters["json"] = _json
    return environment


def render(template: str, language: Language, **values: object) -> str:
    """Return a template filled in; ``t`` holds the words, ``lang`` the language."""
    return (
        _environment()
        .get_template(template)
        .render(
            t=strings(language), lang=language, stamp=stamp(), reasons=reasons(language), **values
        )
    )


def date_text(date: str, language: Language) -> str:
    """Return an ISO date as people write it; empty stays empty."""
    if not date:
        return ""
    year, month, day = (int(part) for part in date.split("-"))
    return _DATE[language == "en"].format(year=year, month=month, day=day)


def _json(value: object) -> Markup:
    """Return a value as JSON that may stand in a script element."""
    text = json.dumps(value, ensure_ascii=False)
    # "</script>" and "<!--" would end or change the element that holds it.
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(safe)  # noqa: S704 (escaped just above)
