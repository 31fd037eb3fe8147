"""Secrets of twelve kinds, fourteen encodings, and the places of a message: what is planted, here and by a server (tests/threats)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import quote

SECRETS = (
    *("7c9e6679-7425-40de-944b-e07fc1f90ae7", "9f86d081884c7d659a2feaa0c55ad015", "Zx8Kq+3vLm/7RtYp2WsNbH4cQd1fGj9u"),
    *("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "q7Rk2vXw9LpZ4tYb8NcD3fGh6Jw=", "MFRGGZDFMZTWQ2LKNNWG23TPOB"),
    *("485920174639205817463920", "rt_8f3KJ2nsdkQ91mZ", "xkqvzjwrtplmnbdfghcs", "QXKVZJWRTPLMNBDFGHCS"),
    *(
        "sk.live.4eC39HqLyjWDarjtT1zdp7dc",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyXzQyIn0.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw",
    ),
)
ENCODINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "percent": lambda s: quote(s, safe=""),
    "percent twice": lambda s: quote(quote(s, safe=""), safe=""),
    "percent for all": lambda s: "".join(f"%{ord(c):02X}" for c in s),
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64url": lambda s: base64.urlsafe_b64encode(s.encode()).decode().rstrip("="),
    "base32": lambda s: base64.b32encode(s.encode()).decode(),
    "hex": lambda s: s.encode().hex(),
    "HEX": lambda s: s.encode().hex().upper(),
    "JSON": lambda s: "".join(f"\\u{ord(c):04x}" for c in s),
    "JavaScript": lambda s: "".join(f"\\x{ord(c):02x}" for c in s),
    "HTML": lambda s: "".join(f"&#{ord(c)};" for c in s),
    "HTML in hex": lambda s: "".join(f"&#x{ord(c):x};" for c in s),
    "backwards": lambda s: s[::-1],
}
FORM, PART = "application/x-www-form-urlencoded", 'Content-Disposition: form-data; name="ticket"'
HEADERS = {
    "query of the redirect": ("Location", "https://h/cb?ticket={}&state=s"),
    "fragment": ("Location", "https://h/cb#grant={}"),
    "path": ("Location", "https://h/cb/{}/x"),
    "header": ("X-Some", "{}"),
    "header's name": ("X-{}", "1"),
    "sentence of a header": ("WWW-Authenticate", 'Bearer realm="x", error_description="bad {}"'),
    "cookie": ("Set-Cookie", "a={}; Path=/"),
    "cookie's path": ("Set-Cookie", "a=b; Path=/{}"),
    "cookie's name": ("Set-Cookie", "{}=b; Path=/"),
}
BODIES = {
    "form": (FORM, "a=1&ticket={}&b=2"),
    "form's name": (FORM, "a=1&{}=x&b=2"),
    "JSON": ("application/json", '[{"ticket": "{}"}]'),
    "JSON's name": ("application/json", '[{"{}": "x"}]'),
    "JSON's error": ("application/json", '{"error": "{}"}'),
    "JSON's sentence": ("application/json", '{"error_description": "the code {} is wrong"}'),
    "JSON in JSON": ("application/json", json.dumps({"m": '{"t": "{}"}'})),
    "multipart": ("multipart/form-data; boundary=b", f"--b\r\n{PART}\r\n\r\n{{}}\r\n--b--\r\n"),
    "multipart that is no UTF-8": (
        "multipart/form-data; boundary=b",
        f"--b\r\n{PART}\r\n\r\n\udcff{{}}\udcff\r\n--b--\r\n",
    ),
    "XML": ("application/xml", "<?xml version='1.0'?><a><ticket>{}</ticket></a>"),
    "XML's attribute": ("application/xml", "<?xml version='1.0'?><a t='{}'/>"),
    "XML's comment": ("application/xml", "<?xml version='1.0'?><a><!-- {} --></a>"),
    "text": ("text/plain", "Sorry, {} is wrong"),
    "path in a text": ("text/plain", "see /api/v2/{}/edit, https://h.example/a/{}."),
    "page": ("text/html", "<p>x</p><a href='/cb?t={}'>go</a><p>{}</p><script>var a='{}'</script>"),
}
