"""The requests of a run as a bash script (see `snippets.requests`). It runs in bash 3.2 too, which macOS has."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Sequence

from airisk_tui.flow.events import AnyEvent
from airisk_tui.oauth.params import Params, quoted
from airisk_tui.oauth.reference import REFERENCE, plain_bytes
from airisk_tui.recording.snippets.requests import CHALLENGE, CODE, COOKIES, VERIFIER, Place, Request, prepared, split

CURL = "curl --silent --show-error --include --globoff --proto '=http,https'"
"""Without `--globoff` curl reads brackets and braces in an address as patterns; without `--proto` it would read a recorded file://
address."""

PARAMETER = r"""
# parameter ADDRESS NAME: its value in the query, percent-decoded; nothing where it is not there.
parameter() {
  [[ $1 == *[?\&]"$2="* ]] || return 0
  local value=${1#*[?&]"$2="}
  value=${value%%[&#]*}
  value=${value//\\/\\\\}
  value=${value//+/ }
  printf '%b' "${value//%/\\x}"
}
"""
r"""`printf %b` reads the escapes in a text: %NN becomes \xNN for it, and the text's own backslashes are doubled first."""

IN_JSON = r"""
# in_json TEXT: as it stands between the quotes of a JSON string.
in_json() {
  local text=${1//\\/\\\\}
  printf '%s' "${text//\"/\\\"}"
}
"""

IN_FORM = r"""
# in_form TEXT: as it stands in a form or an address, percent-encoded.
in_form() {
  local LC_ALL=C index
  for ((index = 0; index < ${#1}; index++)); do
    case ${1:index:1} in
      [a-zA-Z0-9._~-]) printf '%s' "${1:index:1}" ;;
      *) printf '%%%02X' "'${1:index:1}" ;;
    esac
  done
}
"""
r"""`printf %X` gives the number of the character behind a quote (POSIX printf); in the locale C each byte is one. bash gives a byte
above 0x7F as a negative number, whose last two digits are right."""

COOKIES_OF = r"""
# cookies ANSWER: those that its headers set, as they are sent back.
cookies() {
  local line found='' pattern='^[Ss][Ee][Tt]-[Cc][Oo][Oo][Kk][Ii][Ee]:[[:space:]]*([^;]*)'
  while IFS= read -r line; do
    line=${line%$'\r'}
    if [[ -z $line ]]; then break; fi
    if [[ $line =~ $pattern ]]; then found="${found:+$found; }${BASH_REMATCH[1]}"; fi
  done <<< "$1"
  printf '%s' "$found"
}
"""
"""The pattern is in a variable, because bash versions differ in how they read a quoted pattern after `=~` (bash FAQ, E14)."""

PROOF = f"""# A verifier and its challenge (RFC 7636 §4); a code that is already there needs the verifier that belongs to it.
: "${{{VERIFIER}:=$(head -c 48 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\\n')}}"
{CHALLENGE}=$(printf '%s' "${VERIFIER}" | openssl dgst -sha256 -binary | base64 | tr '+/' '-_' | tr -d '=\\n')"""

LAST_LINE = "${answer##*$'\\n'}"
"""The last line of the output, in which `--write-out` writes the redirect's address."""


def as_curl(events: Sequence[AnyEvent]) -> str:
    """A bash script that repeats our requests, one `curl` each, and passes the code and the token on."""
    names, requests, unset, (first, *more) = prepared(events)
    parts = [
        "#!/usr/bin/env bash",
        f"# The requests of a recorded run. {first}",
        *(f"# {line}" for line in more),
    ]
    parts += [f': "${{{name}:?is not set}}"' for name in unset]
    if any(request.brings for request in requests):
        parts.append(PARAMETER.rstrip("\n"))
    if any(request.cookies for request in requests):
        parts.append(COOKIES_OF.rstrip("\n"))
    written = [_step(request, names) for request in requests]
    parts += [
        text.rstrip("\n")
        for name, text in (("in_json", IN_JSON), ("in_form", IN_FORM))
        if any(f"$({name} " in step for step in written)
    ]
    return "\n".join([*parts, "", *written])


def _step(request: Request, names: dict[str, str]) -> str:
    name = shlex.quote(request.name)
    sent = " \\\n  ".join(_curl(request, names))
    lines = [f"# {request.note}", *([PROOF] if request.proves else [])]
    if request.brings == "person":
        lines += _asking_the_person(request, name, names)
    elif request.brings == "code":
        lines += [f"answer=$({sent} \\\n  --write-out '\\n%{{redirect_url}}')", "printf '%s\\n' \"$answer\""]
        lines.append(f'{CODE}=$(parameter "{LAST_LINE}" {name})')
        lines.append(f': "${{{CODE}:?did not come: the answer redirects to no address with a code}}"')
        if request.cookies:
            lines.append(f'{COOKIES}=$(cookies "$answer")')
            lines.append(f': "${{{COOKIES}:?did not come: the answer sets no cookies}}"')
    elif request.members:
        lines += [f"answer=$({sent})", "printf '%s\\n' \"$answer\""]
        for variable, path in request.members:
            lines.append(f"""pattern='"{path.rpartition(".")[2]}"[[:space:]]*:[[:space:]]*"([^"]*)"'""")
            lines.append(f"[[ $answer =~ $pattern ]] && {variable}=${{BASH_REMATCH[1]}}")
    else:
        lines.append(sent)
    return "\n".join([*lines, ""])


def _asking_the_person(request: Request, name: str, names: dict[str, str]) -> list[str]:
    return [
        f'if [ -z "${{{CODE}:-}}" ]; then',
        f"  printf '%s\\n' 'Open this address in a browser:' {_shell(request.url, names, 'query')}",
        f"  read -r -p 'The code, or the whole address that the browser ends on: ' {CODE}",
        f'  case ${CODE} in *://*) {CODE}=$(parameter "${CODE}" {name}) ;; esac',
        "fi",
    ]


def _curl(request: Request, names: dict[str, str]) -> list[str]:
    """The command in parts, one a line."""
    command = f"{CURL} --request {shlex.quote(request.method)} --url {_shell(request.url, names, 'query')}"
    headers = [f"--header {_shell(f'{name}: {value}', names)}" for name, value in request.headers]
    removed = [f"--header {shlex.quote(f'{name}:')}" for name in request.without]
    packed = ["--compressed"] if any(name.lower() == "accept-encoding" for name, _ in request.headers) else []
    return [command, *headers, *removed, *packed, *_body(request, names)]


def _shell(text: str, names: dict[str, str], place: Place = "plain") -> str:
    words = ""
    for literal, name in split(text, names):
        words += _word(literal) if literal else ""
        if name:
            raw = f'"${{{name}:?is not set}}"'
            words += raw if place == "plain" else f'"$(in_{"json" if place == "json" else "form"} {raw})"'
    return words or "''"


def _word(text: str) -> str:
    """A quoted text. An invisible byte, such as the CR of a multipart body, is escaped (bash reference, ANSI-C quoting); bytes that
    are not UTF-8 are surrogates (PEP 383)."""
    if all(character.isprintable() or character in "\n\t" for character in text):
        return shlex.quote(text)
    return "$'" + "".join(map(_escaped, text)) + "'"


def _escaped(character: str) -> str:
    if character in "\r\n\t":
        return {"\r": "\\r", "\n": "\\n", "\t": "\\t"}[character]
    if character in "'\\":
        return f"\\{character}"
    # Octal, because in bash 3.2 \x would include a digit that follows.
    octets = character.encode("utf-8", "surrogateescape")
    return character if character.isprintable() else "".join(f"\\{octet:03o}" for octet in octets)


def _body(request: Request, names: dict[str, str]) -> list[str]:
    if not request.body.data:
        return []
    if b"\0" in request.body.data:  # which no argument of a program can contain
        whole = base64.b64encode(plain_bytes(request.body.data)).decode("ascii")
        return [f"--data-binary @<(base64 --decode <<< {whole})"]
    text = request.body.data.decode("utf-8", "surrogateescape")
    fields = Params.parse(text)
    if request.place == "query" and REFERENCE.search(text) and fields.encode() == text and "%20" not in text:
        return [f"--data-urlencode {_shell(f'{quoted(name)}={value}', names)}" for name, value in fields]
    # Not `--data`, which reads a file for a text that begins with @, and drops line ends (curl(1)).
    return [f"--data-raw {_shell(text, names, request.place)}"]
