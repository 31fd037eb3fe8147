"""Every JSON document that a command prints in a test is held against its published schema, and no member may be missing there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from airisk_tui.headless.schema import schema_of

ACTIONS = {"recordings", "environments"}
"""The commands whose documents have an action in their name."""


def check_document(arguments: Sequence[str], document: Any) -> None:
    """Fail where a command printed what its schema does not allow, or does not name."""
    name = document_name(arguments, document)
    errors = [f"{error.json_path}: {error.message[:300]}" for error in validator(name).iter_errors(document)]
    assert not errors, f"`airisk-tui schema {name}` does not allow what was printed:\n" + "\n".join(errors)


def document_name(arguments: Sequence[str], document: Any) -> str:
    """The name of the document that these arguments print."""
    if isinstance(document, dict) and document.keys() == {"format", "outcome", "exit_code", "error"}:
        return "usage"
    command, *rest = arguments
    if command in ACTIONS:
        return f"{command}-{rest[0] if rest and not rest[0].startswith('-') else 'list'}"
    if command == "compare" and "--users" in rest:
        return "compare-users"
    if command == "replay" and "--against-last-good" in rest:
        return "replay-against-last-good"
    if command == "replay" and "--against" in rest:
        return "replay-against"
    if command == "sandbox" and "--list-faults" in rest:
        return "sandbox-faults"
    return {"replay": "run"}.get(command, command)


@cache
def validator(name: str) -> Draft202012Validator:
    """A validator that is stricter than the published schema, which lets later versions add members."""
    schema = schema_of(name)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(_closed(schema))


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    return (
        {"additionalProperties": False, **closed}
        if isinstance(closed.get("properties"), dict) and "type" in closed
        else closed
    )
