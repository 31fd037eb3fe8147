"""The fix of a finding as data: steps, which `insight.rendering` turns into sentences for each kind of reader.

A step's texts may contain `{name}` for a value that the rule observed; `filled` puts the value in. The texts are imperatives without a
capital letter and a full stop, so that they can be joined into one sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise, takewhile
from typing import Any, ClassVar, Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.flow.start.inputs import Inputs, Mode
from airisk_tui.flow.start.units import PLAIN
from airisk_tui.insight.words.quoting import Quotation, quoted
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.text.visible import visible
from airisk_tui.oauth.urls import split_url

Place = Literal["server", "proxy", "registration", "network", "machine", "client", "environment"]
"""The place of a change outside this program; "client" is the program that the person writes."""

BY_KEY = frozenset(PLAIN) - {"exchange", "verify_tls"}
"""Fields that the screen may set by a key. A person decides on the state and the client secret."""

GROUPS_BY_KEY = ("params.", "token_params.", "dialect.")
"""Groups of fields that the screen may set by a key, except the dialect's paths, which lead requests elsewhere."""

MAX_BY_KEY = 2_000
"""Characters of a value that a key fills in; a longer one has to be looked at and copied by hand."""


class FixStep(Struct, frozen=True, kw_only=True):
    """A step of a fix. when: a condition in words, such as "if it stays"; instead: whether it begins another way, which replaces the
    steps before it."""

    kind: ClassVar[str] = ""
    when: str = ""
    instead: bool = False


Fix = tuple[FixStep, ...]
"""The steps in order. A condition holds until the next step that has one or begins another way."""


class SetField(FixStep, frozen=True):
    """Set a field of the inputs: one of `flow.start.inputs.Inputs`, or "dialect.NAME", "params.NAME", "token_params.NAME".

    value: the exact value, "" to leave the field empty; words: a remark after the value, or a description of a value that only the
    person knows; source: where the person finds it; by_key: whether the screen may set it (see `applicable`); shown: the value with the
    names of its secrets (see `named`).
    """

    kind = "set"
    field: str
    value: str | None = None
    words: str = ""
    source: Literal["", "users"] = ""
    by_key: bool = False
    shown: str = ""


class DropField(FixStep, frozen=True):
    """Remove an extra parameter: "params.NAME" or "token_params.NAME"."""

    kind = "drop"
    field: str


class Rerun(FixStep, frozen=True):
    """Run again, in another mode if one is given. words: the end of the clause, such as " from the start"."""

    kind = "run"
    mode: Mode | None = None
    words: str = ""


class Press(FixStep, frozen=True):
    """An action of this program with a command and a key of its own. words: the end of the clause."""

    kind = "press"
    action: Literal["compare-with-bearer", "ask-again", "continue", "send-a-state"]
    words: str = ""


class Command(FixStep, frozen=True):
    """Type a command. where: the machine, in words."""

    kind = "command"
    line: str
    where: str = ""


class SetVariable(FixStep, frozen=True):
    """Set an environment variable. value: the exact value; words: a remark after it, or a description in its place."""

    kind = "variable"
    name: str
    value: str = ""
    words: str = ""


class Ask(FixStep, frozen=True):
    """Ask or tell somebody. text: the whole clause, such as "give this exchange to the administrator"."""

    kind = "ask"
    text: str
    whom: str = "the administrator"


class Change(FixStep, frozen=True):
    """Change something outside this program, or have it changed."""

    kind = "change"
    place: Place
    text: str


class UndoEdit(FixStep, frozen=True):
    """Take back a change in a request. edit: as "omit token.body.code", the option without its dashes and its value."""

    kind = "undo"
    edit: str


class Do(FixStep, frozen=True):
    """Something that the person does by hand: look, wait, paste, go on."""

    kind = "do"
    text: str


RERUN = Rerun()
PASTE: Fix = (Rerun("paste"), Do("open the URL in a browser"), Do("paste the address that it ends on"))
"""The way that works with any redirect URI. A run that waits for a paste needs no other run for it (`insight.explain`)."""


def otherwise(*steps: FixStep, when: str = "") -> Fix:
    """The steps as another way, which replaces those before them."""
    first, *rest = steps
    return (replace(first, when=when, instead=True), *rest)


def provided(when: str, *steps: FixStep) -> Fix:
    """The steps under a condition, such as "if it stays"."""
    first, *rest = steps
    return (replace(first, when=when), *rest)


def as_first(*steps: FixStep) -> Fix:
    """The steps as the first way: without a condition."""
    return (*(replace(step, when="", instead=False) for step in steps[:1]), *steps[1:])


