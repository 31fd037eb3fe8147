"""`airisk-tui check`: a suite says what is expected of runs and comparisons, and the exit code whether it came so."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from airisk_tui.headless.flow.suite import MAX_SUITE, Check, read_suite
from airisk_tui.oauth.request.edit import Edit
from airisk_tui.reference import section
from tests.headless.conftest import Ran

Suite = Callable[[str], str]

GOOD = """
[defaults]
env = "sandbox"
no-record = true

[[run]]
name = "the application gets a token"
reaches = ["GET /api/Users/ListUsers"]
refused = ["GET /api/GetConversations"]

[[run]]
name = "a used code is refused"
fault = ["code-used"]
expect = "token-refused"
findings = ["code-refused"]
without = ["client-unknown"]

[[compare]]
name = "user_42 has a token of its own"
userid = "user_42"
differs = ["claims.sub"]
"""

BAD = """
[[run]]
name = "first"
env = "sandbox"
expect = "timeout"
findings = ["state-mismatch"]
without = ["departure-pkce"]
refused = ["GET /api/Users/ListUsers"]

[[compare]]
name = "second <&>"
env = "sandbox"
userid = "user_42"
differs = ["claims.iss", "claims.none"]
"""


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    def written(text: str) -> str:
        path = tmp_path / "suite.toml"
        path.write_text(text, "utf-8")
        return str(path)

    return written


def test_what_comes_as_expected_passes(command: Callable[..., Ran], suite: Suite) -> None:
    ran = command("check", suite(GOOD))
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "3 of 3 checks passed.")
    assert len({line.index("  token") for line in ran.out.splitlines() if "  token" in line}) == 1


def test_everything_that_is_not_as_expected_is_told(command: Callable[..., Ran], suite: Suite, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    ran = command("check", suite(BAD), "--keep-going", "--json", "--junit", str(report))
    assert report.read_text("utf-8").startswith("<?xml version='1.0' encoding='")
    first, second = ran.json["checks"]
    assert ran.code == 10
    assert first["wrong"] == [
        "The outcome “timeout” was expected, and the run ended in “token”.",
        "The finding state-mismatch was expected, but was not found.",
        "The finding departure-pkce was not expected, but was found: The code was not protected by PKCE.",
        "GET /api/Users/ListUsers was expected to be refused; it answered 200 OK.",
    ]
    assert second["wrong"] == [
        "“claims.iss” was expected to differ, but is the same.",
        "“claims.none” was expected to differ, but neither run has it.",
    ]
    assert "\n    <testcase " in report.read_text("utf-8"), "a line each, for who reads it"
    cases = ElementTree.parse(report).getroot().findall("testsuite/testcase")
    assert [(case.get("name"), case.find("failure") is not None) for case in cases] == [
        ("first", True),
        ("second <&>", True),
    ]


def test_it_ends_at_the_first_difference_unless_told_otherwise(command: Callable[..., Ran], suite: Suite) -> None:
    ran = command("check", suite(BAD), "--json")
    assert (ran.code, [one["name"] for one in ran.json["checks"]], ran.json["not_run"]) == (
        10,
        ["first"],
        ["second <&>"],
    )


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "holds no check"),
        ("[[run]]\nuserid = 'x'", "has no name"),
        ("[[run]]\nname = 'a'\n[[run]]\nname = 'a'", "two checks named “a”"),
        ("[[run]]\nname = 'a'\nexpect = 'tokn'", "“expect” is the outcome “tokn”"),
        ("[[run]]\nname = 'a'\nfindings = ['state-mismach']", "Did you mean state-mismatch?"),
        ("[[run]]\nname = 'a'\nuser-id = 'x'", "has no key “user-id”. Did you mean userid?"),
        ("[[run]]\nname = 'a'\nexpct = 'token'", "has no key “expct”. Did you mean expect?"),
        ("[[run]]\nname = 'a'\nreaches = ['POST /x']", "may change something"),
        ("[[run]]\nname = 'a'\nfindings = 'x'", "“findings” expects a list"),
        ("[[compare]]\nname = 'a'", "needs the user"),
        ("[[compare]]\nname = 'a'\nuserid = 'x'\nreaches = ['GET /x']", "[[compare]] has no key “reaches”"),
        ("[suite]\n", "has “suite”"),
        ("run = 3", "“run” is something else"),
        ("run = [3]", "“run” is something else"),
        ("[[run]]\nname = ' '", "has no name"),
        ("[[run]]\nname = 'a'\nedits = ['change x']", "“edits” expects texts"),
        ("[[run]]\nname = 'a'\nedits = ['set']", "“edits” expects texts"),
        ("[[run]]\nname = 'a'\nfindings = [1]", "“findings” expects a list"),
        ("[[run]]\nname = 'a'\nwithout = ['nothing']", "There is no finding “nothing”."),
        ("[[run]]\nname = 'a'\nrefused = ['PUT /x']", "may change something"),
        ("[[run]]\nname = 'a'\ndiffers = ['x']", "has no key “differs”"),
        ("[[run]]\nname = 'a'\nh = true", "has no key “h”"),
        ("defaults = 3\n[[run]]", "has no name"),
        ("run = [", "is no valid TOML"),
        ("#" * MAX_SUITE, "holds no check"),
        ("#" * (MAX_SUITE + 1), "is larger than a suite can be (1,048,576 bytes)"),
    ],
)
def test_a_suite_that_cannot_be_run_is_refused_before_anything_is_sent(
    command: Callable[..., Ran], suite: Suite, text: str, part: str
) -> None:
    ran = command("check", suite(text))
    assert (ran.code, part in ran.err, "==" in ran.err) == (2, True, False), ran.err


WIDE = """
[defaults]
env = "staging"
userid = "of all"
strict = false

