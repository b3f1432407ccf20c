"""Training of the shipped reader: questions made from running text, then DRCD, then govqa."""
