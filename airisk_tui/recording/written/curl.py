"""Reading curl commands as the requests that curl would send: from a browser's menu, Postman, documentation, or our own export.

The order of the headers is curl's own (lib/http.c, `Curl_http`): Host, Authorization, User-Agent, Accept, Accept-Encoding, Referer,
Cookie, those of --header, Content-Length, Content-Type.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote

from msgspec import Struct

from airisk_tui.oauth.http import Headers
from airisk_tui.oauth.text.visible import QUOTED
from airisk_tui.oauth.urls import authority_of
from airisk_tui.recording.snippets.requests import VARIABLES
from airisk_tui.recording.written.request import Unreadable, WrittenRequest
from airisk_tui.recording.written.shells import VARIABLE, Command, commands

AGENT = "curl/8.5.0"
"""The default User-Agent of curl; the version differs by machine."""

BOUNDARY = f"{'-' * 24}airisktuiairisktuiairi"
"""A boundary as long as that of curl 8.5, so that the body has the same length."""

COMPRESSED = "deflate, gzip"
"""The Accept-Encoding of --compressed, without brotli and zstd, which some builds of curl add and this program does not read."""


def _named(text: str) -> frozenset[str]:
    return frozenset(text.split())


FLAGS = _named(
    """-s --silent -S --show-error -i --include --show-headers -v --verbose -k --insecure -L --location --location-trusted -f --fail
    --fail-with-body -g --globoff -N --no-buffer -# --progress-bar --http1.1 --http2 --http2-prior-knowledge --http3 -1 --tlsv1
    --tlsv1.0 --tlsv1.1 --tlsv1.2 --tlsv1.3 -2 -3 -4 --ipv4 -6 --ipv6 -n --netrc -j --raw --ssl-reqd --basic -q --disable
    --remote-name -O -J --remote-header-name --tcp-nodelay --tcp-fastopen --styled-output --parallel -Z --post301 --post302
    --post303 --ca-native --cert-status --create-dirs --no-progress-meter --trace-time --xattr --junk-session-cookies"""
)
"""Options without a value that do not change the request."""

WITH_VALUE = _named(
    """-o --output -w --write-out --connect-timeout -m --max-time --cacert --capath --cert -E --cert-type --key --key-type --pass
    --proxy -x --preproxy --retry --retry-delay --retry-max-time --proto --proto-redir --proto-default -c --cookie-jar --resolve
    --ciphers --tls13-ciphers --tls-max --interface --limit-rate -D --dump-header --connect-to --max-redirs -U --proxy-user
    --noproxy --trace --trace-ascii --stderr --keepalive-time --dns-servers --doh-url --max-filesize --local-port -Y -y
    --speed-limit --speed-time --output-dir --netrc-file --socks5 --socks5-hostname --unix-socket --crlfile --pinnedpubkey
    --expect100-timeout --happy-eyeballs-timeout-ms"""
)
"""Options with a value that do not change the request."""

TYPES = {
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "htm": "text/html",
    "html": "text/html",
    "pdf": "application/pdf",
    "xml": "application/xml",
}
"""The content types of files by suffix, as in curl (lib/mime.c); any other is application/octet-stream."""

ReadFile = Callable[[str], bytes]
"""Returns the content of a file that a command names. Raises Unreadable."""


def no_files(name: str) -> bytes:
    """A `ReadFile` for a pasted text, whose files are not available."""
    raise Unreadable(
        f"a curl command in it takes something from the file {name[:QUOTED]}, which is not here; write it into the command"
    )


def curl_requests(text: str, read: ReadFile = no_files) -> tuple[WrittenRequest, ...]:
    """The requests of every curl command in a text. read: reads the files that they name. Raises Unreadable."""
    found = tuple(
        _OneRequest(part, command.stdin, read).request() for command in commands(text) for part in _parted(command)
    )
    if not found:
        raise Unreadable("it holds no curl command")
    return found


def _parted(command: Command) -> Iterator[list[str]]:
    """The words of each request of one command; --next separates them."""
    words: list[str] = []
    for word in command.words:
        if word in ("--next", "-:"):
            yield words
            words = []
        else:
            words.append(word)
    yield words


class _Field(Struct, frozen=True):
    """A part of multipart/form-data. kind: its Content-Type; file: its file name, or None."""

    name: str
    content: bytes
    kind: str = ""
    file: str | None = None

    def part(self, boundary: str, disposition: str) -> bytes:
        """The part as curl writes it (lib/mime.c)."""
        file = f'; filename="{_in_quotes(self.file)}"' if self.file is not None else ""
        kind = f"\r\nContent-Type: {self.kind}" if self.kind else ""
        head = f'--{boundary}\r\nContent-Disposition: {disposition}; name="{_in_quotes(self.name)}"{file}{kind}\r\n\r\n'
        return _bytes(head) + self.content + b"\r\n"


class _OneRequest:
    """One request of a command, read word by word."""

    def __init__(self, words: list[str], stdin: str | None, read: ReadFile) -> None:
        self._words, self._stdin, self._read_file = words, stdin, read
        self._method = self._url = self._user = self._bearer = ""
        self._headers: list[tuple[str, str]] = []
        self._removed: set[str] = set()
        self._data: list[tuple[str, bytes]] = []
        self._query: list[str] = []
        self._parts: list[_Field] = []
        self._get = self._head = self._as_is = False
        self._own = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "", "Referer": "", "Cookie": ""}

    def request(self) -> WrittenRequest:
        """The request that the command sends."""
        self._read()
        if not self._url:
            raise Unreadable("a curl command in it names no address")
        content, kind = self._content()
        if self._get:
            self._query += [content.decode("utf-8", "surrogateescape")] if content else []
            content, kind = b"", ""
        url = self._address()
        method = self._method or ("HEAD" if self._head else "POST" if kind else "GET")
        return WrittenRequest(method, url, self._wire(url, content, kind), content, tuple(self._notes()))

    def _address(self) -> str:
        url = (self._url if "://" in self._url else f"http://{self._url}").partition("#")[0]
        scheme, _, rest = url.partition("://")
        authority, path, asked = re.match(r"([^/?]*)([^?]*)(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr] # it fits all
        user, _, host = authority.rpartition("@")
        self._user = self._user or unquote(user)
        path = "".join(c if c.isascii() else quote(c, errors="surrogateescape").lower() for c in path or "/")
        url = f"{scheme}://{host}{path if self._as_is else _without_dots(path)}{asked}"
        query = "&".join(self._query)
        return f"{url}{'&' if '?' in url else '?'}{query}" if query else url

    def _read(self) -> None:
        words = iter(self._words)
        for word in words:
            for name, value in _options(word):
                if name == "":
                    self._url = self._url or word
                elif name in FLAGS or name.startswith("--no-"):
                    continue
                elif not self._flag(name):
                    given = value if value is not None else next(words, None)
                    if given is None:
                        raise Unreadable(f"the option {name[:QUOTED]} of curl has no value")
                    self._option(name, given)

    def _flag(self, name: str) -> bool:
        match name:
            case "-G" | "--get":
                self._get = True
            case "-I" | "--head":
                self._head = True
            case "--path-as-is":
                self._as_is = True
            case "--compressed":
                self._own["Accept-Encoding"] = COMPRESSED
            case "--digest" | "--ntlm" | "--negotiate" | "--anyauth":
                raise Unreadable(
                    f"{name} takes several requests, the second of which answers the first; give -u or a header"
                )
            case _:
                return False
        return True

    def _option(self, name: str, value: str) -> None:
        match name:
            case "-X" | "--request":
                self._method = value
            case "--url":
                self._url = value
            case "--url-query":
                self._query.append(value[1:] if value.startswith("+") else self._urlencoded(value))
            case "-H" | "--header":
                lines = _text(self._file(value[1:])).splitlines() if value.startswith("@") else [value]
                for line in lines:
                    self._header(line)
            case "-A" | "--user-agent":
                self._own["User-Agent"] = value
            case "-e" | "--referer":
                self._own["Referer"] = value.partition(";auto")[0]
            case "-b" | "--cookie":
                if "=" in value:  # without “=” it is the name of a file
                    self._own["Cookie"] += f"{';' if self._own['Cookie'] else ''}{value}"
            case "-u" | "--user":
                self._user = value
            case "--oauth2-bearer":
                self._bearer = value
            case "-F" | "--form" | "--form-string":
                self._part(name, value)
            case "-d" | "--data" | "--data-ascii" | "--data-raw" | "--data-binary" | "--data-urlencode" | "--json":
                self._body(name, value)
            case _ if name not in WITH_VALUE:
                raise Unreadable(
                    f"the option {name[:QUOTED]} of curl is not known here; leave it out if it changes nothing in the request"
                )

    def _header(self, text: str) -> None:
        name, mark, value = text.partition(":")
        if mark and not value.strip():
            self._removed.add(name.strip().lower())
        elif mark:
            self._headers.append((name, value.strip()))
        elif text.endswith(";"):
            self._headers.append((text[:-1], ""))

    def _body(self, name: str, value: str) -> None:
        if name == "--data-urlencode":
            self._data.append((name, _bytes(self._urlencoded(value))))
        elif value.startswith("@") and name != "--data-raw":
            data = self._file(value[1:])
            # --data drops line ends and zero bytes of a file (curl(1)); in a here-document zeros mark a variable.
            dropped = rb"[\r\n]" if value == "@-" else rb"[\r\n\0]"
            plain = name in ("--data-binary", "--json")
            self._data.append((name, data if plain else re.sub(dropped, b"", data)))
        else:
            self._data.append((name, _bytes(value)))

    def _file(self, name: str) -> bytes:
        if name == "-":
            if self._stdin is None:
                raise Unreadable(
                    "a curl command in it reads standard input, which is not here; write it into the command"
                )
            return _bytes(self._stdin)
        return self._read_file(name)

    def _urlencoded(self, value: str) -> str:
        """The value of --data-urlencode: every character encoded but the unreserved ones, a space as "+" (curl 7.86 and later). A
        variable stays between its marks."""
        found = re.search("[=@]", value)
        name = value[: found.start()] if found else ""
        content = _bytes(value[found.end() :] if found else value)
        if found and found[0] == "@":
            content = self._file(value[found.end() :])
        text = "".join(
            piece if place % 2 else quote(piece, safe="", errors="surrogateescape").replace("%20", "+")
            for place, piece in enumerate(re.split("(\x00[^\x00]*\x00)", _text(content)))
        )
        return f"{name}={text}" if name else text

    def _part(self, name: str, value: str) -> None:
        field, mark, text = value.partition("=")
        if not mark:
            raise Unreadable("a curl command in it has a part without a name; -F takes NAME=VALUE")
        if name == "--form-string":
            self._parts.append(_Field(field, _bytes(text)))
            return
        content, attributes = _part_value(text)
        kind = attributes.get("type", "")
        if content[:1] == "@":
            ending = content.rpartition(".")[2].lower()
            kind = kind or TYPES.get(ending, "application/octet-stream")
            file = attributes.get("filename", re.split(r"[/\\]", content)[-1].removeprefix("@"))
            self._parts.append(_Field(field, self._file(content[1:]), kind, file))
        else:
            data = self._file(content[1:]) if content[:1] == "<" else _bytes(content)
            self._parts.append(_Field(field, data, kind, attributes.get("filename")))

    def _content(self) -> tuple[bytes, str]:
        """The body and curl's content type for it."""
        if self._parts:
            kinds = [value for name, value in self._headers if name.lower() == "content-type"]
            disposition = "form-data" if not kinds or kinds[0].startswith("multipart/form-data") else "attachment"
            parts = b"".join(part.part(BOUNDARY, disposition) for part in self._parts)
            return parts + f"--{BOUNDARY}--\r\n".encode(), "multipart/form-data"
        if any(name == "--json" for name, _ in self._data):
            return b"".join(data for _, data in self._data), "application/json"
        kind = "application/x-www-form-urlencoded" if self._data else ""
        return b"&".join(data for _, data in self._data), kind

    def _wire(self, url: str, content: bytes, kind: str) -> Headers:
        if any(name == "--json" for name, _ in self._data):
            named = {name.lower() for name, _ in self._headers}
            both = (("Content-Type", "application/json"), ("Accept", "application/json"))
            self._headers += [pair for pair in both if pair[0].lower() not in named]
        headers = self._headers
        if self._parts:
            # curl writes a form's type last, and appends its boundary to a given type.
            own_kind = next((value for name, value in headers if name.lower() == "content-type"), "")
            headers = [pair for pair in headers if pair[0].lower() != "content-type"]
            kind = f"{own_kind or 'multipart/form-data'}; boundary={BOUNDARY}"
        # curl writes a given Host header first; any other header stays in its place.
        host = [pair for pair in headers if pair[0].lower() == "host"][:1]
        own = {"Authorization": self._authorization(), **self._own}
        given = {name.lower() for name, _ in headers} | self._removed
        first = [] if "host" in self._removed else host or [("Host", authority_of(url))]
        first += [(name, value) for name, value in own.items() if value and name.lower() not in given]
        last = [("Content-Length", str(len(content)))] if kind else []
        last += [("Content-Type", kind)] if kind else []
        rest = [pair for pair in headers if pair not in host]
        return (*first, *rest, *((name, value) for name, value in last if name.lower() not in given))

    def _authorization(self) -> str:
        if self._bearer:
            return f"Bearer {self._bearer}"
        if not self._user:
            return ""
        if ":" not in self._user:
            raise Unreadable(
                "a curl command in it asks for a password; write it behind the user, as in -u user:password"
            )
        if VARIABLE.search(self._user):
            password = self._user.partition(":")[2]
            return "Basic \x00basic\x00" if _placeholder(password) == "client_secret" else ""
        return f"Basic {base64.b64encode(_bytes(self._user)).decode('ascii')}"

    def _notes(self) -> Iterator[str]:
        texts = (
            self._url,
            *(text for pair in self._headers for text in pair),
            *(_text(data) for _, data in self._data),
        )
        for name in dict.fromkeys(found[1] for text in texts for found in VARIABLE.finditer(text)):
            if placeholder_of(name) is None:
                yield f"What the variable {name} holds is not known here, so its name is sent in its place."


