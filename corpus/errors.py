"""The project's errors: a Chinese sentence with cause and mend for people, a code for programs."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.nearest import nearest


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


class DamagedLibraryError(LibraryError):
    """Files of the library are missing, cut short or altered: their checksums do not match."""

    code = "library_damaged"


class OutdatedLibraryError(LibraryError):
    """The index was built by an older version of the program; its documents can be indexed anew."""

    code = "library_outdated"


class StoppedError(LibraryError):
    """A change of the library was given up because the service stops; nothing was published."""

    code = "service_stopping"


class UnknownDocumentError(WenzhengError):
    """A document id that the library does not hold."""

    code = "document_unknown"

    @classmethod
    def of(cls, document_id: str, held: Iterable[str]) -> UnknownDocumentError:
        """Return the error that names the document and those there are that are most like it."""
        names = "、".join(nearest(document_id[:80], held))
        return cls(f"没有编号为“{document_id[:80]}”的文件；最接近的有：{names}，请从中选用。")


class NoReportError(WenzhengError):
    """The library has no report of a region, a year or a level, or none that meets all conditions."""

    code = "report_unknown"


class QuestionError(WenzhengError):
    """A question that cannot be asked: empty, too long, unreadable characters."""

    code = "question_invalid"


class GenerationError(WenzhengError):
    """A language model cannot be had, fails, stalls or breaks off."""

    code = "generation_failed"


class QuestionFileError(WenzhengError):
    """A question file with a faulty line."""

    code = "question_file_invalid"


class SettingsError(WenzhengError):
    """A setting with an unknown name or a value that cannot be."""

    code = "settings_invalid"


class RecordsError(WenzhengError):
    """The records (keys, feedback, jobs, audit) cannot be opened, read or written."""

    code = "records_unusable"


class BackupError(WenzhengError):
    """A backup cannot be written, or what is to be restored cannot be trusted."""

    code = "backup_unusable"
