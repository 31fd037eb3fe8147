"""Bodies of every kind that holds named values, for the tests of whoever reads or seals them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote_plus
from xml.sax.saxutils import escape

FORM, JSON, XML = "application/x-www-form-urlencoded", "application/json", "application/xml"
PARTS = 'multipart/form-data; boundary="B"'


def written(kind: str, pairs: Sequence[tuple[str, str]]) -> str:
    """These names and values as a body of that content type."""
    if kind == FORM:
        return "&".join(f"{name}={quote_plus(value)}" for name, value in pairs)
    if kind == JSON:
        return json.dumps([{"in": {name: value}} for name, value in pairs])
    if kind == XML:
        return (
            "<t>"
            + "".join(f'<n:{name} id="{escape(value)}">{escape(value)}</n:{name}>' for name, value in pairs)
            + "</t>"
        )
    parts = "".join(f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in pairs)
    return parts + "--B--\r\n"
