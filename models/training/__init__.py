"""Scripts that make the shipped weights; run-time code never imports from here."""

SEED = 20220212