def filled(fix: Iterable[FixStep], values: Mapping[str, str]) -> Fix:
    """The steps with the observed value in place of each `{name}`; the value of a field becomes the quoted text without its quotation
    marks."""
    return tuple(replace(step, **dict(_filled(step, values))) for step in fix)


def _filled(step: FixStep, values: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for name in step.__struct_fields__:
        template = getattr(step, name)
        if isinstance(template, str) and "{" in template:
            value = values.get(template[1:-1]) if name == "value" else None
            yield name, value.quoted if isinstance(value, Quotation) else template.format_map(values)


def named(fix: Iterable[FixStep], names: Mapping[str, str]) -> Fix:
    """The steps with the name of each secret in place of its reference, except in a value that a field is set to."""
    shown = (
        replace(step, shown=quoted(step.value)) if isinstance(step, SetField) and step.value is not None else step
        for step in fix
    )
    return tuple(with_secret_names(step, names, besides="value") for step in shown)


S = TypeVar("S", bound=Struct)


def with_secret_names(struct: S, names: Mapping[str, str], besides: str = "") -> S:
    """The struct with the name of each secret in place of its reference, in all its texts. names: by fingerprint; besides: the member
    that keeps its references."""
    texts = {name: getattr(struct, name) for name in struct.__struct_fields__ if name != besides}
    changed = {name: secrets_named(text, names) for name, text in texts.items() if isinstance(text, str)}
    return replace(struct, **changed)


def applicable(fix: Fix, inputs: Inputs) -> Fix:
    """The steps for a run with these inputs; those that the screen may carry out are marked `by_key`.

    A value may come from a server. So it may be set by a key only if it hides no character, and leads neither the client secret nor the
    code to a new host (threats.md S3, F5).
    """
    steps = [_on_the_input(step) if inputs.standard else step for step in fix]
    return tuple(
        replace(step, by_key=_may_be_set(step, inputs)) if isinstance(step, SetField) else step for step in steps
    )


def ways(fix: Fix) -> tuple[Fix, ...]:
    """The ways of a fix: each step with a condition or with `instead` begins another one."""
    starts = [at for at, step in enumerate(fix) if at == 0 or step.when or step.instead]
    return tuple(fix[at:end] for at, end in pairwise([*starts, len(fix)]))


def carried_out(way: Fix) -> Fix:
    """The first steps of a way, as far as the screen can carry them out in its form: setting and dropping fields, undoing edits,
    choosing the mode."""
    return tuple(takewhile(_is_by_key, way))


def _is_by_key(step: FixStep) -> bool:
    if isinstance(step, SetField):
        return step.by_key
    return isinstance(step, (DropField, UndoEdit)) or (isinstance(step, Rerun) and step.mode is not None)


_AS_INPUTS = {
    "dialect.client_auth": ("client_auth", {"body": "post"}),
    "dialect.pkce": ("pkce", {"true": "on", "false": "off"}),
    "params.scope": ("scope", {}),
}
"""Fields of a dialect that are inputs of their own for a standard server: the input, and its words for their values."""


def _on_the_input(step: FixStep) -> FixStep:
    """The step for a standard server, which sets the input in place of the dialect's field."""
    if not isinstance(step, SetField) or step.field not in _AS_INPUTS:
        return step
    name, values = _AS_INPUTS[step.field]
    value = (step.value or "").strip("“”")
    return replace(step, field=name, value=values.get(value, value) or None)


def _may_be_set(step: SetField, inputs: Inputs) -> bool:
    value = step.value
    mapped = step.field.startswith(GROUPS_BY_KEY) and not step.field.endswith(("_path", "_endpoint", "_uri"))
    known = step.field in BY_KEY or mapped
    if (
        not known
        or step.field != visible(step.field)
        or not value
        or len(value) > MAX_BY_KEY
        or not value == visible(value) == value.strip()
    ):
        return False
    if step.field == "client_auth":
        return value in ("basic", "post", "none")  # the other ways need a key's file, which a person chooses
    if step.field == "redirect_uri":
        return is_loopback(_host(value))
    return step.field not in ("base_url", "issuer") or _same_host(inputs.base_url, value)


def _same_host(ours: str, base: str) -> bool:
    """Whether another base URL has the same host, and does not replace https by http."""
    weaker = ours.startswith("https:") and not base.startswith("https:")
    return bool(_host(base)) and _host(base) == _host(ours) and not weaker


def _host(url: str) -> str:
    """The host of a URL; "" if readers differ over it, as over "https://a\\@b" (WHATWG URL §4.4)."""
    parts = split_url(url)
    return "" if parts is None or "@" in parts.netloc or "\\" in url else (parts.hostname or "")
