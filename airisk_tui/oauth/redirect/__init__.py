"""Step 1: the authorization request, and the response in a redirect or a paste (RFC 6749 §4.1.1, §4.1.2)."""
