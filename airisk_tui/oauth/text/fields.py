"""The named values of a message and their positions: one reader for the protocol and for redaction (redaction.md).

The code that reads a secret and the code that seals it must agree where a value begins and ends. So queries, forms, JSON, multipart
and XML are split only here, and each value has its position, so that it can be replaced.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from airisk_tui.later import pattern
from airisk_tui.oauth.params import Params, component, pairs_in
from airisk_tui.oauth.reference import outside_references, unmarked
from airisk_tui.oauth.text.lenient_json import without_escaped_marks

Kind = Literal["form", "json", "multipart", "xml", "html", "text"]
Writing = Literal["form", "json", "number", "xml", "plain"]
"""How a value is encoded: percent-encoded, as a JSON string, as a JSON number, with XML's entities, or not at all."""


class Field(NamedTuple):
    """A named value of a message. name: decoded, "" if there is none; value: decoded; start, end: the position of the undecoded value
    in the text."""

    name: str
    value: str
    start: int
    end: int
    writing: Writing


_FORM = pattern(r"[\w.~%+-]+=[^\s<{]*")


def kind_of(text: str, content_type: str) -> Kind:
    """The format of a body, by its first characters, or by its declared type if they do not tell: declared types are often wrong
    (threats.md C4)."""
    declared, start = content_type.lower(), text.lstrip("\ufeff \t\r\n")[:1]
    if start in ("{", "[") or (start == '"' and "json" in declared):
        return "json"
    if boundary_of(text, content_type) is not None:
        return "multipart"
    if start == "<":
        return (
            "xml"
            if ("xml" in declared and "html" not in declared) or text.lstrip("\ufeff \t\r\n").startswith("<?xml")
            else "html"
        )
    if "form-urlencoded" in declared or _FORM.fullmatch(text[:4096]):
        return "form"
    return "html" if "html" in declared else "text"


def fields_in(text: str, content_type: str) -> Iterator[Field]:
    """Every named value of a body, in order; none for a page or a text. A name of a JSON member that contains escapes is returned
    too, as a value without a name."""
    kind = kind_of(text, content_type)
    if kind == "form":
        yield from form_fields(text)
    elif kind == "json":
        yield from json_fields(text)
    elif kind == "multipart":
        yield from multipart_fields(text, boundary_of(text, content_type) or "")
    elif kind == "xml":
        yield from xml_fields(text)


def params_of(text: str, content_type: str) -> Params:
    """The names and values in a request's body, in any format."""
    return Params(tuple((one.name, one.value) for one in fields_in(text, content_type)))


def form_fields(text: str) -> Iterator[Field]:
    """The fields of a query or a form."""
    for pair in pairs_in(text):
        yield Field(component(pair.name), component(pair.value), pair.start, pair.end, "form")


_JSON = pattern(
    r'"([^"\\]*+(?:\\.[^"\\]*+)*+)(?:"(\s*:)?|\\?\Z)|[\[\]{}]|(?<![\w.+-])-?[0-9][0-9.eE+-]*+(?![\w.])', re.DOTALL
)
"""A string, which may be cut off by the end of the body, a bracket, or a number outside a word. The quantifiers are possessive,
because `re` would otherwise remember each character of a string for backtracking: 1 GiB for a string of 9 MiB."""


def json_fields(text: str) -> Iterator[Field]:
    """The strings and numbers of a JSON text with the name of their member; in a list, that of the list. A name that contains escapes
    is returned too, as a value without a name. Total: a body that is cut off or malformed is read as far as possible."""
    around: list[str] = []
    name = ""
    for found in _JSON.finditer(text):
        first = found[0][0]
        if first in "{[":
            around.append(name)
        elif first in "}]":
            name = around.pop() if around else ""
        elif first != '"':
            yield Field(name, found[0], found.start(), found.end(), "number")
        elif found[2] is not None:
            name = json_string(found[1])
            if name != found[1]:
                yield Field("", name, found.start(1), found.end(1), "json")
        else:
            yield Field(name, json_string(found[1]), found.start(1), found.end(1), "json")


def json_string(text: str) -> str:
    """The decoded content of a JSON string, given without its quotes (RFC 8259 §7)."""
    if "\\" not in text:
        return text
    try:
        value = json.loads(f'"{without_escaped_marks(text)}"', strict=False)
    except ValueError:
        return text
    return value if isinstance(value, str) else text


_BOUNDARY = pattern(r'multipart/[a-z-]+.*?boundary="?([^";,\s]+)', re.IGNORECASE)
_FIRST_PART = pattern(r"--(\S{1,70})\r?\n(?=[^\n]*content-)", re.IGNORECASE)
_PART_NAME = pattern(r'content-disposition:[^\n]*?\bname="?([^";\r\n]*)', re.IGNORECASE)


def boundary_of(text: str, content_type: str) -> str | None:
    """The boundary of a multipart body (RFC 2046 §5.1.1), declared or taken from its first line; None for another body."""
    first = _FIRST_PART.match(text.lstrip())
    if first is not None:
        return first[1]
    declared = _BOUNDARY.search(content_type)
    return declared[1] if declared and f"--{declared[1]}" in text else None


def multipart_fields(text: str, boundary: str) -> Iterator[Field]:
    """The fields of multipart/form-data (RFC 7578): the name and the content of each part."""
    starts = [found.end() for found in re.finditer(rf"--{re.escape(boundary)}(?:--)?[ \t]*(?:\r?\n|$)", text)]
    for start, following in pairwise([*starts, len(text)]):
        head, blank, _ = text[start:following].partition("\r\n\r\n")
        if not blank:
            head, blank, _ = text[start:following].partition("\n\n")
        if not blank:
            continue
        name = _PART_NAME.search(head)
        begin = start + len(head) + len(blank)
        end = text.find(f"--{boundary}", begin)
        content = text[begin : len(text) if end < 0 else end].rstrip("\r\n")
        yield Field(unmarked(name[1]) if name else "", content, begin, begin + len(content), "plain")


_XML = pattern(r"<([A-Za-z_][\w.:-]*)([^<>]*)>(?:\s*(<!\[CDATA\[)(.*?)\]\]>|([^<]*))", re.DOTALL)
_ATTRIBUTE = pattern(r"""([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def xml_fields(text: str) -> Iterator[Field]:
    """The texts of elements and the values of attributes, by their local names."""
    for found in _XML.finditer(text):
        for one in _ATTRIBUTE.finditer(text, found.start(2), found.end(2)):
            group = 2 if one[2] is not None else 3
            yield Field(_local(one[1]), _entities(one[group]), one.start(group), one.end(group), "xml")
        group, writing = (4, "plain") if found[3] else (5, "xml")
        content: str = found[group] or ""
        if content.strip():
            start = found.start(group) + len(content) - len(content.lstrip())
            value = content.strip()
            read = value if writing == "plain" else _entities(value)
            yield Field(_local(found[1]), read, start, start + len(value), "plain" if writing == "plain" else "xml")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _entities(text: str) -> str:
    return outside_references(text, lambda part: unmarked(html.unescape(part))) if "&" in text else text
