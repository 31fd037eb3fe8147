"""Step 1: the authorization request, and what the redirect or a person brings back (RFC 6749 §4.1.1, §4.1.2)."""
