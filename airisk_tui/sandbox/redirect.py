"""The way back to the application (RFC 6749 §4.1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

URI_CHARACTERS = ":/%#?=@[]!$&'()*+,;"  # RFC 3986 §2.2, and the percent sign of what is encoded already


@dataclass(frozen=True, slots=True)
class Redirect:
    """The way back to the application: its URI and what is added to it."""

    uri: str
    params: tuple[tuple[str, str], ...]
    fragment: bool = False

    @property
    def location(self) -> str:
        """The URI with the parameters appended, whatever query it already has; ASCII, as a header must be."""
        uri = quote(self.uri, safe=URI_CHARACTERS)
        if not self.params:
            return uri
        mark = "#" if self.fragment else "&" if "?" in uri else "?"
        return f"{uri}{mark}{urlencode(self.params, quote_via=quote)}"

    def without(self, *names: str) -> tuple[tuple[str, str], ...]:
        """The parameters but for those."""
        return tuple(pair for pair in self.params if pair[0] not in names)