[[compare]]
name = "second"
userid = "its own"
second = ["scope=openid", "carry-cookies"]
differs = ["claims.sub"]

[[run]]
name = "first"
strict = true
no_exchange = true
insecure = false
timeout = 3
param = { a = "1", b = 2 }
token-param = ["c=3", "d=4"]
edits = ["set authorization.param.x=1", "omit token.body.code"]
call = "GET /a"
fault = ["denied", "slow"]
expect = "code"
findings = ["access-denied"]
without = ["state-mismatch"]
reaches = ["GET /b"]
refused = ["HEAD /c"]

[[run]]
name = "bare"
mode = "device"
"""


def test_each_kind_of_value_is_the_option_that_it_names(suite: Suite) -> None:
    first, bare, second = read_suite(Path(suite(WIDE)))
    assert [one.kind for one in (first, bare, second)] == ["run", "run", "compare"]
    assert first._replace(options=Namespace()) == Check(
        *("run", "first", Namespace(), "code", ("access-denied",), ("state-mismatch",), ("GET /b",), ("HEAD /c",))
    )
    assert given(first) == {
        "environment": "staging",
        "userid": "of all",
        "strict": True,
        "mode": "direct",
        "exchange": False,
        "timeout": 3.0,
        "params": [("a", "1"), ("b", "2")],
        "token_params": [("c", "3"), ("d", "4")],
        "edits": [Edit("authorization", "param", "x", "set", "1"), Edit("token", "body", "code", "omit")],
        "probes": [{"path": "/a", "method": "GET"}],
        "fault": ["denied", "slow"],
    }
    assert given(bare) == {"environment": "staging", "userid": "of all", "mode": "device"}
    assert second._replace(options=Namespace()) == Check("compare", "second", Namespace(), differs=("claims.sub",))
    assert given(second) == {
        "environment": "staging",
        "userid": "its own",
        "mode": "direct",
        "second": ["scope=openid", "carry-cookies"],
    }


def given(check: Check) -> dict[str, Any]:
    return {
        name: value
        for name, value in vars(check.options).items()
        if value not in (None, False, []) or name == "exchange"
    }


def test_a_report_replaces_an_earlier_one_and_no_other_file(
    command: Callable[..., Ran], suite: Suite, tmp_path: Path
) -> None:
    report = tmp_path / "report.xml"
    assert [command("check", suite(GOOD), "--junit", str(report)).code for _ in range(2)] == [0, 0]
    ran = command("check", path := suite(GOOD), "--junit", path)
    assert (ran.code, "exists already" in ran.err, Path(path).read_text("utf-8")) == (2, True, GOOD)
    assert "==" not in ran.err, "nothing ran"


def test_the_example_of_the_documentation_runs(command: Callable[..., Ran], suite: Suite) -> None:
    found = re.search(r"```toml\n(.*?)```", section("testing", "suites"), re.DOTALL)
    assert found is not None
    ran = command("check", suite(found[1].replace('"staging"', '"sandbox"\nno-record = true')))
    assert ran.out.splitlines()[-1] == "3 of 3 checks passed.", ran.err
