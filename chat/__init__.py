"""Answers: evidence, spans, refusal, conversation; the service, its API and its page."""
