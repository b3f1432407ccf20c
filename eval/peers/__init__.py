"""Wenzheng beside the pipelines people would build instead, on the same machine and questions."""
