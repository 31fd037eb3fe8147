"""The embedded servers: what the AIRisk server (`airisk/`) and the standard issuer (`standard/`) share.

They share no protocol code with the client, because a client that is tested against its own code proves nothing. `data.registry` and
`faults` import nothing slow, so they can be listed; `app` (starlette) and `server` (uvicorn) are imported when a server is started.
"""
