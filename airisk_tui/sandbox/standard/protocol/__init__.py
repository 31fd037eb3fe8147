"""The issuer on Authlib's server side: requests, clients' authentication, grants, tokens and ID tokens."""
