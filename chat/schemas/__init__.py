"""The shapes of requests and replies at the HTTP edge, and their Chinese descriptions."""

from chat.schemas.answers import (
    AnswerModel,
    AskRequest,
    CitationModel,
    HitModel,
    SearchReply,
    SearchRequest,
)
from chat.schemas.common import Health, Page, Problem
from chat.schemas.documents import (
    DocumentDetail,
    DocumentModel,
    DocumentsReply,
    OutlineEntry,
    OutlineReply,
    VersionModel,
    VersionsReply,
)
from chat.schemas.figures import FigureModel, FiguresReply

__all__ = [
    "AnswerModel",
    "AskRequest",
    "CitationModel",
    "DocumentDetail",
    "DocumentModel",
    "DocumentsReply",
    "FigureModel",
    "FiguresReply",
    "Health",
    "HitModel",
    "OutlineEntry",
    "OutlineReply",
    "Page",
    "Problem",
    "SearchReply",
    "SearchRequest",
    "VersionModel",
    "VersionsReply",
]
