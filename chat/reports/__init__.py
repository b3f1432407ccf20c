"""The reports as pages of their own: the full text, and the figures in it."""
