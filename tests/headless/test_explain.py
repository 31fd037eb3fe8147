"""`airisk-tui explain` shows what findings and sentences refer to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from airisk_tui.insight.catalogue import codes
from airisk_tui.reference import TOPICS, plain_text, text
from tests.headless.conftest import Ran

Command = Callable[..., Ran]


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_shown_whole(command: Command, topic: str) -> None:
    ran = command("explain", topic)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.strip() == plain_text(text(topic))
    assert command("explain", topic, "--json").json["text"] == text(topic).strip()


def test_a_section_is_shown_alone(command: Command) -> None:
    assert command("explain", "protocol", "step", "2").out.startswith("Step 2: token request")
    assert command("explain", "protocol", "step 2", "--json").json["text"].startswith("## Step 2: token request")
    assert command("explain", "threats", "L4").out.startswith("L4: Connections")


def test_a_finding_is_shown_with_cause_fix_and_reference(command: Command) -> None:
    out = command("explain", "state-mismatch").out
    assert out.startswith("state-mismatch\n")
    assert all(part in out for part in ("error · RFC 6749 §10.12", "Cause (", "Fix: "))
    finding = command("explain", "state-mismatch", "--json").json["finding"]
    assert (finding["code"], finding["severity"]) == ("state-mismatch", "error")
    assert finding["title"] in out and finding["cause"] in out and finding["fix"] in out


def test_without_a_name_everything_is_listed(command: Command) -> None:
    told = command("explain").out
    assert all(topic in told for topic in TOPICS)
    listed = command("explain", "--json").json
    assert {topic["name"] for topic in listed["topics"]} == set(TOPICS)
    assert set(listed["findings"]) == codes()


@pytest.mark.parametrize(
    ("words", "nearest"),
    [(["state-mismatched"], "state-mismatch"), (["protcol"], "protocol"), (["protocol", "the actor"], "The actors")],
)
def test_an_unknown_name_is_answered_with_the_nearest(command: Command, words: list[str], nearest: str) -> None:
    ran = command("explain", *words)
    assert (ran.code, ran.out) == (2, "")
    assert nearest in ran.err
    assert command("explain", *words, "--json").json["outcome"] == "usage"


def test_a_name_that_is_like_none_says_where_the_list_is(command: Command) -> None:
    assert "`airisk-tui explain` lists" in command("explain", "../../etc/passwd").err
