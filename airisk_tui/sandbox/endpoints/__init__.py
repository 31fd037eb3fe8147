"""The endpoints: authorization, token, and the protected ones."""
