"""The file that keeps the screen's state between two starts: the values of the form, the theme, the sizes of the panes.

A small JSON file that only the program writes (command-line.md, files). It contains no secret: `Session.public_rows` chooses the values.
A file that cannot be read counts as missing.

The first frame imports this module, so it imports nothing of the program but the file operations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from airisk_tui.oauth.text.lenient_json import text_in
from airisk_tui.recording.disk.files import SYSTEM, read_named, reason, replace_whole

FORMAT = 1
MAX_FILE = 256 * 1024
"""Bytes; a file with a hundred environments has about fifty thousand."""

MAX_VALUE = 2_000
"""Characters of a value; a longer one is not kept."""

MAX_EARLIER = 12
"""Earlier values of a row: as many as a list over the form shows."""

MAX_ENVIRONMENTS = 100
"""The least recently used ones are dropped first."""

Rows = Mapping[str, str]
"""The texts by row of the form."""


class Memory:
    """The kept state, read when this is made. path: of the file, which need not exist; problem: why it was not read, in a sentence, or
    ""."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem = ""
        self._theme = ""
        self._sizes: dict[str, int] = {}
        self._environments: dict[str, dict[str, Any]] = {}
        self._changed: set[str] = set()
        self._read()

    def _read(self) -> None:
        try:
            data = read_named(self.path, MAX_FILE)
        except FileNotFoundError:
            return
        except OSError as error:
            self._refuse(reason(error))
            return
        import json

        try:
            table = json.loads(data)
        except (ValueError, RecursionError):  # `json` reads with a call for each bracket, and a file may have thousands
            table = None
        if not isinstance(table, dict) or table.get("format") != FORMAT:
            self._refuse("it is not as this program writes it")
            return
        self._theme = text_in(table.get("theme"))
        self._sizes = {name: size for name, size in _table(table.get("sizes")).items() if isinstance(size, int)}
        self._environments = {name: _kept(values) for name, values in _table(table.get("environments")).items()}

    def _refuse(self, why: str) -> None:
        self.problem = f"What was typed earlier could not be read from {self.path}: {why}. It is written anew."

    @property
    def theme(self) -> str:
        """The name of the chosen theme, or ""."""
        return self._theme

    @theme.setter
    def theme(self, name: str) -> None:
        self._theme = name
        self._changed.add("theme")

    def size(self, pane: str) -> int:
        """The size that the person gave to a pane, or 0."""
        return self._sizes.get(pane, 0)

    def keep_size(self, pane: str, size: int) -> None:
        """Keep the size of a pane; 0 forgets it."""
        self._sizes[pane] = size
        self._changed.add("sizes")

    def rows(self, environment: str) -> Rows:
        """The values of the form for this environment."""
        rows: Rows = self._environments.get(environment, {}).get("rows", {})
        return rows

    def earlier(self, environment: str, row: str) -> tuple[str, ...]:
        """The values that earlier runs against this environment had in that row, the last one first."""
        return tuple(self._environments.get(environment, {}).get("earlier", {}).get(row, ()))

    def keep_rows(self, environment: str, rows: Rows) -> None:
        """Keep the values of the form."""
        kept = {row: text for row, text in rows.items() if len(text) <= MAX_VALUE}
        if self.rows(environment) != kept:
            self._table_of(environment)["rows"] = kept

    def used(self, environment: str, values: Iterable[tuple[str, str]]) -> None:
        """Keep the values of a run that starts, as pairs of row and text."""
        earlier = self._table_of(environment).setdefault("earlier", {})
        for row, text in values:
            if text and len(text) <= MAX_VALUE:
                others = [known for known in earlier.get(row, ()) if known != text]
                earlier[row] = [text, *others][:MAX_EARLIER]

    def _table_of(self, environment: str) -> dict[str, Any]:
        """The table of an environment, which becomes the most recently used one."""
        self._changed.add(f"environment {environment}")
        table = self._environments[environment] = self._environments.pop(environment, {})
        return table

    def save(self) -> str:
        """Write the changes since the last time, and keep those that another instance of the program has written meanwhile. Returns why
        the file could not be written, in a sentence, or ""."""
        if not self._changed:
            return ""
        import json

        table = self._merged(Memory(self.path))
        self._changed.clear()
        try:
            SYSTEM.make_folder(self.path.parent)
            replace_whole(SYSTEM, self.path, json.dumps(table, indent=1).encode())
        except OSError as error:
            return f"What was typed could not be kept in {self.path}: {reason(error)}."
        return ""

    def _merged(self, there: Memory) -> dict[str, Any]:
        """The file's new content. there: the state that the file has now."""
        mine = {name: table for name, table in self._environments.items() if f"environment {name}" in self._changed}
        others = {name: table for name, table in there._environments.items() if name not in mine}
        environments = list((others | mine).items())[-MAX_ENVIRONMENTS:]
        return {
            "format": FORMAT,
            "theme": self._theme if "theme" in self._changed else there._theme,
            "sizes": self._sizes if "sizes" in self._changed else there._sizes,
            "environments": dict(environments),
        }


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _kept(values: object) -> dict[str, Any]:
    """The table of one environment, without members of a wrong type."""
    rows, earlier = _table(_table(values).get("rows")), _table(_table(values).get("earlier"))
    return {
        "rows": {row: text for row, text in rows.items() if isinstance(text, str) and len(text) <= MAX_VALUE},
        "earlier": {
            row: [text for text in texts if isinstance(text, str)][:MAX_EARLIER]
            for row, texts in earlier.items()
            if isinstance(texts, list)
        },
    }
