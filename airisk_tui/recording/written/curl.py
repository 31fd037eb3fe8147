"""curl commands as the requests that curl would send: those of a browser's menu, of Postman, of documentation, of our export.

The order of the headers is curl's own (lib/http.c, `Curl_http`): Host, Authorization, User-Agent, Accept, Accept-Encoding, Referer,
Cookie, those of --header, Content-Length, Content-Type. Of what a shell can write, quotes, continued lines and the variables
of our own export are read, and nothing is run.
"""

from __future__ import annotations

import base64
import re
import shlex
from collections.abc import Iterator
from urllib.parse import quote

from airisk_tui.later import pattern
from airisk_tui.oauth.http import Headers
from airisk_tui.recording.snippets.steps import VARIABLES
from airisk_tui.recording.written.request import Unreadable, WrittenRequest

AGENT = "curl/8.5.0"
"""What curl calls itself when nobody says otherwise; its number is that of the machine it runs on."""

FLAGS = frozenset(
    [
        "-s",
        "--silent",
        "-S",
        "--show-error",
        "-i",
        "--include",
        "-v",
        "--verbose",
        "-k",
        "--insecure",
        "-L",
        "--location",
        "-f",
        "--fail",
        "--compressed",
        "-g",
        "--globoff",
        "-N",
        "--no-buffer",
        "-#",
        "--progress-bar",
        "--http1.1",
        "--http1.0",
        "--http2",
        "--http2-prior-knowledge",
        "-4",
        "-6",
        "--fail-with-body",
        "-n",
        "--netrc",
        "--path-as-is",
        "--tr-encoding",
        "--location-trusted",
        "-j",
        "--raw",
        "--no-keepalive",
        "-0",
        "-1",
        "-2",
        "-3",
        "--ssl-reqd",
        "--basic",
        "-q",
        "--disable",
    ]
)
"""Options without a value that change no byte of the request, but for --compressed."""

WITH_VALUE = frozenset(
    [
        "-o",
        "--output",
        "-w",
        "--write-out",
        "--connect-timeout",
        "-m",
        "--max-time",
        "--cacert",
        "--cert",
        "--key",
        "-E",
        "--proxy",
        "-x",
        "--retry",
        "--proto",
        "-c",
        "--cookie-jar",
        "--resolve",
        "--tlsv1.2",
        "--ciphers",
        "--interface",
        "--limit-rate",
        "-T",
        "--upload-file",
        "-D",
        "--dump-header",
        "-K",
        "--config",
        "--connect-to",
        "-r",
        "--range",
        "--capath",
        "--proto-redir",
        "--max-redirs",
        "-z",
        "--time-cond",
        "-U",
        "--proxy-user",
    ]
)
"""Options with a value that is of no concern here."""

_COMMAND = pattern(r"(?<![\w./-])curl(?:\.exe)?\s")
_ANSI = pattern(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL)
_OURS = pattern(r"""(?:"\$\(in_json )?"\$\{(AIRISK_\w+):\?[^}]*\}"(?:\)")?""")
_ESCAPES = {
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "f": "\f",
    "v": "\v",
}


def curl_requests(text: str) -> tuple[WrittenRequest, ...]:
    """The requests of every curl command in a text. Raises Unreadable."""
    ours = "The requests of a recorded run." in text[:200]
    found = tuple(_Command(words, ours).request() for words in _commands(text))
    if not found:
        raise Unreadable("it holds no curl command")
    return found


def _commands(text: str) -> Iterator[list[str]]:
    text = re.sub(r"[\\^]\r?\n", " ", text)
    for line in _logical_lines(text):
        start = _COMMAND.search(line)
        if start is None or line.lstrip().startswith("#"):
            continue
        command = line[start.end() :]
        if line[: start.start()].rstrip().endswith("$("):
            command = command.rstrip().removesuffix(")")
        command = _ANSI.sub(lambda one: shlex.quote(_unescaped(one[1])), _OURS.sub(_placeholder, command))
        lexer = shlex.shlex(command, posix=True, punctuation_chars=";|&<>")
        lexer.whitespace_split, lexer.commenters = True, ""
        try:
            words = list(lexer)
        except ValueError as error:
            raise Unreadable(f"a curl command in it has quotes that do not end ({error})") from error
        end = next((at for at, word in enumerate(words) if set(word) <= set(";|&<>") and word), len(words))
        yield words[:end]


