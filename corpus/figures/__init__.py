"""The figures of a report: numbers with what was measured, whose it is, and of which years."""

from corpus.figures.extraction import figures
from corpus.figures.names import normal_name

__all__ = ["figures", "normal_name"]
