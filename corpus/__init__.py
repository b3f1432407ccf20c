"""Reading reports: source text untouched, structure and passages as ranges of it."""
