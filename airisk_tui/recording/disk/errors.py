"""The errors of recordings. Each error's text is a sentence for the person (threats.md F3, F4)."""

from __future__ import annotations

from airisk_tui.errors import Refused


class RecordError(ValueError):
    """A record (a line of a recording) is invalid; the rest of the file may be valid."""


class RecordingRefused(Refused):
    """A file is not opened: it is not a recording, has a newer format, is too large, or is not a plain file."""


class RecordingFailed(Refused):
    """Something could not be written; earlier records stay readable."""
