"""The options that change the requests of a run: `--set`, `--omit`, `--add` and `--body` (editing.md, "Edits").

The first frame of the screen waits for this module, so its functions import what they need.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airisk_tui.flow.start.fields import FIELDS
from airisk_tui.headless.shared.process import UsageError

if TYPE_CHECKING:
    from airisk_tui.oauth.request.edit import Edit

RAW = "raw:"

MAX_RAW = 1024 * 1024
"""Bytes of a body that is read from a file; a token request has a few hundred."""


class EditOption(argparse.Action):
    """Appends an edit: the order of edits counts."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Raises UsageError for anything that is no edit."""
        _add(namespace, edit_from(option_string or "--set", str(values)))


class BodyOption(argparse.Action):
    """Sets the encoding of the token request, or with `raw:FILE` its whole body, which is an edit."""

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
            from airisk_tui.oauth.request.edit import Edit

            _add(namespace, Edit("token", "body", value=_read(Path(text.removeprefix(RAW)))))
        elif text in encodings:
            namespace.encoding = text
        else:
            raise UsageError(f"--body expects {', '.join(encodings)} or {RAW}FILE, not “{text[:80]}”.")


def edit_from(option: str, text: str) -> Edit:
    """The edit that an option with this value describes. Raises UsageError."""
    from airisk_tui.oauth.request.edit import Action, UnreadableEdit, read_edit

    actions: dict[str, Action] = {"--set": "set", "--omit": "omit", "--add": "add"}
    try:
        return read_edit(actions[option], text)
    except UnreadableEdit as error:
        expected = "STEP.PLACE.NAME" if option == "--omit" else "STEP.PLACE.NAME=VALUE"
        raise UsageError(f"{option} expects {expected}: {error}.") from error


def _add(namespace: argparse.Namespace, edit: Edit) -> None:
    namespace.edits = (*getattr(namespace, "edits", ()), edit)


def _read(path: Path) -> str:
    """The body in a file; bytes that are no UTF-8 are kept (PEP 383). Raises UsageError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_RAW + 1)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UsageError(f"--body {RAW}{path} cannot be read: {why}.") from error
    if len(data) > MAX_RAW:
        raise UsageError(f"--body {RAW}{path} has more than {MAX_RAW:,} bytes; a token request has a few hundred.")
    return data.decode("utf-8", "surrogateescape")
