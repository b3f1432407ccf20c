"""How the service is: whether it answers, from which version, and what does not work."""

from __future__ import annotations

from dataclasses import dataclass

from index.problems import Problem


@dataclass(frozen=True)
class ServiceHealth:
    """How the service is at one moment.

    :ivar ready: whether an index is loaded that has answered its test question.
    :ivar detail: why it is not ready, in Chinese; empty if it is.
    :ivar version: the version that questions are answered from, None if none is loaded.
    :ivar published: the version that should be, None if unknown; another while it is loaded.
    :ivar problems: what does not work while the service goes on without it.
    """

    ready: bool
    detail: str
    version: int | None
    published: int | None
    problems: tuple[Problem, ...]

    @property
    def degraded(self) -> bool:
        """Whether it answers, but not with all its parts."""
        return self.ready and bool(self.problems)

    def told(self) -> str:
        """Return in Chinese what is wrong; empty if nothing is."""
        return "".join((self.detail, *(p.message for p in self.problems)))
