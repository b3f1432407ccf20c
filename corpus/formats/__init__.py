"""Readers of file formats, one module each: bytes in, ``Source`` out."""
