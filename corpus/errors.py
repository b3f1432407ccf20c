"""The project's errors: a Chinese sentence with cause and mend for people, a code for programs."""

from __future__ import annotations


class WenzhengError(Exception):
    """Base of all errors that a user may see.

    :ivar code: stable name for programs, e.g. ``document_empty``.
    :ivar message: Chinese, names the cause and the mend.
    """

    code = "error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class DocumentError(WenzhengError):
    """A file cannot be read as a report."""

    code = "document_unreadable"


class LibraryError(WenzhengError):
    """The library on disk is missing, damaged or does not fit the settings."""

    code = "library_unusable"


class UnknownDocumentError(WenzhengError):
    """A document id that the library does not hold."""

    code = "document_unknown"


class QuestionError(WenzhengError):
    """A question that cannot be asked: empty, too long, unreadable characters."""

    code = "question_invalid"


class QuestionFileError(WenzhengError):
    """A question file with a faulty line."""

    code = "question_file_invalid"
