"""Which rules of the protocol a request breaks that a person has changed: notes, and never a reason not to send it."""

from __future__ import annotations

from collections.abc import Iterator

from airisk_tui.flow.requests import HeldRequest
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.request.planned import Computed, PlannedRequest, shown_value, with_references
from airisk_tui.oauth.text.fields import params_of


def broken_rules(held: HeldRequest, plan: PlannedRequest) -> tuple[str, ...]:
    """The rules that the request breaks now, and would not have broken as it was meant: each a sentence with its source."""
    before = set(_broken(held, held.meant))
    return tuple(note for note in _broken(held, plan) if note not in before)


def _broken(held: HeldRequest, plan: PlannedRequest) -> Iterator[str]:
    params, fields = with_references(plan.params), _fields(plan)
    twice = (*params.duplicates(), *fields.duplicates())
    if twice:
        yield f"A parameter must not be sent more than once: {', '.join(twice)} (RFC 6749 §3.1, §3.2)."
    if held.step == "redirect":
        yield from _redirect(held, params)
    elif held.step == "authorization":
        yield from _authorization(held, plan, params)
    elif held.step == "token":
        yield from _token(held, plan, params, fields)
    elif held.step in ("probe", "userinfo"):
        yield from _probe(plan, params)
    else:
        yield from _needed(held, plan, fields)
    yield from _http(plan)


_NEEDED = {
    "push": "RFC 9126 §2.1",
    "device": "RFC 8628 §3.1",
    "poll": "RFC 8628 §3.4",
    "introspect": "RFC 7662 §2.1",
    "refresh": "RFC 6749 §6",
    "revoke": "RFC 7009 §2.1",
    "code-again": "RFC 6749 §4.1.3",
}
"""The document that describes each of the other requests; their fields are those that were meant, but for hints."""


def _needed(held: HeldRequest, plan: PlannedRequest, fields: Params) -> Iterator[str]:
    source = _NEEDED.get(held.step, "RFC 8414 §3.1")
    if plan.method.upper() != held.meant.method:
        yield f"This request is a {held.meant.method} ({source})."
    for name, value in held.meant.field_params:
        if value and not fields.get(name) and name not in ("token_type_hint", "scope", "state", "nonce"):
            yield f"This request needs {name} ({source})."


def _fields(plan: PlannedRequest) -> Params:
    """The fields of the body, also where it was replaced as a whole."""
    if plan.raw is None:
        return plan.field_params
    kind = next((shown_value(value) for name, value in plan.headers if name.lower() == "content-type"), "")
    return params_of(shown_value(plan.raw), kind)


def _authorization(held: HeldRequest, plan: PlannedRequest, params: Params) -> Iterator[str]:
    if plan.method.upper() not in ("GET", "POST"):
        yield "The authorization endpoint takes GET, and may take POST (RFC 6749 §3.1)."
    for name in ("client_id", "redirect_uri", "response_type"):
        if not params.get(name) and (name != "response_type" or with_references(held.meant.params).get(name)):
            yield f"The authorization request needs {name} (RFC 6749 §4.1.1)."
    if params.get("state") is None:
        yield "Without a state nothing ties the answer to this run (RFC 6749 §10.12)."
    elif any(not 0x20 <= ord(c) <= 0x7E for c in params.get("state") or ""):
        yield "A state holds printable ASCII characters alone (RFC 6749 appendix A.5)."
    if params.get("client_secret") is not None:
        yield "The client's secret must not stand in a URL (RFC 6749 §2.3.1)."
    if params.get("redirect_uri") not in (None, with_references(held.meant.params).get("redirect_uri")):
        yield "The redirect URI must be one that is registered, character by character (RFC 9700 §4.1.3)."


def _token(held: HeldRequest, plan: PlannedRequest, params: Params, fields: Params) -> Iterator[str]:
    if plan.method.upper() != "POST":
        yield "The token endpoint takes POST alone (RFC 6749 §3.2)."
    if params.get("client_secret") is not None:
        yield "The client's secret must not stand in a URL (RFC 6749 §2.3.1)."
    meant = held.meant.field_params
    for name, (source, why) in _TOKEN_RULES.items():
        if meant.get(name) and not fields.get(name):
            yield f"The token request needs {name} ({source})."
        elif meant.get(name) and fields.get(name) != meant.get(name):
            yield f"{why} ({source})."
    if not meant.get("grant_type") and fields.get("grant_type") not in (None, "authorization_code"):
        yield "For a code the grant_type is authorization_code (RFC 6749 §4.1.3)."
    if plan.encoding != "form" and plan.raw is None:
        yield "RFC 6749 has the fields as a form (§4.1.3, appendix B); AIRisk documents JSON, too."
    if plan.raw is not None and not fields:
        yield "The body has none of the fields of a token request (RFC 6749 §4.1.3)."


_TOKEN_RULES = {
    "grant_type": ("RFC 6749 §4.1.3", "For a code the grant_type is authorization_code"),
    "code": ("RFC 6749 §4.1.3", "The code must be the one that came"),
    "redirect_uri": ("RFC 6749 §4.1.3", "The redirect_uri must be that of the authorization request"),
    "client_id": ("RFC 6749 §4.1.3", "A code is good for the client alone that it was issued to"),
    "client_secret": ("RFC 6749 §3.2.1", "A client must show its own secret"),
    "code_verifier": ("RFC 7636 §4.6", "The verifier must be the one whose challenge was sent"),
    "userid": ("protocol.md, step 2", "The userid must be that of the authorization request"),
}
"""By field: where it is described, and what breaks where it has another value."""


def _redirect(held: HeldRequest, params: Params) -> Iterator[str]:
    meant = with_references(held.meant.params)
    if params.get("state") != meant.get("state"):
        yield "A client must refuse an answer with another state than its own (RFC 6749 §10.12)."
    if params.get("code") is not None and params.get("error") is not None:
        yield "An answer has a code or an error, never both (RFC 6749 §4.1.2)."
    if params.get("code") is None and params.get("error") is None:
        yield "An answer has a code or an error (RFC 6749 §4.1.2)."


def _probe(plan: PlannedRequest, params: Params) -> Iterator[str]:
    names = [name.lower() for name, _ in plan.headers]
    if "authorization" not in names:
        yield "A protected resource needs the token in Authorization (RFC 6750 §2.1)."
    if names.count("authorization") > 1 or (params.get("access_token") and "authorization" in names):
        yield "A token must not be sent in more than one way (RFC 6750 §2)."


def _http(plan: PlannedRequest) -> Iterator[str]:
    named = {name.lower(): value for name, value in plan.headers}
    if plan.headers and named.get("host") != (Computed("host"),):
        yield "The Host header must be the host of the address (RFC 9112 §3.2)."
    if "content-length" in named and named["content-length"] != (Computed("length"),):
        yield "A Content-Length that is not the body's length makes the message unreadable (RFC 9112 §6.3)."
    if plan.fields and "content-type" not in named:
        yield "A body without a Content-Type has to be guessed (RFC 9110 §8.3)."
