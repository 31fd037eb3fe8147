"""What holds for every finding, whatever it is about: of the scenarios, their counter-observations, and the public reports."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any
from urllib.parse import unquote, unquote_plus

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.flow.reading.steps import StepName
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.state import FlowState, secret_names
from airisk_tui.insight.context import Context
from airisk_tui.insight.explain import explain
from airisk_tui.insight.finding import Finding, Pointer
from airisk_tui.insight.fix import Fix, SetField, ways
from airisk_tui.insight.reading.reasons import says_more
from airisk_tui.insight.reading.run import speaks_airisk
from airisk_tui.insight.reading.two_requests import authorization_fields, token_fields
from airisk_tui.insight.rendering import on_command_line
from airisk_tui.oauth.answer.server_error import visible_words
from airisk_tui.oauth.http import Exchange
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.text.visible import decoded, visible_sealed
from airisk_tui.tui.inspector.chips import Secrets
from airisk_tui.tui.inspector.page import Line, PageOptions, line_of
from airisk_tui.tui.inspector.subject import subjects
from airisk_tui.tui.inspector.tabs import Tab, page_of, tabs_of

ABSENT = {"departure-cache", "departure-response-type", "field-missing"}
"""Findings whose evidence is that something is not there, so that there is no place to mark."""


def complaints(findings: Iterable[Finding], context: Context) -> Iterator[str]:
    """What is wrong with the findings of a run, each in a few words."""
    there, shown = Lazily(lambda: haystack(context)), Places(context.state)
    for found in findings:
        for check in (_fix_changes_something, _ways_agree, _paths_are_this_servers, _silence_is_silence):
            yield from (f"{found.code}: {words}" for words in check(found, context))
        yield from (f"{found.code}: nothing is shown at {pointer}" for pointer in _hidden(found, shown))
        yield from (f"{found.code}: it quotes what is nowhere: {text!r}" for text in _made_up(found, there))


def _fix_changes_something(found: Finding, context: Context) -> Iterator[str]:
    """No way sets only what is in the request already, and none takes a parameter of our own redirect URI for the server's."""
    ours = context.inputs
    for way in ways(found.fix):
        sets = [step for step in way if isinstance(step, SetField) and step.value is not None]
        if sets and all(value_of(context, step.field) == step.value for step in sets):
            yield f"a way sets {[step.field for step in sets]} to what it is"
        own = Params.parse(ours.redirect_uri.partition("?")[2])
        for step in sets:
            if step.field.startswith("dialect.") and step.value and own.get(step.value) is not None:
                yield f"{step.field} is set to a parameter of the redirect URI"


def value_of(context: Context, field: str) -> str | None:
    """What a run has for the field of a step."""
    group, _, name = field.rpartition(".")
    if group == "params":
        return authorization_fields(context.state).get(name)
    if group == "token_params":
        return token_fields(context.state).get(name)
    value = getattr(context.inputs.dialect if group else context.inputs, name, None)
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _ways_agree(found: Finding, context: Context) -> Iterator[str]:
    """No way sets a field twice, and none leads back to where another run has been with the same end."""
    for way in ways(found.fix):
        fields = [step.field for step in way if isinstance(step, SetField)]
        if len(fields) != len(set(fields)):
            yield f"a way sets one of {fields} twice"
        tried = tried_with(context, way)
        if tried is not None:
            again = next((one for one in explain(tried).findings if one.code == found.code), None)
            if again is not None and any(_sets(one) == _sets(way) for one in ways(again.fix)):
                yield f"what was tried in vain is proposed again: {_sets(way)}"


def _sets(way: Fix) -> dict[str, str | None]:
    return {step.field: step.value for step in way if isinstance(step, SetField) and step.value is not None}


def tried_with(context: Context, way: Fix) -> Context | None:
    """The run after an earlier one that had what the way sets, and met the same; None where the way sets no whole input."""
    values = _sets(way)
    state = context.state
    if not values or any("." in name and not name.startswith("dialect.") for name in values) or state.token is not None:
        return None
    earlier = replace(state, run_id="tried", inputs=with_values(context.inputs, values))
    return replace(context, history=(*context.history, earlier))


def with_values(inputs: Inputs, values: dict[str, str | None]) -> Inputs:
    """The inputs with fields set as a step has them."""
    for name, value in values.items():
        group, _, member = name.rpartition(".")
        holder: Any = inputs.dialect if group else inputs
        typed: Any = value == "true" if isinstance(getattr(holder, member, None), bool) else value
        changed = replace(holder, **{member: typed})
        inputs = replace(inputs, dialect=changed) if group else changed
    return inputs


