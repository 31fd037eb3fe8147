"""What servers answer: tokens, refusals, pages, users (RFC 6749 §5)."""
