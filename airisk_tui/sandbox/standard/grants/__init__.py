"""The grants that the token endpoint knows: authorization code, refresh token, device code."""
