"""Why the token endpoint issued no token."""
