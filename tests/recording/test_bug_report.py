"""The bug report says what happened, and nothing in it can break out of its code span or become a link."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from airisk_tui.flow.fold import fold
from airisk_tui.oauth.http import Body, Exchange, HttpRequest, HttpResponse
from airisk_tui.oauth.text.markdown import fence, prose, span
from airisk_tui.recording.disk.codec import dumps
from airisk_tui.recording.report.bug_report import as_json, as_markdown, trace_ids
from tests.runs import LOCATION, authorized, exchanged, redirect, response, started

TRACE = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-00"
PROBLEM = f'{{"title":"Unauthorized","status":401,"traceId":"{TRACE}"}}'.encode()
LOG = (started(mode="direct"), authorized(response(401, PROBLEM, "application/problem+json")))
FINDING = {
    "code": "client-unknown",
    "severity": "error",
    "title": "The server does not know the client “demo-app”.",
    "cause": "Another deployment.",
    "fix": "Check the client ID.",
    "reference": "RFC 6749 §4.1.2.1",
    "evidence": [{"label": "Answer", "text": "401", "sent": "demo-app", "came": None}, "not an object"],
}


def test_the_report_holds_what_an_administrator_needs() -> None:
    text = as_markdown(fold(LOG), LOG, [FINDING])
    for part in (
        "`authorization-refused`",
        "`demo-app`",
        f"- `{TRACE}`",
        "401",
        "client-unknown",
        "Check the client ID",
    ):
        assert part in text


def outside_of_code(text: str) -> str:
    """What a reader of CommonMark does not take for code, by its own rules for fences and spans."""
    without_fences = re.sub(r"^(`{3,})(?:text|mermaid)\n.*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"(?<![`\\])(`+)(?!`)(.*?)(?<!`)\1(?!`)", "", without_fences)


hostile = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="`~\n\\ x", max_size=20),
    st.sampled_from(
        ["https://evil.example", "[x](https://evil.example)", "www.evil.example", "a@evil.example", "<img src=x>"]
    ),
    st.sampled_from(
        ["```\n# Heading\nhttps://evil.example", "` <script>", "![x](//evil.example/x.png)", "xmpp:evil.example"]
    ),
)


@given(hostile)
def test_no_value_becomes_a_link_markup_or_a_heading(value: str) -> None:
    headers = ((value, value), ("Content-Type", value))
    body = Body.of(value.encode(errors="replace"))
    event = replace(
        exchanged(),
        exchange=Exchange(HttpRequest(value, value, headers, body), HttpResponse(400, headers, body, value)),
    )
    log = (started(mode="direct", client_id=value, userid=value, base_url=value), authorized(redirect(LOCATION)), event)
    finding: dict[str, Any] = dict.fromkeys(FINDING, value) | {"evidence": [{"label": value, "sent": value}]}
    text = outside_of_code(as_markdown(fold(log), log, [finding]))
    assert not re.search(r"://|www\.|@|(?<!\\)[<\[!]|xmpp:", text)
    assert {line for line in text.splitlines() if line.startswith("# ")} == {"# OAuth flow report"}


@given(hostile)
def test_a_span_and_a_fence_are_longer_than_what_they_hold(value: str) -> None:
    assert outside_of_code(span(value)) == ""
    assert "\n" not in span(value)
    first, shown, last = fence(value)
    assert first == f"{last}text"
    assert last not in shown


def test_prose_stays_readable() -> None:
    plain = "The response_type is wrong (RFC 6749 §4.1.1), “Invalid Code” came; airisk-tui explain client-unknown."
    assert prose(plain) == plain
    assert prose("1. _x_ *y* [z](w) #1 `a` -") == "1\\. \\_x\\_ \\*y\\* \\[z\\](w) \\#1 \\`a\\` \\-"
    assert prose("See https://evil.example now") == "See `https://evil.example` now"
    assert (
        prose("Write “https://a.example/b”; or (c@d.example).") == "Write “`https://a.example/b`”; or (`c@d.example`)."
    )


def test_json_is_the_whole_run() -> None:
    document = as_json(fold(LOG), LOG, [FINDING])
    assert document["outcome"] == "authorization-refused"
    assert document["trace_ids"] == [TRACE] == list(trace_ids(LOG))
    assert [event["event"] for event in document["events"]] == ["RunStarted", "AuthorizationAnswered"]
    assert dumps(document)