def _logical_lines(text: str) -> Iterator[str]:
    """Lines, where those inside quotes belong to the line before."""
    held = ""
    for line in text.splitlines(keepends=True):
        held += line
        if held.lstrip().startswith("#") or _balanced(held):
            yield held.rstrip("\r\n")
            held = ""
    if held:
        yield held


def _balanced(text: str) -> bool:
    """Whether every quotation in it has ended."""
    quote_mark, escaped = "", False
    for c in text:
        if escaped:
            escaped = False
        elif c == "\\" and quote_mark != "'":
            escaped = True
        elif quote_mark:
            quote_mark = "" if c == quote_mark else quote_mark
        elif c in "'\"":
            quote_mark = c
    return not quote_mark


def _placeholder(found: re.Match[str]) -> str:
    return f"'{{{VARIABLES[found[1]]}}}'" if found[1] in VARIABLES else found[0]


def _unescaped(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        code = found[1]
        if code[0] in "xuU":
            return chr(int(code[1:], 16))
        return _ESCAPES.get(code, code)

    return re.sub(r"\\(x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", one, text, flags=re.DOTALL)


class _Command:
    """One command, read word by word."""

    def __init__(self, words: list[str], ours: bool) -> None:
        self._words = words
        self._ours = ours
        self._method = self._url = self._user = ""
        self._headers: list[tuple[str, str]] = []
        self._removed: set[str] = set()
        self._data: list[bytes] = []
        self._parts: list[tuple[str, str]] = []
        self._json = self._get = self._head = False
        self._own = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "", "Referer": "", "Cookie": ""}

    def request(self) -> WrittenRequest:
        """What the command sends."""
        self._read()
        if self._json:
            named = {name.lower() for name, _ in self._headers}
            both = (("Content-Type", "application/json"), ("Accept", "application/json"))
            self._headers += [pair for pair in both if pair[0].lower() not in named]
        if not self._url:
            raise Unreadable("a curl command in it names no address")
        url = self._url if "://" in self._url else f"http://{self._url}"
        content, kind, made = self._content()
        if self._get and content:
            url, content, kind = (
                f"{url}{'&' if '?' in url else '?'}{content.decode('utf-8', 'surrogateescape')}",
                b"",
                "",
            )
        method = self._method or ("HEAD" if self._head else "POST" if kind else "GET")
        return WrittenRequest(
            method, url, self._wire(url, content, kind), content, self._ours, made, frozenset(self._removed)
        )

    def _read(self) -> None:
        words = iter(self._words)
        for word in words:
            name, value = self._split(word)
            if name == "":
                self._url = self._url or word
            elif name in FLAGS:
                self._own["Accept-Encoding"] = (
                    "deflate, gzip" if name == "--compressed" else self._own["Accept-Encoding"]
                )
            elif name in ("-G", "--get"):
                self._get = True
            elif name in ("-I", "--head"):
                self._head = True
            else:
                given = value if value is not None else next(words, None)
                if given is None:
                    raise Unreadable(f"the option {name[:40]} of curl has no value")
                self._option(name, given)

    @staticmethod
    def _split(word: str) -> tuple[str, str | None]:
        """The option that a word is, and the value that is written in the same word. "": it is no option."""
        if word.startswith("--"):
            return word, None
        if not word.startswith("-") or word == "-":
            return "", None
        if len(word) > 2 and all(f"-{c}" in FLAGS | {"-G", "-I"} for c in word[1:]):
            return "-s" if "G" not in word and "I" not in word else f"-{'G' if 'G' in word else 'I'}", None
        return word[:2], word[2:] or None

    def _option(self, name: str, value: str) -> None:
        match name:
            case "-X" | "--request":
                self._method = value
            case "--url":
                self._url = value
            case "-H" | "--header":
                self._header(value)
            case "-A" | "--user-agent":
                self._own["User-Agent"] = value
            case "-e" | "--referer":
                self._own["Referer"] = value
            case "-b" | "--cookie":
                self._own["Cookie"] = value
            case "-u" | "--user":
                self._user = value
            case "-d" | "--data" | "--data-ascii" | "--data-raw" | "--data-binary":
                self._body(name, value)
            case "--data-urlencode":
                self._data.append(_urlencoded(value).encode("utf-8", "surrogateescape"))
            case "--json":
                self._json = True
                self._body(name, value)
            case "-F" | "--form" | "--form-string":
                self._part(name, value)
            case _ if name in WITH_VALUE:
                return
            case _:
                raise Unreadable(
                    f"the option {name[:40]} of curl is not known here; leave it out if it changes nothing in the request"
                )

    def _header(self, text: str) -> None:
        name, mark, value = text.partition(":")
        if mark and not value.strip():
            self._removed.add(name.strip().lower())
        elif mark:
            self._headers.append((name.strip(), value.strip()))
        elif text.endswith(";"):
            self._headers.append((text[:-1].strip(), ""))

    def _body(self, name: str, value: str) -> None:
        if value.startswith("@") and name != "--data-raw":
            raise Unreadable(
                "a curl command in it takes its body from a file, which is not here; write the body into the command"
            )
        self._data.append(value.encode("utf-8", "surrogateescape"))

    def _part(self, name: str, value: str) -> None:
        field, mark, content = value.partition("=")
        if not mark or (name != "--form-string" and content[:1] in ("@", "<")):
            raise Unreadable(
                "a curl command in it sends a file as a part, which is not here; write its content into the command"
            )
        self._parts.append((field, content if name == "--form-string" else content.partition(";type=")[0]))

    def _content(self) -> tuple[bytes, str, bool]:
        """The body, its content type, and whether its boundary is made when it is sent."""
        if self._parts:
            from airisk_tui.oauth.planned import BOUNDARY, encoded_fields

            named = next((value for name, value in self._headers if name.lower() == "content-type"), "")
            boundary = named.partition("boundary=")[2] or f"{BOUNDARY}1"
            return (
                encoded_fields(self._parts, "multipart", boundary),
                f"multipart/form-data; boundary={boundary}",
                not named,
            )
        if self._json:
            return b"".join(self._data), "application/json", False
        return b"&".join(self._data), "application/x-www-form-urlencoded" if self._data else "", False

    def _wire(self, url: str, content: bytes, kind: str) -> Headers:
        given = {name.lower() for name, _ in self._headers} | self._removed
        host = url.partition("://")[2].partition("/")[0].partition("?")[0].rpartition("@")[2]
        first = {"Host": host, "Authorization": self._basic(), **self._own}
        if self._ours:
            first = {"Host": host}
        own = [(name, value) for name, value in first.items() if value and name.lower() not in given]
        last = [("Content-Length", str(len(content)))] if kind else []
        last += [("Content-Type", kind)] if kind else []
        return (*own, *self._headers, *((name, value) for name, value in last if name.lower() not in given))

    def _basic(self) -> str:
        return (
            f"Basic {base64.b64encode(self._user.encode('utf-8', 'surrogateescape')).decode('ascii')}"
            if self._user
            else ""
        )


def _urlencoded(value: str) -> str:
    """What --data-urlencode makes of its value: all but unreserved characters encoded, a space as "+" (curl 7.86 and later)."""
    name, mark, content = value.partition("=")
    if not mark and "@" in value:
        raise Unreadable("a curl command in it takes a value from a file, which is not here; write it into the command")
    name, content = (name, content) if mark else ("", value)
    encoded = quote(content, safe="", errors="surrogateescape").replace("%20", "+")
    return f"{name}={encoded}" if name else encoded
