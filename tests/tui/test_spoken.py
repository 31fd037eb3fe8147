"""What the screen says for a flag: fields that the form has, keys that the run screen has, and nothing of what is quoted."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.binding import Binding

from airisk_tui.flow.inputs import Inputs
from airisk_tui.flow.phases import Outcome
from airisk_tui.insight.catalogue import catalogue
from airisk_tui.insight.context import Context, Host
from airisk_tui.insight.dead_ends import BrowserShows, dead_end
from airisk_tui.insight.finding import QUOTES, in_quotes, quoted, to_json
from airisk_tui.oauth.mistakes import check_redirect_uri
from airisk_tui.tui.run.field import Choice, Field
from airisk_tui.tui.run.form import Form
from airisk_tui.tui.run.screen import RunScreen
from airisk_tui.tui.shared.spoken import CONTROLS, on_screen
from airisk_tui.tui.two_tokens.screen import TwoTokensScreen
from tests.insight.plays import browser, report
from tests.insight.scenarios import SCENARIOS, Scenario
from tests.tui.conftest import StageMaker

LABELS = [f"{scenario.code}: {scenario.name}" for scenario in SCENARIOS]
QUOTED = re.compile("|".join(f"{pair[0]}[^{pair[1]}]*{pair[1]}" for pair in QUOTES))
FLAG = re.compile(r"--[a-z]")
NAMED = re.compile(r"([A-Z][A-Za-z ]+?)(?:: (\S+))? \((?:F2|\^N)\)")
"""A field as the screen names it: its label, its value where it has fixed ones, and the key that leads there."""

KEY = re.compile(r"\^[A-Z]\b|\bF\d+\b")
MARKS = "".join(QUOTES)


def keys_of(bindings: list[object]) -> set[str]:
    """As the screen writes them: ^R, F2."""
    names = {binding.key for binding in bindings if isinstance(binding, Binding)}
    return {name.replace("ctrl+", "^").upper() for name in names}


def told(scenario: Scenario) -> list[str]:
    """What the screen says of a failure, in the places where flags are spoken."""
    findings = report(scenario.state(), **scenario.facts).findings
    return [on_screen(text) for found in findings for text in (found.fix, found.runner_up) if text]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=LABELS)
def test_no_finding_speaks_of_a_flag_on_the_screen(scenario: Scenario) -> None:
    findings = report(scenario.state(), **scenario.facts).findings
    others = [text for found in findings for text in (found.title, found.cause)]
    others += [evidence.label for found in findings for evidence in found.evidence]
    others += [evidence.text for found in findings for evidence in found.evidence]
    for text in (*told(scenario), *others):
        assert not FLAG.search(QUOTED.sub("", text)), text


@pytest.mark.parametrize("scenario", SCENARIOS, ids=LABELS)
def test_every_key_that_a_finding_names_is_one(scenario: Scenario) -> None:
    known = keys_of(RunScreen.BINDINGS) | keys_of(TwoTokensScreen.BINDINGS)
    for text in told(scenario):
        assert set(KEY.findall(QUOTED.sub("", text))) <= known, text


async def test_every_field_that_the_screen_names_stands_in_the_form(staged: StageMaker) -> None:
    async with staged() as stage:
        form = stage.screen.query_one(Form)
        await form.mount(Field("base_url", "Base URL"))
        labels = {row.label for row in (*form.query(Field), *form.query(Choice))}
        options = {choice.label: {*choice.options} for choice in form.query(Choice)} | {"State": {"off"}}
    sentences = [*CONTROLS.values(), *(text for scenario in SCENARIOS for text in told(scenario))]
    for label, value in (found for sentence in sentences for found in NAMED.findall(QUOTED.sub("…", sentence))):
        name = next((known for known in labels if known and label.endswith(known)), None)
        assert name is not None, label
        assert not value or name == "Extra" or value in options[name], (label, value)


@pytest.mark.parametrize("flag", CONTROLS)
def test_every_line_of_the_table_is_needed(flag: str) -> None:
    texts = [found.fix + (found.runner_up or "") for s in SCENARIOS for found in report(s.state(), **s.facts).findings]
    texts += [entry.fix for entries in catalogue().values() for entry in entries]
    longer = [other for other in CONTROLS if flag in other and flag != other]
    said = [text for text in texts if flag in text]
    if longer:
        said = [text for text in said if flag in re.sub("|".join(map(re.escape, longer)), "", text)]
    assert said


@pytest.mark.parametrize("where", [Host(), Host(ssh=True)])
@pytest.mark.parametrize("answer", BrowserShows)
def test_no_dead_end_speaks_of_a_flag_on_the_screen(answer: BrowserShows, where: Host) -> None:
    found = dead_end(answer, Context(state=browser(), host=where, registered=("http://127.0.0.1:8765/cb",)))
    for text in (found.explanation, on_screen(found.fix)):
        assert not FLAG.search(QUOTED.sub("", text)), text
    if answer is BrowserShows.ERROR:
        assert found.fix.startswith("Set --redirect-uri to “http://127.0.0.1:8765/cb”")


def test_no_mistake_speaks_of_a_flag() -> None:
    for uri in ("", "x", "http://example.com:80/*", "http://127.0.0.1:80/#x", "https://u:p@[::1", "ftp://a/ b"):
        empty = Inputs(environment="e", base_url=uri, client_id="", redirect_uri=uri, state=" ", userid=" ", timeout=0)
        for mistake in (*empty.mistakes(), *check_redirect_uri(uri)):
            assert not FLAG.search(mistake.sentence), mistake.sentence


def test_what_a_program_reads_keeps_the_flags() -> None:
    scenario = next(s for s in SCENARIOS if s.code == "redirect-uri-unregistered")
    found = report(scenario.state(), **scenario.facts).first
    assert found is not None and scenario.state().outcome is Outcome.AUTHORIZATION_REFUSED
    assert to_json(found)["fix"] == found.fix
    assert found.fix.startswith("Set --redirect-uri to")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Send it with --param scope=…", "Send it with Extra: scope=… (F2)"),
        ("Send it with --param a=b.", "Send it with Extra: a=b (F2)."),
        ("give --field token=. (or", "give “--field token=.” on the command line (or"),
        ("give --field token=“a b”, and", "give «--field token=“a b”» on the command line, and"),
        ("Drop --param --state=…, and", "Drop Extra: --state=… (F2), and"),
        ("Run with --token-param x=--body; then", "Run with “--token-param x=--body” on the command line; then"),
        ("no-reply--state none", "no-reply--state none"),
        ("Run with --state nonesuch", "Run with State (F2) nonesuch"),
        ("It said “use --state none”.", "It said “use --state none”."),
        ("It said “use --state none", "It said “use --state none"),
    ],
)
def test_how_a_flag_is_said(written: str, said: str) -> None:
    assert on_screen(written) == said


SAYINGS = st.lists(st.sampled_from([*CONTROLS, *MARKS, "--param a=b", "--field x=y.", " ", "text", "\n"]), max_size=12)


@given(SAYINGS.map(" ".join) | st.text(max_size=40), SAYINGS.map("".join) | st.text(alphabet=f"{MARKS} -ab"))
def test_S2_a_quoted_value_stays_as_it_is_whatever_it_says(first: str, second: str) -> None:
    sentence = (
        f"Set --redirect-uri to {quoted(first)}, or --param {quoted(second)}=… to {quoted(first)}; or --mode paste."
    )
    shown = on_screen(sentence)
    start, end = "Set Redirect URI (F2) to ", "; or ^V (by paste)."
    middle = f"{quoted(first)}, or Extra: {quoted(second)}=… (F2) to {quoted(first)}"
    assert shown == start + middle + end


@given(st.text(alphabet=f"{MARKS}a "))
def test_a_quotation_ends_where_it_ends(value: str) -> None:
    marked = in_quotes(value)
    assert marked[0] + marked[-1] in QUOTES
    assert marked[0] not in marked[1:] and marked[-1] not in marked[:-1]
    if not all(set(pair) & set(value) for pair in QUOTES):
        assert marked[1:-1] == value
