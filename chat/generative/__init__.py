"""Answers that a language model words, every sentence checked against the passages it cites."""
