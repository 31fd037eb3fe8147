"""Regular expressions that are compiled when they are first used, not when their module is imported.

`re` compiles each pattern in Python. A start of the program imports a hundred of them, and most are not used before the first
frame, or at all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pattern = re.compile
else:

    def pattern(text: str | bytes, flags: int = 0):
        """As `re.compile`, compiled at the first use."""
        return _Pattern(text, flags)


class _Pattern:
    """What a compiled pattern has becomes its own at the first use, so that later ones cost nothing more."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self.pattern = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self._flags)
        vars(self).update({each: getattr(compiled, each) for each in dir(compiled) if not each.startswith("_")})
        return getattr(compiled, name)
