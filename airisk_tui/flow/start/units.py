"""The inputs of a run one by one ("units"), to compare two runs, and to give one run single inputs of the other (`session.bisect`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.flow.start.inputs import Settings
from airisk_tui.oauth.dialect import Dialect
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.request.edit import ALL, Edit
from airisk_tui.oauth.secret import Secret, SecretView

AnySettings = TypeVar("AnySettings", bound=Settings)

PLAIN = (
    *("base_url", "issuer", "client_id", "redirect_uri", "userid", "encoding", "scope", "client_auth", "pkce", "par"),
    *("response_mode", "carry_cookies", "exchange", "verify_tls"),
)
"""Inputs that are compared as a whole. Inputs that are new in each run, and the address to listen on, are not compared."""

SECRET_UNITS = frozenset({"client_secret"})
"""Units whose values are never shown."""


class UnitDifference(Struct, frozen=True):
    """One input in which two runs differ. name: such as "userid", "state", "dialect.token_path", "params.prompt" or "edit
    token.body.code"; before, after: the values as texts, None if there is none."""

    name: str
    before: str | None
    after: str | None


def unit_differences(before: Settings, after: Settings) -> tuple[UnitDifference, ...]:
    """The inputs in which two runs differ, in the order of the form."""
    whole = _omitted_places(before) | _omitted_places(after)
    left, right = dict(_units(before, whole)), dict(_units(after, whole))
    names = dict.fromkeys((*left, *right))
    if _secrets_differ(before, after):
        left["client_secret"], right["client_secret"] = "one", "another"
        names = {"client_secret": None, **names}
    return tuple(UnitDifference(one, left.get(one), right.get(one)) for one in names if left.get(one) != right.get(one))


def _secrets_differ(before: Settings, after: Settings) -> bool:
    """Whether both have a raw client secret, and these differ."""
    secrets = before.client_secret, after.client_secret
    return all(isinstance(one, Secret) for one in secrets) and secrets[0] != secrets[1]


def _omitted_places(settings: Settings) -> set[tuple[str, str]]:
    """The places in which an edit omits everything; all edits of such a place are one unit."""
    return {(edit.step, edit.place) for edit in settings.edits if edit.name == ALL}


def _units(settings: Settings, whole: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for name in PLAIN:
        value = getattr(settings, name)
        if value not in (None, "", False):
            yield name, str(value).lower() if value is True else str(value)
    if isinstance(settings.client_secret, SecretView):
        yield "client_secret", settings.client_secret.reference
    yield "state", "sent" if settings.state is not None else "not sent"
    for name in Dialect.__struct_fields__:
        value = getattr(settings.dialect, name)
        if name != "name" and value is not None:
            yield f"dialect.{name}", str(value)
    for group in ("params", "token_params"):
        pairs: Params = getattr(settings, group)
        for name in dict.fromkeys(name for name, _ in pairs):
            yield f"{group}.{name}", " and ".join(pairs.all(name))
    for unit in dict.fromkeys(_unit(edit, whole) for edit in settings.edits):
        own = [edit for edit in settings.edits if _unit(edit, whole) == unit]
        yield f"edit {unit}", "; ".join(f"{edit.action} {edit.text}" for edit in own)


def _unit(edit: Edit, whole: set[tuple[str, str]]) -> str:
    return f"{edit.step}.{edit.place}" if (edit.step, edit.place) in whole else edit.target


def with_unit(mine: AnySettings, other: Settings, name: str) -> AnySettings:
    """The settings with one input of the other settings."""
    group, _, rest = name.partition(".")
    if name in PLAIN or name in SECRET_UNITS:
        return replace(mine, **{name: getattr(other, name)})
    if name == "state":
        return replace(mine, state=None if other.state is None else (mine.state or other.state))
    if group == "dialect":
        changed: dict[str, Any] = {rest: getattr(other.dialect, rest)}
        return replace(mine, dialect=replace(mine.dialect, **changed))
    if group in ("params", "token_params"):
        theirs: Params = getattr(other, group)
        pairs: dict[str, Any] = {group: getattr(mine, group).without(rest) + theirs.only(rest)}
        return replace(mine, **pairs)
    if name.startswith("edit "):
        return replace(mine, edits=_edits_with(mine, other, name.removeprefix("edit ")))
    return mine


def _edits_with(mine: Settings, other: Settings, unit: str) -> tuple[Edit, ...]:
    whole = _omitted_places(mine) | _omitted_places(other)
    kept = tuple(edit for edit in mine.edits if _unit(edit, whole) != unit)
    return (*kept, *(edit for edit in other.edits if _unit(edit, whole) == unit))