def placeholder_of(variable: str) -> str | None:
    """The placeholder of an edit for a shell variable: by our own names, and by those of documentation."""
    plain = variable.upper().removeprefix("AIRISK_").removeprefix("OAUTH_")
    return VARIABLES.get(variable) or _DOCUMENTED.get(plain)


_DOCUMENTED = {
    "CLIENT_ID": "client_id",
    "CLIENT_SECRET": "client_secret",
    "CODE": "code",
    "AUTH_CODE": "code",
    "AUTHORIZATION_CODE": "code",
    "REDIRECT_URI": "redirect_uri",
    "CALLBACK_URL": "redirect_uri",
    "USER_ID": "userid",
    "USERID": "userid",
    "STATE": "state",
    "CODE_VERIFIER": "code_verifier",
    "CODE_CHALLENGE": "code_challenge",
    "ACCESS_TOKEN": "token",
    "TOKEN": "token",
    "BASIC": "basic",
}


def _placeholder(text: str) -> str | None:
    found = VARIABLE.fullmatch(text)
    return placeholder_of(found[1]) if found else None


def _options(word: str) -> Iterator[tuple[str, str | None]]:
    """The options in a word, each with its value in the same word, as in -XPOST. "" for a word that is not an option."""
    if word.startswith("--"):
        yield word, None
    elif not word.startswith("-") or word == "-":
        yield "", None
    else:
        for place, c in enumerate(word[1:], start=1):
            if f"-{c}" in FLAGS or c in "GI":
                yield f"-{c}", None
            else:
                yield f"-{c}", word[place + 1 :] or None
                return


