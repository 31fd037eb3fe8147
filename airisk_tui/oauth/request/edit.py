"""Edits: a person's changes to a request before it is sent, as data (editing.md, "Edits").

An edit has a target (step, place, name), an action and a new value. It may break any rule on purpose. In its value `{code}` and the
other PLACEHOLDERS stand for values of the run, so an edit can move, replace or leave out a secret without knowing it.
"""

from __future__ import annotations

from typing import Literal, cast, get_args

from msgspec import Struct

from airisk_tui.later import pattern
from airisk_tui.oauth.dialect import Encoding

FollowUp = Literal["userinfo", "introspect", "refresh", "revoke", "code-again"]
"""A request that uses the token after it was issued (`flow.state.next_follow_up`). "code-again": redeem the code a second time, which
the server must refuse."""

FOLLOW_UPS: tuple[FollowUp, ...] = get_args(FollowUp)

Step = Literal["discovery", "push", "authorization", "device", "redirect", "token", "poll", FollowUp, "probe"]
"""The request to change. "push": the pushed authorization request (RFC 9126); "redirect": the authorization response, before it is
checked."""

EVERY_STEP: tuple[Step, ...] = get_args(Step)

Place = Literal["method", "url", "param", "header", "body", "encoding"]
"""The part of a request. url: the address before the parameters; body without a name: the whole body."""

Action = Literal["set", "omit", "add"]

NAMED = frozenset({"param", "header", "body"})
"""The places whose values have names."""

ALL = "*"
"""The name that, with "omit", means everything in the place."""

PLACEHOLDERS = (
    *("code", "client_id", "client_secret", "redirect_uri", "userid", "state", "token", "bearer", "code_verifier"),
    *("code_challenge", "refresh_token", "device_code", "basic", "host", "length", "boundary", "brace"),
)
"""Names that, in braces, stand for a value of the run. token: the access token of a probe; basic: client ID and secret for HTTP
Basic, not form-encoded; host, length, boundary: values of the finished request; brace: an opening brace, so that a placeholder can be
sent as text."""

PLACEHOLDER = pattern(rf"\{{({'|'.join(PLACEHOLDERS)})\}}")
"""A placeholder in braces; any other name in braces is text."""


def literal(text: str) -> str:
    """The value of an edit that sends this text unchanged, braces included."""
    return PLACEHOLDER.sub(lambda found: f"{{brace}}{found[1]}}}", text)


_CALLED = pattern(r"probe\(([A-Z]+ /[^()]*)\)(?=\.)")
"""A probe of one endpoint, by the endpoint's name."""


class UnreadableEdit(ValueError):
    """Raised with a sentence that says why a text is not an edit."""


class Edit(Struct, frozen=True):
    """One change. name: "" for method, url, encoding and a whole body. action: "set" replaces the first value of that name where it
    stands, and removes the others, or appends the value if there is none; "add" appends it in any case; "omit" removes every value of
    that name. endpoint: the name of the probe to change, "" for all."""

    step: Step
    place: Place
    name: str = ""
    action: Action = "set"
    value: str = ""
    endpoint: str = ""

    @property
    def target(self) -> str:
        """The target as text: "token.body.redirect_uri", or for one endpoint "probe(GET /api/a).header.Accept"."""
        step = f"{self.step}({self.endpoint})" if self.endpoint else self.step
        return ".".join((step, self.place, *([self.name] if self.name else ())))

    @property
    def option(self) -> str:
        """The command-line option for this edit, without its value: "--omit token.body.redirect_uri"."""
        return f"--{self.action} {self.target}"

    @property
    def text(self) -> str:
        """The argument of that option; `read_edit` reads it back."""
        return self.target if self.action == "omit" else f"{self.target}={self.value}"


def read_edit(action: Action, text: str) -> Edit:
    """Read an edit from STEP.PLACE.NAME=VALUE, without =VALUE for "omit". Raises UnreadableEdit."""
    called = _CALLED.match(text)
    head = called[0] if called else ""
    target, mark, value = text[len(head) :].partition("=")
    step, _, rest = f"{'probe' if called else ''}{target}".partition(".")
    place, _, name = rest.partition(".")
    if step not in get_args(Step):
        raise UnreadableEdit(f"“{step}” is no step; the steps are {_listed(get_args(Step))}")
    if place not in get_args(Place):
        raise UnreadableEdit(f"“{place}” is no place in a request; the places are {_listed(get_args(Place))}")
    if action == "omit" and mark:
        raise UnreadableEdit(f"“{target}” is left out, so it takes no value; remove the = and the value")
    if action != "omit" and not mark:
        raise UnreadableEdit(f"“{target}” has no value; put = and the value behind it")
    edit = Edit(cast("Step", step), cast("Place", place), name, action, value, called[1] if called else "")
    _check(edit)
    return edit


def _check(edit: Edit) -> None:
    if edit.step == "redirect" and edit.place != "param":
        raise UnreadableEdit("of the redirect only parameters can be changed, as in redirect.param.state")
    if edit.place == "encoding" and edit.value not in get_args(Encoding):
        raise UnreadableEdit(f"“{edit.value}” is no encoding; the encodings are {_listed(get_args(Encoding))}")
    whole_body = edit.place == "body" and edit.action == "set"
    if edit.place in NAMED and not edit.name and not whole_body:
        raise UnreadableEdit(f"“{edit.target}” names nothing; put a name behind it, as in {edit.target}.NAME")
    if edit.place not in NAMED and (edit.name or edit.action != "set"):
        raise UnreadableEdit(f"{edit.step}.{edit.place} can only be set, as in --set {edit.step}.{edit.place}=VALUE")
    if edit.name == ALL and edit.action != "omit":
        raise UnreadableEdit(f"“{ALL}” stands for everything, which can only be left out")


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(words)
