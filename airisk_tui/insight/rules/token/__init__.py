"""Faults of a token that was issued, and of the response that held it."""
