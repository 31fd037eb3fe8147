"""Regular expressions that are compiled when they are first used, not when their module is imported.

`re` compiles in Python, which is slow. A start of the program imports a hundred patterns, most of which are not used before the first
frame.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pattern = re.compile
else:

    def pattern(text: str | bytes, flags: int = 0):
        """Like `re.compile`, but compiled at the first use."""
        return _Pattern(text, flags)


class _Pattern:
    """A pattern that compiles itself at its first use and copies the compiled pattern's attributes, so that later uses cost nothing."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self.pattern = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self._flags)
        vars(self).update({each: getattr(compiled, each) for each in dir(compiled) if not each.startswith("_")})
        return getattr(compiled, name)
