"""Encoding passages, storing them, and publishing whole versions of the library on disk."""
