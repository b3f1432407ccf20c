"""Runs: a system is asked, what it says is scored."""
