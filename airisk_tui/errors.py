"""The error for a request of the person that the program refuses."""

from __future__ import annotations


class Refused(Exception):
    """The program refuses what the person asked for. The text is one or two sentences for the person: what is wrong, and what to do.
    A command ends with exit code 2 (command-line.md, Outcomes and exit codes)."""
