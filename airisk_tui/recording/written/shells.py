"""Splitting the curl commands in a text into words, as bash, cmd.exe or PowerShell would.

Nothing is run, and variables are not expanded: a variable's name stays in the word between two marks.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from msgspec import Struct

from airisk_tui.later import pattern
from airisk_tui.recording.written.request import Unreadable

MARK = "\x00"
"""The mark before and after the name of a variable; no word of a shell can contain it (POSIX execve(2))."""


class Command(Struct, frozen=True):
    """A curl command. words: those after "curl"; stdin: its here-document, or None."""

    words: tuple[str, ...]
    stdin: str | None = None


VARIABLE = pattern(r"\x00([^\x00]*)\x00")

_CURL = pattern(r"(?:.*[/\\])?curl(?:\.exe)?", re.IGNORECASE)
_CMD = pattern(r"\^[\"&%|<>^]|\^[ \t]*$", re.MULTILINE)
_POWERSHELL = pattern(r"(?<=\s)`[ \t]*$|^PS [A-Z]:\\", re.MULTILINE)
_END = "\n"
"""The word that marks the end of a command."""


def commands(text: str) -> Iterator[Command]:
    """The curl commands. Raises Unreadable."""
    text = text.replace("\r\n", "\n")
    named = text.startswith("#!")  # a script begins with its shell, as our own export does
    if not named and _CMD.search(text):
        words = _cmd_words(text)
    elif not named and _POWERSHELL.search(text):
        words = _Words(text, "`").all()
    else:
        words = _Words(_inlined(text), "\\").all()
    command: list[str] | None = None
    stdin: str | None = None
    for word in (*words, _END):
        if word == _END:
            if command is not None:
                yield Command(tuple(command), stdin)
            command, stdin = None, None
        elif word.startswith(_HERE):
            stdin = word.removeprefix(_HERE)
        elif command is not None:
            command.append(word)
        elif _CURL.fullmatch(word):
            command = []


_INLINE_FILE = pattern(r"--data-binary @<\(base64 --decode <<< ([A-Za-z0-9+/=]+)\)")


def _inlined(text: str) -> str:
    """The text with each body that our own export decodes from base64 (`snippets.curl`) replaced by a quoted value."""

    def value(found: re.Match[str]) -> str:
        data = base64.b64decode(found[1]).decode("utf-8", "surrogateescape")
        return f"--data-raw '{data.replace(chr(39), _QUOTE_IN_QUOTES)}'"

    return _INLINE_FILE.sub(value, text)


_QUOTE_IN_QUOTES = "'\\''"
_HERE = "\x00<<\x00"
"""The mark before the text of a here-document."""

_ESCAPES = dict(zip("abefnrtv", "\a\b\x1b\f\n\r\t\v", strict=True))
_ANSI = pattern(r"\\(x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|U[0-9A-Fa-f]{1,8}|[0-7]{1,3}|.)", re.DOTALL)
_IN_FORM = pattern(r"\$\((?:in_json|in_form) \"\$\{(\w+)(?::\?[^}]*)?\}\"\)")
"""A variable that our own export escapes for JSON or a form."""

_RUN = pattern(r"\$\([^()]*\)|`[^`]*`")
"""A command substitution. It is not run; its text is treated as a variable's name."""

_NAMED = pattern(r"\$(?:env:)?(?:\{(\w+)(?:[:?+=-][^}]*)?\}|([A-Za-z_]\w*))")


