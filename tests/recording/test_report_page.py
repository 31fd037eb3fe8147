"""The HTML page is whole without network or script, says what happened, and nothing in it becomes markup."""

from __future__ import annotations

from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.fold import fold
from airisk_tui.oauth.http import Body, Exchange, HttpRequest, HttpResponse
from airisk_tui.recording.report.page import ReportedRun, as_html
from airisk_tui.recording.sequence import Message, as_mermaid, messages
from tests.recording.logs import LOGS
from tests.runs import LOCATION, OPENED, authorized, exchanged, good, redirect, started, stray, unconnected

FINDING: dict[str, Any] = {
    "code": "client-unknown",
    "severity": "error",
    "title": "The server does not know the client.",
    "cause": "Another deployment.",
    "certainty": "likely",
    "runner_up": None,
    "fix": "Check the client ID.",
    "reference": "RFC 6749 §4.1.2.1",
    "evidence": [{"label": "Answer", "text": "401", "sent": "demo-app", "came": None}],
    "group": None,
}


class Page(HTMLParser):
    """The elements, attributes and texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


ALLOWED = Page(files("airisk_tui.recording.report").joinpath("page.html").read_text("utf-8")).elements
"""What the template itself is made of, which is no script, no link and no picture."""


def page_of(log: tuple[AnyEvent, ...], finding: dict[str, Any] = FINDING) -> Page:
    return Page(as_html([ReportedRun("", fold(log), log, [finding], "2 values are sealed: 1 code, 1 token.")]))


def test_a_page_needs_nothing_else() -> None:
    assert not ALLOWED & {"script", "a", "img", "iframe", "link", "form", "object"}
    assert page_of(LOGS["browser-token"]).elements <= ALLOWED


@given(
    st.one_of(
        st.text(max_size=40), st.sampled_from(["<script>x</script>", "</style><b>", '" onload="x', "{{ 7 * 7 }}"])
    )
)
def test_no_value_becomes_markup(value: str) -> None:
    headers = ((value, value), ("Content-Type", value))
    body = Body.of(value.encode(errors="replace"))
    exchange = Exchange(HttpRequest(value, value, headers, body), HttpResponse(400, headers, body, value))
    log = (
        started(mode="direct", client_id=value, userid=value, base_url=value),
        authorized(redirect(LOCATION)),
        replace(exchanged(), exchange=exchange),
    )
    finding = {key: value if isinstance(old, str) else old for key, old in FINDING.items()}
    page = page_of(log, finding | {"evidence": [{"label": value, "text": value, "sent": value, "came": value}]})
    assert page.elements <= ALLOWED
    assert not {one for one in page.attributes if one.startswith("on") or one in ("src", "href")}


def test_two_runs_stand_below_what_differs_between_them() -> None:
    log = (started(), good(), exchanged())
    comparison = {
        "verdict": "They differ.",
        "differences": [{"field": "claims.sub", "generic": None, "user-specific": "user_42"}],
        "access": [{"endpoint": "GET /a", "generic": 403, "user-specific": 200}],
        "findings": [FINDING],
    }
    runs = [ReportedRun(title, fold(log), log, [], "Nothing is sealed.") for title in ("The generic run", "The other")]
    text = Page(as_html(runs, comparison)).text
    assert [
        part
        for part in ("They differ.", "claims.sub", "user_42", "GET /a", "The generic run", "The other")
        if part not in text
    ] == []


def test_the_sequence_follows_the_log() -> None:
    log = (started(), OPENED, stray("favicon"), good(), exchanged())
    seen = [(one.sender, one.receiver, one.seen, one.failed) for one in messages(log)]
    assert seen == [
        ("app", "browser", True, False),
        ("browser", "server", False, False),
        ("browser", "app", True, True),
        ("server", "browser", False, False),
        ("browser", "app", True, False),
        ("app", "server", True, False),
        ("server", "app", True, False),
    ]
    assert messages(log)[4].label == "GET /callback"


def test_what_did_not_arrive_is_marked() -> None:
    (one,) = messages((unconnected(),))
    assert (one.failed, one.receiver) == (True, "server")


@given(st.text(max_size=80))
def test_no_label_breaks_out_of_the_diagram(label: str) -> None:
    text = as_mermaid([Message(0.0, "app", "server", label)], {})
    assert len(text.split("\n")) == 5
    assert not set(text.split("server: ", 1)[1]) & set("`<>\"'{};[]|") - {";"}
