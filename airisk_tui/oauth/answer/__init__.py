"""Readers of a server's answers: tokens, refusals, pages, users (RFC 6749 §5)."""
