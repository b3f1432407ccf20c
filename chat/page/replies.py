"""Replies that are whole pages, with the strictest policy that they work under."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse

from chat.page.strings import Language
from chat.page.templating import render

# No script stands in these pages; charts carry style attributes.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'"
)


def page(
    request: Request, template: str, language: Language, status: int = 200, **values: object
) -> HTMLResponse:
    """Return a template as a page; ``other`` is its address in the other language."""
    other = request.url.include_query_params(lang="zh" if language == "en" else "en")
    body = render(template, language, root=root_of(request), other=f"?{other.query}", **values)
    return HTMLResponse(body, status_code=status, headers={"Content-Security-Policy": _POLICY})


def root_of(request: Request) -> str:
    """Return the path prefix under which the service is reached, without a slash at its end."""
    return str(request.scope.get("root_path", "")).rstrip("/")
