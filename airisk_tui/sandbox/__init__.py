"""The embedded AIRisk authorization server: an ASGI app that speaks the dialect of protocol.md; and a menu of faults.

It shares no protocol code with the client: two twins that copy each other prove nothing. `registry` and `faults` are light and
may be imported to list what there is; `app` (starlette) and `server` (uvicorn) are imported when the server is started.
"""
