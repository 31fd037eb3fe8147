"""Files that real programs wrote (real/README.md): everything that is said of them is what happened."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from airisk_tui.session.recordings.importing import flows_in
from tests.reports.playing import command

FOLDER = Path(__file__).parent / "real"

SAID: dict[tuple[str, int], tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    ("playwright-http2", 1): ("token", ("302", "200", "200 issued", "403"), ("generic-token-refused",)),
    ("playwright-service-worker", 1): ("token", ("302", "200", "200 issued", "200"), ()),
    ("playwright-without-bodies", 1): ("token-refused", ("303", "200", "400"), ("token-refused", "file-incomplete")),
    ("playwright-three-logins", 1): ("token", ("302", "200", "200 issued", "200", "refresh 200"), ("refreshed",)),
    ("playwright-three-logins", 2): ("different", ("302", "200", "200 issued", "400"), ("another-token-refused",)),
    ("playwright-three-logins", 3): ("token", ("302", "200", "200 issued", "200", "refresh 400"), ("refresh-refused",)),
    ("chrome-har-https-by-itself", 1): ("different", ("302", "-"), ("callback-upgraded",)),
    ("firefox-denied", 1): ("authorization-refused", ("302", "200"), ("access-denied",)),
    ("firefox-nothing-listens", 1): ("code", ("302", "-"), ("callback-unfinished",)),
    ("mitmproxy-http2", 1): ("token", ("302", "200", "200 issued", "403"), ("generic-token-refused",)),
}
"""By file and flow: the outcome, each answer in its order ("-" for none), and the findings but for AIRisk's known departures."""


def told(narration: str) -> tuple[str, ...]:
    """The answers that a replay narrates, after the request and the name of the file."""
    answers = []
    lines = [line.split(" s  ")[1] for line in narration.splitlines() if " s  " in line]
    for line in lines[2:]:
        status = next(iter(re.findall(r"answered(?: a refresh with)? (\d{3})", line)), "-")
        answers.append(
            f"refresh {status}" if "refresh" in line else f"{status} issued" if "issued a" in line else status
        )
    return tuple(answers)


@pytest.mark.parametrize(("name", "number"), SAID)
def test_what_is_said_of_a_real_file_is_what_happened(name: str, number: int, tmp_path: Path) -> None:
    _, made, _ = command(
        ["recordings", "import", str(FOLDER / f"{name}.har"), "--flow", str(number), "--json"], tmp_path, {}
    )
    _, out, narration = command(["replay", json.loads(made)["path"], "--json"], tmp_path, {})
    document: dict[str, Any] = json.loads(out)
    codes = [each["code"] for each in document["findings"] if not each["code"].startswith("departure-")]
    outcome, answers, findings = SAID[name, number]
    assert (document["outcome"], told(narration), tuple(codes)) == (outcome, answers, findings)


def test_every_file_stands_in_the_readme_and_every_flow_of_it_is_tried() -> None:
    names = {path.stem for path in FOLDER.glob("*.har")}
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}.har`" in text for name in names)
    flows = {(name, n + 1) for name in names for n in range(len(flows_in(FOLDER / f"{name}.har").flows))}
    assert flows == set(SAID)
