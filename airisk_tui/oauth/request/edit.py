"""Edits: what a person changes in a request before it is sent, as data (editing.md, "Edits").

An edit says where (step, place, name), what (action), and the new value. It may break any rule: that is what it is for. Its
value is text, in which `{code}` and the other PLACEHOLDERS stand for what only the run itself knows, so that an edit can put a
secret elsewhere, replace it or leave it out, and never reads one.
"""

from __future__ import annotations

from typing import Literal, cast, get_args

from msgspec import Struct

from airisk_tui.later import pattern
from airisk_tui.oauth.dialect import Encoding

FollowUp = Literal["userinfo", "introspect", "refresh", "revoke", "code-again"]
"""What a run does with its token (`flow.state.next_follow_up`). "code-again": redeem the code once more, which must be refused."""

FOLLOW_UPS: tuple[FollowUp, ...] = get_args(FollowUp)

Step = Literal["discovery", "push", "authorization", "device", "redirect", "token", "poll", FollowUp, "probe"]
"""The request that is changed. "push": of the authorization request's parameters to the server (RFC 9126); "redirect": what came back,
before it is believed."""

EVERY_STEP: tuple[Step, ...] = get_args(Step)

Place = Literal["method", "url", "param", "header", "body", "encoding"]
"""The part of a request. url: the address up to the parameters; body without a name: the whole body, as it is given."""

Action = Literal["set", "omit", "add"]

NAMED = frozenset({"param", "header", "body"})
"""The places that hold values by name."""

ALL = "*"
"""As a name with "omit": everything in the place."""

PLACEHOLDERS = (
    *("code", "client_id", "client_secret", "redirect_uri", "userid", "state", "token", "bearer", "code_verifier"),
    *("code_challenge", "refresh_token", "device_code", "basic", "host", "length", "boundary", "brace"),
)
"""Names that stand in braces for a value of the run. token: what a probe carries; basic: client id and secret as HTTP Basic writes
them, neither of them form-encoded; host, length, boundary: what only the finished request has; brace: an opening brace, so that
one of these texts can be sent itself."""

PLACEHOLDER = pattern(rf"\{{({'|'.join(PLACEHOLDERS)})\}}")
"""Braces around any other name are text."""


def literal(text: str) -> str:
    """A text as the value of an edit that sends it as it is, whatever braces are in it."""
    return PLACEHOLDER.sub(lambda found: f"{{brace}}{found[1]}}}", text)


_CALLED = pattern(r"probe\(([A-Z]+ /[^()]*)\)(?=\.)")
"""One endpoint of those that are called, by its name."""


class UnreadableEdit(ValueError):
    """Why a text is no edit, in one sentence."""


class Edit(Struct, frozen=True):
    """One change. name: "" for method, url, encoding and a whole body. set: gives the value to what has the name, in its place, and
    drops others of the name; where there is none, it comes last. add: comes last, whatever is there. omit: drops all of the name.
    endpoint: the name of the probe that is meant, "" for all."""

    step: Step
    place: Place
    name: str = ""
    action: Action = "set"
    value: str = ""
    endpoint: str = ""

    @property
    def target(self) -> str:
        """What is changed, as "token.body.redirect_uri"; of one endpoint alone "probe(GET /api/a).header.Accept"."""
        step = f"{self.step}({self.endpoint})" if self.endpoint else self.step
        return ".".join((step, self.place, *([self.name] if self.name else ())))

    @property
    def option(self) -> str:
        """The option of the command line that makes it, without its value: "--omit token.body.redirect_uri"."""
        return f"--{self.action} {self.target}"

    @property
    def text(self) -> str:
        """What stands behind the option; `read_edit` reads it back."""
        return self.target if self.action == "omit" else f"{self.target}={self.value}"


def read_edit(action: Action, text: str) -> Edit:
    """The edit that a text describes: STEP.PLACE.NAME=VALUE, without =VALUE for "omit". Raises UnreadableEdit."""
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
        raise UnreadableEdit(f"what is left out has no value, and “{target}” came with one")
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
