"""Styles and scripts of the pages, from this host, kept by browsers until they change."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

from chat.page.templating import STATIC, stamp

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOREVER = "public, max-age=31536000, immutable"


def assets_router() -> APIRouter:
    """Return the addresses ``/page/{stamp}/{name}``, and the icon that browsers ask for unasked."""
    router = APIRouter(include_in_schema=False)
    names = {p.name: p for p in STATIC.iterdir() if p.suffix in _TYPES}

    @router.get("/page/{version}/{name}")
    def asset(version: str, name: str) -> FileResponse:
        path = names.get(name)
        if path is None:
            raise HTTPException(404)
        cache = _FOREVER if version == stamp() else "no-cache"
        return FileResponse(path, media_type=_TYPES[path.suffix], headers={"Cache-Control": cache})

    @router.get("/favicon.ico")
    def favicon() -> FileResponse:
        return FileResponse(
            names["icon.svg"], media_type=_TYPES[".svg"], headers={"Cache-Control": "max-age=86400"}
        )

    return router
