"""The options that change a run's requests: `--set`, `--omit`, `--add` and `--body` (editing.md, "Edits").

Imported with the options, so it imports nothing else of the program before one of them is given.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airisk_tui.flow.fields import FIELDS
from airisk_tui.headless.process import UsageError

if TYPE_CHECKING:
    from airisk_tui.oauth.edit import Edit

RAW = "raw:"

MAX_RAW = 1024 * 1024
"""Bytes of a body that is read from a file; a token request has a few hundred."""


class EditOption(argparse.Action):
    """Adds an edit to those that were given before it: their order counts."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Raises UsageError for what is no edit."""
        _add(namespace, edit_from(option_string or "--set", str(values)))


class BodyOption(argparse.Action):
    """The encoding of the token request's body, or with `raw:FILE` the body itself, which is an edit."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Raises UsageError for another word, and for a file that cannot be read."""
        text, encodings = str(values), FIELDS["encoding"].choices
        if text.startswith(RAW):
            from airisk_tui.oauth.edit import Edit

            _add(namespace, Edit("token", "body", value=_read(Path(text.removeprefix(RAW)))))
        elif text in encodings:
            namespace.encoding = text
        else:
            raise UsageError(f"--body expects {', '.join(encodings)}, or {RAW}FILE, and “{text[:80]}” is none of them.")


def edit_from(option: str, text: str) -> Edit:
    """The edit that an option and its value make. Raises UsageError."""
    from airisk_tui.oauth.edit import Action, UnreadableEdit, read_edit

    actions: dict[str, Action] = {"--set": "set", "--omit": "omit", "--add": "add"}
    try:
        return read_edit(actions[option], text)
    except UnreadableEdit as error:
        expected = "STEP.PLACE.NAME" if option == "--omit" else "STEP.PLACE.NAME=VALUE"
        raise UsageError(f"{option} expects {expected}: {error}.") from error


def _add(namespace: argparse.Namespace, edit: Edit) -> None:
    namespace.edits = (*getattr(namespace, "edits", ()), edit)


def _read(path: Path) -> str:
    """A body; bytes that are no UTF-8 stay themselves (PEP 383)."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_RAW + 1)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UsageError(f"--body {RAW}{path} cannot be read: {why}.") from error
    if len(data) > MAX_RAW:
        raise UsageError(f"--body {RAW}{path} has more than {MAX_RAW:,} bytes; a token request has a few hundred.")
    return data.decode("utf-8", "surrogateescape")