def _part_value(text: str) -> tuple[str, dict[str, str]]:
    """The content of a part of -F, and its attributes by name: "@a.txt" and the type, for "@a.txt;type=text/plain"."""
    pieces = re.findall(r'(?:"(?:[^"\\]|\\.)*"|[^;"])+', text)
    named = [piece.strip().partition("=") for piece in pieces[1:]]
    attributes = {name.lower(): _unquoted(value) for name, _, value in named}
    if not pieces or set(attributes) - {"type", "filename", "headers", "encoder"}:
        return _unquoted(text), {}
    sign = pieces[0][:1] if pieces[0][:1] in ("@", "<") else ""
    return sign + _unquoted(pieces[0][len(sign) :]), attributes


def _unquoted(text: str) -> str:
    quoted = re.fullmatch(r'"((?:[^"\\]|\\.)*)"', text.strip())
    return re.sub(r"\\([\"\\])", r"\1", quoted[1]) if quoted else text


def _without_dots(path: str) -> str:
    """A path without its "." and ".." (RFC 3986 §5.2.4)."""
    kept: list[str] = []
    *folders, last = path.split("/")
    for folder in folders:
        kept = (kept[:-1] or [""]) if folder == ".." else kept if folder == "." else [*kept, folder]
    kept = (kept[:-1] or [""]) if last == ".." else kept
    return "/".join([*kept, "" if last in (".", "..") else last])


def _in_quotes(text: str) -> str:
    """A name escaped for a part's header (curl 7.81 and later; WHATWG HTML, multipart/form-data)."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
