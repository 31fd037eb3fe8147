"""The catalogue is held against the tests: every code is raised by a scenario, and every code raised stands in it."""

from __future__ import annotations

import re
from collections import Counter

from airisk_tui.insight.catalogue import catalogue, codes, markdown
from airisk_tui.insight.comparison.verdict import judge
from airisk_tui.insight.doctor import advise
from tests.insight.plays import issued, refused, report
from tests.insight.scenarios import SCENARIOS
from tests.insight.test_comparison import JUDGED
from tests.insight.test_doctor import BAD_MACHINES
from tests.runs import text


def _raised() -> set[str]:
    findings = [found for scenario in SCENARIOS for found in scenario.report.findings]
    findings += report(issued(state=None)).findings
    findings += report(refused(text("Invalid Code"))).findings
    findings += [found for _, facts in BAD_MACHINES for found in advise(facts)]
    findings += [found for runs in JUDGED for found in judge(*runs).findings]
    return {found.code for found in findings}


def test_every_code_that_is_raised_stands_in_the_catalogue_and_the_other_way_round() -> None:
    assert _raised() == codes()


def test_every_code_stands_in_the_catalogue_once_and_is_kebab_case() -> None:
    every = [entry.code for entries in catalogue().values() for entry in entries]
    assert [code for code, times in Counter(every).items() if times > 1] == []
    assert all(code == code.lower().strip("-") and code.replace("-", "").isalnum() for code in every)


def test_every_entry_says_what_why_how_and_where_it_is_written() -> None:
    for entry in (entry for entries in catalogue().values() for entry in entries):
        assert entry.title and entry.cause and entry.fix and entry.reference, entry.code
        assert any(source in entry.reference for source in ("RFC ", "protocol.md", "threats.md", "OpenID")), entry.code


def test_every_error_and_warning_says_which_observation_would_make_it_false() -> None:
    errors = [entry for entries in catalogue().values() for entry in entries if entry.severity != "note"]
    assert [entry.code for entry in errors if not entry.unless] == []
    assert all(not (entry.unless or "").endswith(".") for entry in errors)


def test_the_page_has_a_section_for_every_code_and_shows_no_template() -> None:
    page = markdown()
    assert sorted(re.findall(r"^#### (.+)$", page, re.MULTILINE)) == sorted(codes())
    assert page.count("\n- Fix: ") == len(codes())
    assert "{" not in page
    assert ".md" not in page
