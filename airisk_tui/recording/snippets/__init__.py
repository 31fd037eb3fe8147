"""The requests of a run as programs: bash with `curl`, and Python with its standard library.

Secrets become environment variables, except those that the program gets itself: the code from the redirect (or from the
person, where a browser was used) and the token from the response. A recording may hold hostile text, so all of it is quoted:
by `shlex` in bash, as an ASCII literal in Python, as one visible line in a comment (threats.md S1, F1).
"""

from __future__ import annotations

from airisk_tui.recording.snippets.curl import as_curl
from airisk_tui.recording.snippets.python import as_python
from airisk_tui.recording.snippets.requests import variables

__all__ = ["as_curl", "as_python", "variables"]