class _Words:
    """Reads a text of bash or PowerShell word by word. escape: the character that escapes the next one."""

    def __init__(self, text: str, escape: str) -> None:
        self._text, self._escape = text, escape
        self._at = 0
        self._word: str | None = None

    def all(self) -> Iterator[str]:
        """The words; between commands, _END."""
        while self._at < len(self._text):
            c = self._text[self._at]
            if c in " \t\n;|&()<>":
                yield from self._ended(c)
            elif c == "#" and self._word is None:
                self._at = self._line_end()
            elif c == "$" and self._text.startswith("$(", self._at) and not _IN_FORM.match(self._text, self._at):
                self._at += 1  # `code=$(curl …)` contains a command
            else:
                self._word = (self._word or "") + self._piece(c)
        yield from () if self._word is None else (self._word,)

    def _ended(self, c: str) -> Iterator[str]:
        if self._word is not None:
            yield self._word
            self._word = None
        if self._text.startswith("<<", self._at) and not self._text.startswith("<<<", self._at):
            yield from self._here_document()
            return
        self._at += 1
        if c not in " \t":
            yield _END

    def _here_document(self) -> Iterator[str]:
        """The lines after this one, up to the delimiter (POSIX shell, §2.7.4)."""
        found = re.compile(r"<<(-?)\s*(['\"]?)(\w+)\2([^\n]*)\n").match(self._text, self._at)
        if found is None:
            self._at += 2
            return
        tabs = "\t*" if found[1] else ""
        last = re.compile(rf"^{tabs}{found[3]}$", re.MULTILINE).search(self._text, found.end())
        if last is None:
            raise Unreadable("a here-document in it does not end")
        body, rest = self._text[found.end() : last.start()], self._text[last.end() :]
        body = re.sub(r"^\t+", "", body, flags=re.MULTILINE) if found[1] else body
        if not found[2]:  # the shell expands variables unless the delimiter is quoted
            body = _NAMED.sub(lambda name: f"{MARK}{name[1] or name[2]}{MARK}", body)
        yield f"{_HERE}{body}"
        self._text = f"{found[4]}{rest}"
        self._at = 0

    def _piece(self, c: str) -> str:
        if c == self._escape:
            after = self._text[self._at + 1 : self._at + 2]
            self._at += 2
            return "" if after == "\n" else after
        if c == "'":
            return self._single()
        if c == '"':
            return self._double()
        if c == "$" and self._escape == "\\":
            if self._text.startswith("$'", self._at):
                return self._ansi()
            if self._text.startswith('$"', self._at):
                self._at += 1
                return self._double()
        if c == "$":
            return self._variable()
        self._at += 1
        return c

    def _single(self) -> str:
        end = self._find("'", self._at + 1)
        text = self._text[self._at + 1 : end]
        self._at = end + 1
        if self._escape == "`" and self._text.startswith("'", self._at):
            return f"{text}'{self._single()}"
        return text.replace('\\"', '"') if self._escape == "`" else text

    def _double(self) -> str:
        text, at = "", self._at + 1
        while True:
            c = self._text[at : at + 1]
            if c == "":
                raise Unreadable("a curl command in it has quotes that do not end")
            after = self._text[at + 1 : at + 2]
            if c == '"' and not (self._escape == "`" and after == '"'):
                break
            if c == "$":
                self._at = at
                text += self._variable()
                at = self._at
            elif c == '"' or (c == self._escape and (self._escape == "`" or after in '"\\$`\n')):
                text += "" if after == "\n" else after
                at += 2
            else:
                text += c
                at += 1
        self._at = at + 1
        return text.replace('\\"', '"') if self._escape == "`" else text

    def _ansi(self) -> str:
        r"""$'…': with the escapes of C (bash reference, ANSI-C quoting)."""
        end = self._at + 2
        while self._text[end : end + 1] != "'":
            end += 2 if self._text[end : end + 1] == "\\" else 1
            if end >= len(self._text):
                raise Unreadable("a curl command in it has quotes that do not end")
        text = self._text[self._at + 2 : end]
        self._at = end + 1
        return _unescaped(text)

    def _variable(self) -> str:
        found = _IN_FORM.match(self._text, self._at) or _NAMED.match(self._text, self._at)
        if found is None and (run := _RUN.match(self._text, self._at)) is not None:
            self._at = run.end()
            return f"{MARK}{run[0]}{MARK}"
        if found is None:
            self._at += 1
            return "$"
        self._at = found.end()
        return f"{MARK}{next(filter(None, found.groups()))}{MARK}"

    def _find(self, c: str, start: int) -> int:
        end = self._text.find(c, start)
        if end < 0:
            raise Unreadable("a curl command in it has quotes that do not end")
        return end

    def _line_end(self) -> int:
        end = self._text.find("\n", self._at)
        return len(self._text) if end < 0 else end


def _unescaped(text: str) -> str:
    """The text with its escapes decoded. Bytes above 0x7F are read as UTF-8, as a terminal does."""

    def one(found: re.Match[str]) -> str:
        code = found[1]
        if code[0] in "uU" and len(code) > 1:
            return chr(int(code[1:], 16))
        if code[0] == "x" and len(code) > 1:
            return bytes([int(code[1:], 16)]).decode("utf-8", "surrogateescape")
        if code[0] in "01234567":
            return bytes([int(code, 8) & 0xFF]).decode("utf-8", "surrogateescape")
        return _ESCAPES.get(code, code if code in "\\'\"?" else f"\\{code}")

    return _ANSI.sub(one, text).encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def _cmd_words(text: str) -> Iterator[str]:
    """The words in two steps, as on Windows: cmd.exe removes the carets, and the program splits the rest (Microsoft, "Parsing C
    command-line arguments")."""
    line, at, quoted = "", 0, False
    while at < len(text):
        c, after = text[at], text[at + 1 : at + 2]
        if c == "^" and not quoted:
            line += text[at + 2 : at + 3] if after == "\n" else after
            at += 3 if after == "\n" else 2
            continue
        quoted = not quoted if c == '"' else quoted
        if c in "\n&|<>" and not quoted:
            yield from _program_words(line)
            yield _END
            line = ""
        else:
            line += c
        at += 1
    yield from _program_words(line)


def _program_words(line: str) -> Iterator[str]:
    """The words of a line. Backslashes escape only a quotation mark, and two quotation marks inside quotes are one."""
    word: str | None = None
    at, quoted = 0, False
    while at < len(line):
        c = line[at]
        slashes = len(line) - at - len(line[at:].lstrip("\\")) if c == "\\" else 0
        if slashes and line[at + slashes : at + slashes + 1] == '"':
            word = (word or "") + "\\" * (slashes // 2) + ('"' if slashes % 2 else "")
            at += slashes + slashes % 2
        elif c == '"' and quoted and line[at + 1 : at + 2] == '"':
            word, at = f'{word or ""}"', at + 2
        elif c == '"':
            quoted, word, at = not quoted, word or "", at + 1
        elif c in " \t\n" and not quoted:
            if word is not None:
                yield word
            word, at = None, at + 1
        else:
            word, at = (word or "") + c, at + 1
    if quoted:
        raise Unreadable("a curl command in it has quotes that do not end")
    if word is not None:
        yield word
