"""A fix is data: every step has words for every reader, and what a screen may carry out leads no secret elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from airisk_tui.flow.start.fields import FIELDS
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.start.known import Host, Known
from airisk_tui.flow.state import FlowState
from airisk_tui.headless.flow.next_command import next_command
from airisk_tui.insight.browser_question import BrowserShows, advise_on_browser
from airisk_tui.insight.catalogue import catalogue
from airisk_tui.insight.context import Context
from airisk_tui.insight.doctor import advise
from airisk_tui.insight.finding import Finding, to_json
from airisk_tui.insight.fix import (
    MAX_BY_KEY,
    DropField,
    Fix,
    FixStep,
    Rerun,
    SetField,
    applicable,
    filled,
    ways,
)
from airisk_tui.insight.rendering import ACTIONS, MODES, on_command_line, on_screen
from airisk_tui.insight.rendering import to_json as steps_to_json
from airisk_tui.insight.words.quoting import QUOTES, in_quotes, quoted
from airisk_tui.oauth.dialect import Dialect
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.request.mistakes import check_redirect_uri
from airisk_tui.oauth.text.visible import visible
from tests.insight.plays import BASE, browser, direct, inputs, refused, report
from tests.insight.scenarios import EACH_DAY, SCENARIOS
from tests.insight.test_doctor import BAD_MACHINES
from tests.runs import STATE, URI, problem, redirect, response, text

CHANGES = {
    "code-refused": "encoding",
    "connection-reset": "base_url",
    "redirect-empty": "dialect.code",
    "tls-on-http": "redirect_uri",
    "token-empty-body": "encoding",
    "token-not-json": "encoding",
    "token-gateway": "encoding",
    "token-not-found": "issuer",
    "token-refused": "encoding",
    "token-server-error": "encoding",
    "affinity-left-out": "carry_cookies",
    "affinity-lost": "carry_cookies",
    "authorize-not-found": "issuer",
    "https-wanted": "base_url",
    "token-https-wanted": "base_url",
    "base-url-doubled": "base_url",
    "base-url-redirects": "base_url",
    "basic-wanted": "dialect.client_auth",
    "callback-other-host": "redirect_uri",
    "callback-other-path": "redirect_uri",
    "client-changed": "client_id",
    "client-refused": "dialect.client_auth",
    "code-renamed": "dialect.code",
    "encoding-not-read": "encoding",
    "encoding-unsupported": "encoding",
    "expiration-renamed": "dialect.expiration",
    "field-missing": "dialect.pkce",
    "field-refused": "redirect_uri",
    "field-spelled-otherwise": "token_params.clientId",
    "follow-up-refused": "scope",
    "grant-type-wanted": "token_params.grant_type",
    "http-on-https": "redirect_uri",
    "http-to-https-port": "base_url",
    "id-token-aud": "client_id",
    "id-token-missing": "scope",
    "invalid-request": "params.response_type",
    "invalid-scope": "scope",
    "metadata-issuer-slash": "issuer",
    "metadata-not-found": "issuer",
    "parameter-wanted": "params.response_type",
    "pkce-enforced": "pkce",
    "port-busy": "redirect_uri",
    "push-demanded": "par",
    "push-not-offered": "par",
    "push-refused": "par",
    "redirect-elsewhere": "redirect_uri",
    "redirect-malformed": "redirect_uri",
    "redirect-uri-not-accepted": "redirect_uri",
    "redirect-uri-refused": "redirect_uri",
    "redirect-uri-unregistered": "redirect_uri",
    "response-mode-ignored": "response_mode",
    "scope-missing": "scope",
    "token-bare": "dialect.token",
    "token-http-to-https-port": "base_url",
    "token-in-redirect": "params.response_type",
    "token-login": "carry_cookies",
    "token-missing": "dialect.token",
    "token-not-an-object": "dialect.token",
    "token-redirected": "base_url",
    "token-renamed": "dialect.token",
    "token-url-doubled": "base_url",
    "unsupported-response-type": "params.response_type",
}
"""By code, the field that its fix fills in, in at least one of its scenarios."""

FINDING = Finding(code="x", severity="error", title="x", cause="x", fix=(), reference="x")
QUOTED = re.compile("|".join(f"{pair[0]}[^{pair[1]}]*{pair[1]}" for pair in QUOTES))
OPTION = re.compile(r"--[a-z]")
KEY = re.compile(r"\^[A-Z]\b|\bF\d+\b")


@cache
def fixes() -> tuple[tuple[str, Fix], ...]:
    """Every fix of the catalogue, and every one that a scenario, a bad machine or an answer about the browser leads to."""
    return tuple(_fixes())


def _fixes() -> Iterator[tuple[str, Fix]]:
    for entries in catalogue().values():
        yield from ((entry.code, entry.fix) for entry in entries)
    for scenario in EACH_DAY:
        yield from ((found.code, found.fix) for found in scenario.report.findings)
    for _, facts in BAD_MACHINES:
        yield from ((found.code, found.fix) for found in advise(facts))
    for host in (Host(), Host(ssh=True)):
        context = Context(state=browser(), host=host, registered=("http://127.0.0.1:8765/cb",))
        yield from ((answer, advise_on_browser(answer, context).fix) for answer in BrowserShows)


def test_every_fix_has_words_for_the_command_line_and_names_no_key_there() -> None:
    for code, fix in fixes():
        sentence = on_command_line(fix)
        assert sentence and sentence[0] == sentence[0].upper() and sentence[-1] in ".…?", code
        assert not KEY.search(QUOTED.sub("", sentence)), (code, sentence)


def test_every_fix_has_words_for_the_screen_and_names_no_option_there() -> None:
    for code, fix in fixes():
        sentence = on_screen(fix)
        assert sentence and sentence[0] == sentence[0].upper() and sentence[-1] in ".…?", code
        assert not OPTION.search(sentence), (code, sentence)


def test_every_fix_is_a_list_of_objects_whose_members_are_texts() -> None:
    for code, fix in fixes():
        steps = steps_to_json(fix)
        assert json.loads(json.dumps(steps)) == steps
        assert len(steps) == len(fix) > 0, code
        assert all(step["kind"] and isinstance(step.pop("instead"), bool) for step in steps), code
        assert all(isinstance(value, str) for step in steps for value in step.values()), code


def test_what_a_program_reads_is_the_sentence_of_the_command_line_and_its_steps() -> None:
    scenario = next(s for s in SCENARIOS if s.code == "redirect-uri-unregistered")
    found = scenario.report.first
    assert found is not None
    document = to_json(found)
    assert document["fix"] == on_command_line(found.fix)
    assert document["fix"].startswith("Set --redirect-uri to")
    assert document["fix_steps"][0] == {"kind": "set", "field": "redirect_uri", "value": URI, "instead": False}
    assert document["certainty"] == "proven"


def test_every_field_that_a_fix_sets_or_drops_is_a_field() -> None:
    known = {*Inputs.__struct_fields__, *FIELDS}
    known |= {f"dialect.{name}" for name in Dialect.__struct_fields__}
    for code, fix in fixes():
        for step in fix:
            if isinstance(step, (SetField, DropField)):
                group = step.field.partition(".")[0]
                assert step.field in known or group in ("params", "token_params"), (code, step.field)


def test_no_other_text_of_a_finding_names_an_option_or_a_key() -> None:
    for scenario in EACH_DAY:
        for found in scenario.report.findings:
            texts = [found.title, found.cause, found.runner_up or ""]
            texts += [part for evidence in found.evidence for part in (evidence.label, evidence.text)]
            for one in (QUOTED.sub("", part) for part in texts):
                assert not OPTION.search(one), one
                assert "^" not in one, one


def test_no_mistake_names_an_option() -> None:
    for uri in ("", "x", "http://example.com:80/*", "http://127.0.0.1:80/#x", "https://u:p@[::1", "ftp://a/ b"):
        empty = Inputs(environment="e", base_url=uri, client_id="", redirect_uri=uri, state=" ", userid=" ", timeout=0)
        for mistake in (*empty.mistakes, *check_redirect_uri(uri)):
            assert not OPTION.search(mistake.sentence), mistake.sentence


def test_every_word_of_the_tables_is_used() -> None:
    rendered = [(on_command_line(fix), on_screen(fix)) for _, fix in fixes()]
    for mode in MODES["command-line"].values():
        assert any(mode in typed for typed, _ in rendered), mode
    used = {step.action for _, fix in fixes() for step in fix if step.kind == "press"}  # type: ignore[attr-defined]
    assert used == set(ACTIONS)


def test_the_certainty_of_a_cause_fits_what_else_is_said() -> None:
    seen = set()
    for scenario in EACH_DAY:
        for found in scenario.report.findings:
            seen.add(found.certainty)
            assert not (found.runner_up and found.certainty == "proven"), found.code
    assert seen == {"proven", "likely", "unknown"}


def first_steps(found: Finding) -> list[FixStep]:
    return [way[0] for way in found.ways]


def test_the_fixes_that_a_screen_can_carry_out_are_these() -> None:
    fields, modes = dict[str, set[str]](), set[str]()
    for scenario in SCENARIOS:
        if (first := scenario.report.first) is None:
            continue
        for step in first_steps(first):
            if isinstance(step, SetField):
                fields.setdefault(first.code, set()).add(step.field)
            elif isinstance(step, Rerun):
                modes.add(first.code)
    assert {code: field for code, field in CHANGES.items() if field not in fields.get(code, ())} == {}
    assert fields.keys() == CHANGES.keys()
    assert {"access-denied", "browser-elsewhere", "callback-other-host", "nobody-came", "web-page"} <= modes


def now(inputs: Inputs, field: str) -> str:
    group, _, member = field.rpartition(".")
    if group.endswith("params"):
        return next((value for name, value in getattr(inputs, group) if name == member), "")
    value = getattr(inputs.dialect, member) if group else getattr(inputs, field)
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_a_change_is_what_the_sentence_says_and_changes_something() -> None:
    for scenario in EACH_DAY:
        state = scenario.state()
        first = report(state, **scenario.facts).first
        if first is None:
            continue
        for step in first_steps(first):
            if not isinstance(step, SetField) or step.value is None or state.inputs is None:
                continue
            field, value, said = step.field, step.value, on_command_line(first.fix)
            if "." not in field and field not in (
                "carry_cookies",
                "client_auth",
                "par",
                "pkce",
                "response_mode",
                "scope",
            ):
                assert (f"--body {value}" if field == "encoding" else f" to {quoted(value)}") in said
            assert now(state.inputs, field) != value


def known(state: FlowState, **facts: Any) -> FlowState:
    return replace(state, known=Known(**facts))


def changed(state: FlowState) -> tuple[str, str | None] | None:
    first = next(iter(first_steps(report(state).findings[0])), None)
    return (first.field, first.value) if isinstance(first, SetField) else None


def test_what_the_deployment_is_known_to_have_is_offered() -> None:
    state = known(direct(problem(), client_id="demo-ap"), clients=("demo-app", "other"))
    assert changed(state) == ("client_id", "demo-app")
    state = known(direct(problem(), userid="user_4"), users=("user_42", "ada"))
    assert changed(state) == ("userid", "user_42")
    state = known(direct(problem(), userid="user_4"), users=())
    assert changed(state) is None


@pytest.mark.parametrize(
    "location",
    [
        f"https://evil.example.com/callback?code=x&state={STATE}",
        f"http://127.0.0.1@evil.example.com/callback?code=x&state={STATE}",
        f"http://127.0.0.1\\@evil.example.com/callback?code=x&state={STATE}",
    ],
)
def test_F5_a_redirect_uri_on_another_machine_is_never_filled_in(location: str) -> None:
    findings = report(direct(redirect(location))).findings
    assert not any(isinstance(step, SetField) for found in findings for step in first_steps(found))


def may_be_set(field: str, value: str) -> bool:
    step = applicable((SetField(field, value),), inputs())[0]
    assert isinstance(step, SetField)
    return step.by_key


@pytest.mark.parametrize(
    "base",
    [
        "https://evil.example.com",
        "https://airisk.example.com@evil.example.com",
        "https://evil.example.com\\@airisk.example.com",
        "http://airisk.example.com",
        "https://[::1",
        "",
    ],
)
def test_F5_a_base_url_that_leads_the_secret_elsewhere_is_never_filled_in(base: str) -> None:
    assert not may_be_set("base_url", base)


def test_F5_a_token_endpoint_that_sends_to_another_host_is_not_followed_by_a_key() -> None:
    moved = refused(redirect("https://evil.example.com/api/oauth2/Token", 307))
    assert report(moved).findings[0].code == "token-redirected" and changed(moved) is None
    moved = refused(redirect(f"{BASE}:444/api/oauth2/Token", 307))
    assert changed(moved) == ("base_url", f"{BASE}:444")


@given(st.text())
def test_S3_what_hides_something_is_never_filled_in(value: str) -> None:
    assert not may_be_set("client_id", value) or (value == visible(value) and value.strip() == value != "")


def test_what_is_not_worth_a_key_has_none() -> None:
    assert not may_be_set("userid", "") and not may_be_set("userid", " x")
    assert not may_be_set("userid", "x" * (MAX_BY_KEY + 1))
    assert may_be_set("redirect_uri", URI) and not may_be_set("redirect_uri", "http://[::1")
    assert not may_be_set("state", "none") and not may_be_set("dialect.token_path", "/x")
    assert may_be_set("dialect.code", "x") and may_be_set("carry_cookies", "true")
    assert changed(refused(text("Nope"))) == ("encoding", "json")
    assert changed(refused(response(415), encoding="json")) == ("encoding", "form")


def test_each_way_of_a_fix_is_for_a_key_and_one_without_a_condition_needs_no_question() -> None:
    step = SetField("client_id", "x")
    fix = applicable((step, Rerun(), replace(step, instead=True), replace(step, when="if it is so")), inputs())
    found = replace(FINDING, fix=fix)
    assert [len(way) for way in found.ways] == [2, 1, 1] and not found.plain_way
    assert replace(FINDING, fix=fix[:2]).plain_way == fix[:2] and not replace(FINDING, fix=fix[3:]).plain_way


MARKS = "".join(QUOTES)
SAYINGS = st.lists(st.sampled_from(["--state none", "^R", "F2", "{name}", *MARKS, " ", "text", "\n"]), max_size=12)


@given((SAYINGS.map(" ".join) | st.text(max_size=40)).filter(bool))
def test_S2_a_value_stays_quoted_whatever_it_says(value: str) -> None:
    fix = filled((SetField("redirect_uri", "{uri}"),), {"uri": quoted(value)})
    assert isinstance(fix[0], SetField) and fix[0].value == value
    assert on_screen(fix) == f"Set Redirect URI (F2) to {quoted(value)}."
    assert on_command_line(fix) == f"Set --redirect-uri to {quoted(value)}."


@given(st.text(alphabet=f"{MARKS}a "))
def test_a_quotation_ends_where_it_ends(value: str) -> None:
    marked = in_quotes(value)
    assert marked[0] + marked[-1] in QUOTES
    assert marked[0] not in marked[1:] and marked[-1] not in marked[:-1]
    if not all(set(pair) & set(value) for pair in QUOTES):
        assert marked[1:-1] == value


NOTHING_OF_THE_RUN = frozenset(
    {"name-not-found", "connection-refused", "network-unreachable", "no-answer-in-time", "connection-reset", "not-http"}
    | {"certificate-wrong-host", "tls-failed", "authorize-unavailable", "token-unavailable", "token-rate-limited"}
    | {"gateway-no-route", "token-gateway-no-route", "iis-refused", "token-iis-refused"}
)
"""What the network or the deployment has to change before a run as it was is worth anything."""


def test_what_is_not_known_comes_with_the_next_thing_to_try() -> None:
    """A key of the screen, and a whole command: for every finding whose cause is not known, apart from another program's file."""
    tried = 0
    for scenario in EACH_DAY:
        if scenario.state().imported is not None:
            continue
        for found in (one for one in scenario.report.findings if one.certainty == "unknown"):
            tried += 1
            assert found.next_way, found.code
            command = next_command(found, ["--env", "test"])
            if isinstance(found.next_way[0], Rerun) and found.next_way[0].mode is None:
                # After a refusal of rights only whoever grants them changes the answer.
                assert found.code in NOTHING_OF_THE_RUN or " with 403 " in found.title
                continue
            assert command is not None and command.startswith(
                ("airisk-tui run --env test --", "airisk-tui compare --env test")
            ), found.code
    assert tried > 20


