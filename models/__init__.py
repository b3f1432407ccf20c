"""Shipped weights with their model cards, and the scripts that made them."""
