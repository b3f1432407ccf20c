"""Question files, metrics and runners; nothing imports from here."""
