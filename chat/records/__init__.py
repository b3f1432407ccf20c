"""What the service remembers: keys, feedback, jobs, the audit log and the log of questions."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from chat.records.audit import Audit
from chat.records.database import Database
from chat.records.feedback import FeedbackBook
from chat.records.idempotency import Idempotency
from chat.records.jobs import Jobs
from chat.records.keys import Keys
from chat.records.questions import QuestionLog
from corpus.errors import RecordsError

if TYPE_CHECKING:
    from chat.settings import Settings

_log = logging.getLogger("wenzheng.records")
_UPKEEP_SECONDS = 600


class Records:
    """All records of one library, in one database.

    Threads may share one object; several processes may open the same database.
    """

    def __init__(
        self,
        place: Path | str,
        *,
        keep: timedelta = timedelta(days=180),
        log_questions: bool = True,
    ) -> None:
        """Open the records, creating or upgrading them where needed.

        :param place: folder of the library, or a database URL.
        :param keep: how long the audit log, questions, feedback and finished jobs are kept.
        :param log_questions: whether questions are logged at all.
        :raises RecordsError: if they cannot be opened.
        """
        self.database = Database(place)
        self.keep = keep
        self.keys = Keys(self.database)
        self.feedback = FeedbackBook(self.database)
        self.jobs = Jobs(self.database)
        self.idempotency = Idempotency(self.database)
        self.audit = Audit(self.database)
        self.questions = QuestionLog(self.database, log_questions)
        self._stop = threading.Event()
        self._upkeep: threading.Thread | None = None

    def purge(self) -> None:
        """Delete what is older than it may be kept."""
        self.audit.purge(self.keep)
        self.questions.purge(self.keep)
        self.feedback.purge(self.keep)
        self.jobs.purge(self.keep)
        self.idempotency.purge()

    def start_upkeep(self) -> None:
        """Mark jobs of dead processes and purge old records, now and every ten minutes."""
        if self._upkeep is None:
            self._stop.clear()
            self._upkeep = threading.Thread(target=self._keep_up, name="records", daemon=True)
            self._upkeep.start()

    def close(self) -> None:
        """End the upkeep and close the database."""
        self._stop.set()
        if self._upkeep is not None:
            self._upkeep.join(timeout=10)
            self._upkeep = None
        self.database.close()

    def _keep_up(self) -> None:
        while True:
            try:
                for job in self.jobs.sweep():
                    self.audit.record("system", "jobs.interrupted", job.id, job.kind)
                self.purge()
            except RecordsError as error:  # told, and tried again at the next turn
                _log.error("记录库的例行整理失败：%s", error.message)
            if self._stop.wait(_UPKEEP_SECONDS):
                return


def open_records(config: Settings) -> Records:
    """Return the records of the settings.

    :raises RecordsError: if they cannot be opened.
    """
    url = config.records.get_secret_value() if config.records else ""
    return Records(
        url or config.data,
        keep=timedelta(days=config.keep_days),
        log_questions=config.log_questions,
    )
