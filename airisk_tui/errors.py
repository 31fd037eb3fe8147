"""The one kind of error that is no fault of the program, and that nobody between its cause and the person has to translate."""

from __future__ import annotations


class Refused(Exception):
    """What was asked for is not done. The text is a sentence or two, fit to be shown: what is wrong, and what to do. It ends a command
    with exit code 2 (command-line.md, Outcomes and exit codes)."""