def _paths_are_this_servers(found: Finding, context: Context) -> Iterator[str]:
    """AIRisk's paths are proposed to AIRisk's servers alone, or where the server itself wrote them."""
    if speaks_airisk(context) or (context.inputs.dialect.name == "airisk" and found.code == "base-url-redirects"):
        return
    came = "\n".join(texts(context.state.authorization)) + "\n".join(texts(context.state.token_exchange))
    for step in found.fix:
        if isinstance(step, SetField) and "/api/oauth2" in (step.value or "") and (step.value or "") not in came:
            yield f"{step.field} is set to AIRisk's {step.value}"
    if context.inputs.dialect.name != "airisk" and "AIRisk" in " ".join(
        (found.title, found.cause, on_command_line(found.fix))
    ):
        yield "it speaks of AIRisk"


SILENT = re.compile(r"status is all that it says|no reason beyond the status|\bhas no words of its own")


def _silence_is_silence(found: Finding, context: Context) -> Iterator[str]:
    """An answer is called silent only where it says nothing."""
    if not SILENT.search(found.cause):
        return
    step = next((one.pointer.step for one in found.evidence if one.pointer is not None), "")
    exchange = context.state.token_exchange if step.startswith("token") else context.state.authorization
    if exchange is None or (
        exchange.response.body.data.strip() and ("status" in found.cause or says_more(exchange.response))
    ):
        yield f"the answer says something, and is called silent: {found.cause}"


def _hidden(found: Finding, shown: Places) -> Iterator[Pointer]:
    """Every place that evidence points to is on a page of the inspector: of a call the page of that call."""
    for pointer in (one.pointer for one in found.evidence if found.code not in ABSENT):
        if pointer is not None and pointer.name and not shown.has(pointer):
            yield pointer


class Places:
    """The pages of the inspector, each drawn once."""

    def __init__(self, state: FlowState) -> None:
        self._state = state
        self._options = PageOptions(Secrets(secret_names(state)), 60)
        self._pages: dict[tuple[str, str], list[list[Line]]] = {}

    def has(self, pointer: Pointer) -> bool:
        """Whether any exchange of the step has the place on any of the pages where it is looked for; a call is found by its name."""
        if pointer.step == "access":
            return any(one.name == pointer.name for one in subjects(self._state, "access"))
        pages = (page for tab in tabs_of(pointer) for page in self._drawn(tab, pointer.step))
        return any(line_of(page, pointer.name) is not None for page in pages)

    def _drawn(self, tab: Tab, step: StepName) -> list[list[Line]]:
        if (tab, step) not in self._pages:
            found = subjects(self._state, step)
            self._pages[tab, step] = [page_of(tab, self._state, step, one, self._options) for one in found]
        return self._pages[tab, step]


OUR_WORDS = {"Reading it as JSON", "The file"}
"""Evidence that quotes this program's own words."""


def _made_up(found: Finding, there: Lazily) -> Iterator[str]:
    """What the evidence of a proven cause quotes, and nothing holds."""
    if (
        found.certainty == "proven"
        and found.severity == "error"
        and not found.evidence
        and found.code != "inputs-missing"
    ):
        yield "nothing is quoted at all"
    for one in found.evidence if found.certainty == "proven" else ():
        quotations = (*_QUOTED.findall(one.text), one.sent or "", one.came or "")
        for value in () if one.label in OUR_WORDS else quotations:
            yield from (part for part in _JOINED.split(value) if part and plain(part) not in there.text)


_QUOTED = re.compile(r"“([^“”]*)”")
_JOINED = re.compile(r"…(?: \([\d,]+ more characters\))?|: |, | and |^[A-Z]+ |\.|://|/")
"""What the program itself puts between two values: a code and its words, a header and its value, a method and an address."""


class Lazily:
    """A text that is made when it is first looked at."""

    def __init__(self, make: Callable[[], str]) -> None:
        self._make = make

    @cached_property
    def text(self) -> str:
        return self._make()


def haystack(context: Context) -> str:
    """Everything that was observed, in every form in which it is read."""
    names = secret_names(context.state)
    found = [context.state, *context.earlier, context.registered, context.host]
    written = dict.fromkeys(text for one in found for text in texts(one))
    forms: dict[str, None] = {}
    for text in written:
        for form in (text, unquote(text), unquote_plus(text), visible_words(text), *_json_texts(text)):
            forms[plain(secrets_named(visible_sealed(form), names))] = None
    return "\n".join(forms)


def texts(value: Any) -> Iterator[str]:
    """Every text in a value, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):
        yield decoded(value)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from texts(getattr(value, name))
        if isinstance(value, Exchange):
            yield value.request.method + " " + value.request.url.partition("?")[0]
            # The names of headers are read without regard to their case (RFC 9110 §5.1).
            yield from (name.lower() for name, _ in value.response.headers)
    elif isinstance(value, (tuple, list, frozenset)):
        for one in value:
            yield from texts(one)
    elif hasattr(value, "items"):
        for name, one in value.items():
            yield from texts(name)
            yield from texts(one)
    elif value is not None:
        yield str(value)


def _json_texts(text: str) -> Iterator[str]:
    try:
        yield from texts(json.loads(text))
    except (ValueError, RecursionError):
        return


def plain(text: str) -> str:
    """A text without what quoting changes: white space."""
    return " ".join(text.split())
