"""A held request as rows that can be edited: each part of it in its order, what was meant, and the edits that a change makes."""

from __future__ import annotations

from collections.abc import Mapping

from airisk_tui.flow.parts import Part, typed_value
from airisk_tui.flow.requests import HeldRequest
from airisk_tui.oauth.edit import Edit
from airisk_tui.oauth.planned import Value, shown_value
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.secret import secrets_named

LEFT_OUT = "left out"

UNKNOWN = "secret"
"""What `flow.state.secret_names` calls one that it cannot name."""


def shown_part(part: Part, value: Value | None, names: Mapping[str, str]) -> str:
    """A value of a part as a row shows it, its secrets as chips. names: by fingerprint; a secret of which nothing else is known yet,
    such as the code of a redirect that is held, has the name of its part."""
    if value is None:
        return LEFT_OUT
    text = shown_value(value)
    unknown = {found[1] for found in REFERENCE.finditer(text) if names.get(found[1], UNKNOWN) == UNKNOWN}
    return secrets_named(text, {**names, **dict.fromkeys(unknown, part.name.replace("_", " ") or UNKNOWN)})


def change(held: HeldRequest, all_parts: tuple[Part, ...], part: Part, text: str) -> tuple[Edit, ...]:
    """The edits that give a part another value. One of several with its name is changed by sending all of them anew."""
    own = Edit(held.step, part.place, part.name, "set", text)
    others = _others(all_parts, part)
    if not others:
        return (own,)
    return _anew(held, part, [(each, text if each is part else None) for each in _same(all_parts, part)])


def left_out(held: HeldRequest, all_parts: tuple[Part, ...], part: Part) -> tuple[Edit, ...]:
    """The edits that leave a part out."""
    if not _others(all_parts, part):
        return (Edit(held.step, part.place, part.name, "omit"),)
    return _anew(held, part, [(each, None) for each in _same(all_parts, part) if each is not part])


def doubled(held: HeldRequest, part: Part) -> tuple[Edit, ...]:
    """The edits that send a part once more; () where a secret in it has no placeholder."""
    text = None if part.value is None else typed_value(part.value, held.values)
    return () if text is None else (Edit(held.step, part.place, part.name, "add", text),)


def _same(all_parts: tuple[Part, ...], part: Part) -> list[Part]:
    return [
        each
        for each in all_parts
        if each.place == part.place and each.name.lower() == part.name.lower() and each.value is not None
    ]


def _others(all_parts: tuple[Part, ...], part: Part) -> list[Part]:
    return [each for each in _same(all_parts, part) if each is not part] if part.name else []


def _anew(held: HeldRequest, part: Part, kept: list[tuple[Part, str | None]]) -> tuple[Edit, ...]:
    """Drop all of a name and send these, in their order. A text of None: the part's own value."""
    edits = [Edit(held.step, part.place, part.name, "omit")]
    for each, text in kept:
        value = text if text is not None else typed_value(each.value or ("",), held.values)
        edits.append(Edit(held.step, each.place, each.name, "add", value or ""))
    return tuple(edits)
