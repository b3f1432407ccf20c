"""The staff's page: reports, questions without an answer, vocabulary, settings."""
