"""The requests of a run as snippets that run: `curl` for a shell, and Python with httpx2. Secrets become environment variables.

A recording may hold anything, so nothing of it is ever more than a value: in the shell every literal part is quoted by
`shlex`, in Python it is a literal in ASCII, in a comment it is one visible line (threats.md S1, F1).
"""

from __future__ import annotations

import base64
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.step import fold
from airisk_tui.oauth.http import Body, Headers, HttpRequest, header
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import PLACEHOLDER
from airisk_tui.oauth.text import shortened, visible
from airisk_tui.recording.exchanges import Step, roles, started, steps

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""RFC 9110 §5.6.2: a method or a header's name. What is none of these is left out of a snippet."""

SET_BY_CLIENT = {"host", "content-length", "connection", "transfer-encoding", "accept-encoding", "user-agent"}
"""Headers that the client writes by itself, and better."""

Place = Literal["query", "json", "plain"]
"""Where a secret stands, which says how its raw value has to be written there."""


@dataclass(frozen=True, slots=True)
class _Request:
    """A request that can be sent again. note: one line of comment."""

    note: str
    method: str
    url: str
    headers: Headers
    body: Body
    place: Place


def as_curl(events: Sequence[AnyEvent]) -> str:
    """A bash script that sends our requests again, one `curl` each."""
    names = variables(events)
    parts = [
        "#!/usr/bin/env bash",
        "# The requests of a recorded run. Set the variables before; a code works only once.",
        "",
    ]
    for request in _requests(events):
        lines = [
            f"# {request.note}",
            f"curl --silent --show-error --include --globoff --proto '=http,https' --request {shlex.quote(request.method)}",
        ]
        lines[-1] += f" --url {_shell(request.url, names)}"
        lines += [f"--header {_shell(f'{name}: {value}', names)}" for name, value in request.headers]
        lines += _shell_body(request, names)
        parts += [lines[0], " \\\n  ".join(lines[1:]), ""]
    return "\n".join(parts)


def as_python(events: Sequence[AnyEvent]) -> str:
    """A Python program that sends our requests again, with httpx2."""
    names = variables(events)
    parts = [
        '"""The requests of a recorded run. Set the environment variables before; a code works only once."""',
        "import json",
        "from os import environ",
        "from urllib.parse import quote",
        "",
        "import httpx2",
        "",
        "with httpx2.Client(follow_redirects=False, timeout=30) as client:",
    ]
    requests = [_python_request(request, names) for request in _requests(events)]
    return "\n".join([*parts, *(requests or ["    pass  # the recording holds no request"]), ""])


def _python_request(request: _Request, names: dict[str, str]) -> str:
    headers = "".join(f"            ({name!a}, {_python(value, names, 'plain')}),\n" for name, value in request.headers)
    lines = (
        f"# {request.note}",
        "response = client.request(",
        f"    {request.method!a},",
        f"    {_python(request.url, names, 'query')},",
        f"    headers=[\n{headers}        ]," if headers else "    headers=[],",
        f"    content={_python_body(request, names)},",
        ")",
        "print(response.status_code, ascii(response.text))",
    )
    return "\n".join(f"    {line}" for line in lines)


def variables(events: Sequence[AnyEvent]) -> dict[str, str]:
    """For each fingerprint the environment variable that stands for the secret, such as `AIRISK_ACCESS_TOKEN`."""
    return {fingerprint: f"AIRISK_{role.upper()}" for fingerprint, role in roles(fold(events), events).items()}


def _requests(events: Sequence[AnyEvent]) -> Iterator[_Request]:
    begun = started(events)
    own = [step for step in steps(events) if step.ours]
    number = 1
    if begun is not None and begun.inputs.mode != "direct":
        note = f"{number}. authorization-request; the run opened this address in a browser"
        yield _Request(note, "GET", _safe_url(begun.inputs.authorization_url), (), Body(), "query")
        number += 1
    for step in own:
        if TOKEN.fullmatch(step.request.method):
            yield _sendable(step.request, _note(number, step))
            number += 1


def _note(number: int, step: Step) -> str:
    came = f"answered {step.response.status}" if step.response else "no answer came"
    return visible(shortened(f"{number}. {step.title}; {came} in the recording", 160))


def _sendable(request: HttpRequest, note: str) -> _Request:
    headers = tuple(
        (name, _one_line(value))
        for name, value in request.headers
        if TOKEN.fullmatch(name) and name.lower() not in SET_BY_CLIENT
    )
    media = (header(request.headers, "content-type") or "").lower()
    place: Place = "query" if "form" in media else "json" if "json" in media else "plain"
    return _Request(note, request.method, _safe_url(request.url), headers, request.body, place)


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _safe_url(url: str) -> str:
    """Everything that cannot stand in a URL percent-encoded, and what is encoded left as it is (RFC 3986 §2)."""
    return quote(url, safe="%:/?#[]@!$&'()*+,;=~", errors="replace")


def _split(text: str, names: dict[str, str]) -> Iterator[tuple[str, str | None]]:
    """The text as literal parts and variables, in turn; a placeholder that is no known secret stays as text."""
    end = 0
    for found in PLACEHOLDER.finditer(text):
        if found[1] in names:
            yield text[end : found.start()], names[found[1]]
            end = found.end()
    yield text[end:], None


def _shell(text: str, names: dict[str, str]) -> str:
    words = ""
    for literal, name in _split(text, names):
        words += shlex.quote(literal) if literal else ""
        words += f'"${{{name}:?is not set}}"' if name else ""
    return words or "''"


def _shell_body(request: _Request, names: dict[str, str]) -> list[str]:
    if not request.body.data:
        return []
    text = _readable(request.body.data)
    if text is None:
        return [f"--data-binary @<(base64 --decode <<< {base64.b64encode(request.body.data).decode('ascii')})"]
    if request.place == "query" and PLACEHOLDER.search(text):
        return [f"--data-urlencode {_shell(f'{quote(name)}={value}', names)}" for name, value in Params.parse(text)]
    return [f"--data-raw {_shell(text, names)}"]


def _readable(data: bytes) -> str | None:
    """The body as text that a shell can hold, or None."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if all(c.isprintable() or c in "\n\t" for c in text) else None


_WRITTEN: dict[Place, str] = {
    "query": 'quote(environ["{0}"], safe="")',
    "json": 'json.dumps(environ["{0}"])[1:-1]',
    "plain": 'environ["{0}"]',
}


def _python(text: str, names: dict[str, str], place: Place) -> str:
    parts = []
    for literal, name in _split(text, names):
        parts += [ascii(literal)] if literal else []
        parts += [_WRITTEN[place].format(name)] if name else []
    return " + ".join(parts) or "''"


def _python_body(request: _Request, names: dict[str, str]) -> str:
    try:
        text = request.body.data.decode("utf-8")
    except UnicodeDecodeError:
        return repr(request.body.data)
    return f"({_python(text, names, request.place)}).encode()" if text else "b''"
