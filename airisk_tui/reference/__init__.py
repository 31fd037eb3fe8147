"""The documents that code and output cite, shipped with the program, and their sections by name.

A citation in the source is written `NAME.md`, or `NAME.md, SECTION`, or `threats.md L4`; a test looks each of them up here.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from airisk_tui.later import pattern

TOPICS = {
    "protocol": "the AIRisk OAuth 2.0 dialect: what is documented, contradictory or unknown",
    "findings": "every finding: what happened, the likely cause, the fix",
    "threats": "what holds against hostile servers, browsers, files and terminals",
    "redaction": "what is written in clear, what is sealed, and why",
    "command-line": "commands, options, exit codes, JSON documents, files",
    "architecture": "the rooms of the program, the log, the trust boundary, the words",
    "keys": "every key of the screen, and the name of its action",
    "editing": "changing requests before they are sent: options, places, placeholders",
    "testing": "suites of checks for CI, and the fixtures for pytest",
}
"""The documents by name, each with what it is about."""

_HEADING = pattern(r"^(#+) (.+)$", re.MULTILINE)
_MARKER = pattern(r"^<!-- .* -->\n", re.MULTILINE)
_FENCED = pattern(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_RULE = pattern(r"^\|[ :|-]+\|\n", re.MULTILINE)
_ROW = pattern(r"^\| (.+) \|$", re.MULTILINE)


class NoSuchSection(LookupError):
    """The topic has no section of that name."""


@cache
def text(topic: str) -> str:
    """A whole document, in Markdown. Raises KeyError for a name that is not in TOPICS."""
    if topic not in TOPICS:
        raise KeyError(topic)
    return _MARKER.sub("", files(__name__).joinpath(f"{topic}.md").read_text(encoding="utf-8"))


def headings(topic: str) -> tuple[str, ...]:
    """The headings of a document below its title, in their order."""
    return tuple(title for _, _, title in _headings(text(topic)))[1:]


def section(topic: str, name: str) -> str:
    """One section of a document, in Markdown, without its subsections' siblings.

    name: a heading or the words that it begins with or holds ("step 2" is "Step 2: token request"), or else the first
    cell of a table's row ("L4"), of which every row of that name is given. Raises NoSuchSection.
    """
    page = text(topic)
    found = _section_of_heading(page, _plain(name)) or _rows(page, _plain(name))
    if not found or not _plain(name):
        raise NoSuchSection(name)
    return found


def overview(topic: str) -> str:
    """A document as plain text; of the findings how they are made, because all of them would be two thousand lines."""
    if topic == "findings":
        made = plain_text(text(topic).partition("## The catalogue")[0])
        return f"{made}\n\n“airisk-tui explain CODE” shows a finding by its code, such as state-mismatch."
    return plain_text(text(topic))


def plain_text(markdown: str) -> str:
    """Markdown as a terminal shows it best: headings without marks, a table's row as its first cell and the rest. Code stays as it
    is, to be copied."""
    page = _MARKER.sub("", markdown).strip()
    between, fences = _FENCED.split(page), _FENCED.findall(page)
    return "".join(words + code for words, code in zip(map(_plain_words, between), [*fences, ""], strict=True))


def _plain_words(markdown: str) -> str:
    page = _ROW.sub(lambda row: _row_text(row[1]), _RULE.sub("", markdown))
    return re.sub(r"^(#+|>) |\*\*", "", page, flags=re.MULTILINE)


def _row_text(row: str) -> str:
    cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row)]
    return ": ".join(filter(None, (cells[0], " · ".join(cells[1:]))))


@cache
def _headings(page: str) -> tuple[tuple[int, int, str], ...]:
    """Each heading's offset, level and title; "#" inside a fenced block is a comment."""
    fenced = [found.span() for found in _FENCED.finditer(page)]
    return tuple(
        (found.start(), len(found[1]), found[2])
        for found in _HEADING.finditer(page)
        if not any(start <= found.start() < end for start, end in fenced)
    )


def _section_of_heading(page: str, name: str) -> str:
    marks = _headings(page)
    titles = [_plain(title) for _, _, title in marks]
    tests = (
        str.__eq__,
        lambda title, name: title.startswith(f"{name} "),
        lambda title, name: f" {name} " in f" {title} ",
    )
    at = next((titles.index(title) for test in tests for title in titles if test(title, name)), None)
    if at is None:
        return ""
    start, level, _ = marks[at]
    end = next((start for start, other, _ in marks[at + 1 :] if other <= level), len(page))
    return page[start:end].strip()


def _rows(page: str, name: str) -> str:
    rows = [_row_text(found[1]) for found in _ROW.finditer(page)]
    return "\n".join(row for row in rows if _plain(row.partition(": ")[0]) == name)


def _plain(words: str) -> str:
    """Lower case, punctuation as spaces."""
    return " ".join(re.findall(r"[\w-]+", words.lower()))
