"""The shipped neural reader: where in the passages found the answer begins and ends."""
