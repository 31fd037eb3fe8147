"""The requests of a run as snippets that run: `curl` in bash, and Python with nothing but its standard library.

Secrets become environment variables, but for those that the snippet can get itself: the code out of the redirect, or from the
person where a browser brought it, and the token out of the answer. A recording may hold anything, so nothing of it is ever
more than a value: in the shell every literal part is quoted by `shlex`, in Python it is a literal in ASCII, in a comment it is
one visible line (threats.md S1, F1).
"""

from __future__ import annotations

from airisk_tui.recording.snippets.curl import as_curl
from airisk_tui.recording.snippets.script import as_python
from airisk_tui.recording.snippets.steps import variables

__all__ = ["as_curl", "as_python", "variables"]
