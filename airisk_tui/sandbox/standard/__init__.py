"""The issuer of the standard dialect: OAuth 2.0 and OpenID Connect on Authlib's server side, with faults.

Metadata (RFC 8414, OpenID Connect Discovery), keys, the authorization code grant with PKCE (RFC 7636), refresh with rotation (RFC
9700), revocation (RFC 7009), introspection (RFC 7662), userinfo, form_post, `iss` in the redirect (RFC 9207), the device grant (RFC
8628) and pushed authorization requests (RFC 9126). `registry` and `faults` import nothing slow; `app` (starlette, Authlib) and
`server` (uvicorn) are imported when the server is started.
"""