def test_no_fix_proposes_what_the_run_has_or_what_an_earlier_one_tried_in_vain() -> None:
    """The twin of each run: the same answer to what its first finding says to set."""
    for scenario in EACH_DAY:
        state = scenario.state()
        for found in scenario.report.findings:
            for way in ways(found.fix):
                sets = [step for step in way if isinstance(step, SetField) and step.value]
                if state.inputs is None or state.token is not None or not sets or found.severity == "note":
                    continue
                assert any(now(state.inputs, step.field) != step.value for step in sets), (found.code, way)
                twin = replace(state, run_id="twin", inputs=with_values(state.inputs, sets))
                again = report(state, **{**scenario.facts, "history": (*scenario.facts.get("history", ()), twin)})
                proposed = [one for other in again.findings if other.code == found.code for one in ways(other.fix)]
                assert way not in proposed, (found.code, way)


def with_values(inputs: Inputs, sets: list[SetField]) -> Inputs:
    """The inputs after these steps."""
    for step in sets:
        group, _, name = step.field.rpartition(".")
        value: Any = {"true": True, "false": False}.get(step.value or "", step.value)
        if group.endswith("params"):
            inputs = replace(inputs, **{group: Params((*getattr(inputs, group), (name, value)))})
        elif group:
            inputs = replace(inputs, dialect=replace(inputs.dialect, **{name: value}))
        else:
            inputs = replace(inputs, **{name: value})
    return inputs
