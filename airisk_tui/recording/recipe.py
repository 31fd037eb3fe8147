"""The inputs of a run as a recipe: TOML for `airisk-tui run --recipe` and `airisk-tui check` (editing.md, "Recipes").

Each key is an option of `run` without its dashes. A recipe contains no secret: an edit with the client secret has its placeholder,
and one with another secret is left out, with a comment that says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import tomlkit
from tomlkit.items import AoT

from airisk_tui.flow.start.fields import EMBEDDED, FIELDS, InputField, used_in
from airisk_tui.flow.start.inputs import DEFAULT_TIMEOUT, Settings
from airisk_tui.oauth.answer.endpoints import Endpoint
from airisk_tui.oauth.dialect import AIRISK, STANDARD, Dialect
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.text.visible import visible

SEALED = "left out, because its value is a secret: "


def recipe_of(settings: Settings, name: str, registered: tuple[str, ...] = ()) -> str:
    """The text of a recipe. name: the name of the run in it; registered: redirect URIs that the environment has by default."""
    table = tomlkit.table()
    table.add("name", name)
    for key, value in _options(settings, registered):
        table.add(key, value)
    edits = [settings.placed(edit) for edit in settings.edits]
    known = [f"{edit.action} {edit.text}" for edit in edits if not REFERENCE.search(edit.text)]
    if known:
        table.add("edits", tomlkit.item(known).multiline(multiline=True))
    for edit in edits:
        if REFERENCE.search(edit.text):
            table.add(tomlkit.comment(f"{SEALED}{visible(edit.action)} {visible(edit.target)}"))
    document = tomlkit.document()
    document.add(
        tomlkit.comment("airisk-tui run --recipe FILE, or airisk-tui check FILE. The client secret is not in it.")
    )
    if settings.environment not in EMBEDDED:
        document.add(tomlkit.comment(f"The environment was {visible(settings.environment)}."))
    document.add("run", AoT([table]))
    return tomlkit.dumps(document)


def _options(settings: Settings, registered: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Each option whose value is not the default, in the order of the reference page."""
    embedded = settings.environment in EMBEDDED
    known = {"base_url", "issuer"} if embedded else {"environment", "base_url" if settings.issuer else "issuer"}
    if embedded and settings.redirect_uri in registered:
        known.add("redirect_uri")
    for name, option in used_in("flow", "mode").items():
        field = FIELDS[name]
        # The edits are written at the end; a recipe is not held, because nobody may be there.
        if name in known or field.of_machine or field.kind == "edits" or name == "hold":
            continue
        if value := _written(field, settings):
            yield option.flag.removeprefix("--"), value


def _written(field: InputField, settings: Settings) -> Any:
    """The value of an option in a recipe; None if it is the default, or a secret."""
    value, option = getattr(settings, field.name, None), field.option
    match field.kind:
        case "choice":
            return value if value != field.choices[0] or field.name == "mode" else ""
        case "switch":
            return option is not None and value is option.given
        case "seconds":
            return value if value != DEFAULT_TIMEOUT else None
        case "steps":
            return ",".join(settings.then)
        case "list":
            return [_call(each) for each in settings.probes if each.safe and not REFERENCE.search(each.path)]
        case "pairs" if field.name == "fields":
            changed = _changed(settings.dialect, STANDARD if settings.issuer else AIRISK)
            return tomlkit.item(changed) if changed else None
        case "pairs":
            return [f"{name}={each}" for name, each in value or () if not REFERENCE.search(each)]
        case "text or none" if value is None:
            return "none" if settings.standard or not field.dialect else ""
    # A state and a nonce are made for each run.
    return value if value and field.name not in ("state", "nonce") and not REFERENCE.search(value) else ""


def _call(endpoint: Endpoint) -> str:
    expected = (("generic", endpoint.generic), ("user", endpoint.user_specific))
    return " ".join([endpoint.name, *(f"{token}={each}" for token, each in expected if each != "unknown")])


def _changed(dialect: Dialect, base: Dialect) -> dict[str, str]:
    """The dialect's names that differ from the default, as for `--field`, which cannot express a name that is left out."""
    names = [name for name in Dialect.__struct_fields__ if name != "name"]
    pairs = {name: getattr(dialect, name) for name in names if getattr(dialect, name) != getattr(base, name)}
    return {
        name: str(value).lower() if value in (True, False) else str(value)
        for name, value in pairs.items()
        if value is not None
    }
