"""What can go wrong with recordings: each error's text is a whole sentence, fit to be shown (threats.md F3, F4)."""

from __future__ import annotations

from airisk_tui.errors import Refused


class RecordError(ValueError):
    """One record (a line of a recording) is not what it should be; the rest of the file may well be."""


class RecordingRefused(Refused):
    """A file is not opened: it is no recording, a newer one, too large, or no plain file."""


class RecordingFailed(Refused):
    """Something could not be written; what had been written before stays readable."""
