"""The fields of a request's body: a form, JSON, or `multipart/form-data` (protocol.md, step 2)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.message import Message
from io import BytesIO
from typing import Any, Final
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File, parse_form

from airisk_tui.sandbox.call import Call, joined

FORM: Final = "application/x-www-form-urlencoded"
JSON_TYPE: Final = "application/json"
MULTIPART: Final = "multipart/form-data"


def media_type(call: Call) -> str:
    """The media type of the body in lower case, without its parameters."""
    return call.headers.get("content-type", "").partition(";")[0].strip().lower()


def fields_of(call: Call) -> Mapping[str, str]:
    """The fields of a body; none if it cannot be read."""
    kind = media_type(call)
    if kind == FORM:
        return joined(parse_qsl(_text(call), keep_blank_values=True))
    if kind == JSON_TYPE:
        return {name: value for name, value in json_object(call).items() if isinstance(value, str)}
    return joined(_parts(call)[0]) if kind == MULTIPART else {}


def json_object(call: Call) -> Mapping[str, Any]:
    """The members of a JSON object; none if the body is not one."""
    try:
        document = json.loads(_text(call))
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def files_of(call: Call) -> list[tuple[str, int]]:
    """Name and size in bytes of each file in a `multipart/form-data` body."""
    return _parts(call)[1] if media_type(call) == MULTIPART else []


def _text(call: Call) -> str:
    """The body in its declared charset, or in UTF-8 if there is none or Python does not know it."""
    header = Message()
    header["content-type"] = call.headers.get("content-type", "")
    try:
        return call.body.decode(header.get_content_charset("utf-8"), "replace")
    except (LookupError, UnicodeError):
        return call.body.decode("utf-8", "replace")


def _parts(call: Call) -> tuple[list[tuple[str, str]], list[tuple[str, int]]]:
    """The fields and the files of a multipart body (RFC 7578), in order; none if it is malformed."""
    fields: list[tuple[str, str]] = []
    files: list[tuple[str, int]] = []

    def on_field(field: Field) -> None:
        fields.append(
            ((field.field_name or b"").decode("utf-8", "replace"), (field.value or b"").decode("utf-8", "replace"))
        )

    def on_file(file: File) -> None:
        files.append(((file.file_name or b"").decode("utf-8", "replace"), file.size))

    headers = {"Content-Type": call.headers.get("content-type", "").encode("latin-1", "replace")}
    try:
        parse_form(headers, BytesIO(call.body), on_field, on_file)
    except FormParserError:
        return [], []
    return fields, files
