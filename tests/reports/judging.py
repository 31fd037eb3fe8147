"""Is an answer right? What is wrong with it, in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tests.reports.playing import Played
from tests.reports.report import CLIENT, IN_AN_HOUR, NOT_ASKED, Right

WORDS = ("title", "cause", "runner_up", "fix")
TOLERANCE = 180
"""Seconds, around "an hour after the answer"."""


def wrong(right: Right, played: Played) -> list[str]:
    """What a right answer holds and this one does not; empty where it is right."""
    return [*_words(right, played), *_values(right, played)]


def _words(right: Right, played: Played) -> Iterator[str]:
    findings = _findings(played.document)
    weighty = [finding for finding in findings if finding["severity"] != "note"]
    first = weighty[:1] or findings
    if right.quiet and weighty:
        yield f"it complains of {[finding['code'] for finding in weighty]}"
    if right.first and (not weighty or weighty[0]["code"] not in right.first):
        yield f"the first finding is {[finding['code'] for finding in weighty[:1]]}, none of {list(right.first)}"
    told = "\n".join([_all(findings), played.narration])
    for name, pattern, text in (
        ("says", right.says, _all(first)),
        ("fix", right.fix, "\n".join(str(finding.get("fix")) for finding in first)),
        ("tells", right.tells, told),
    ):
        if pattern and not re.search(pattern, text, re.IGNORECASE):
            yield f"{name}: “{pattern}” is not in “{_short(text)}”"
    # The next command repeats what was typed, the client ID as well.
    narration = played.narration.replace(f"--client-id {CLIENT} ", "")
    said = _MADE_BY_CHANCE.sub("", "\n".join([_all(weighty), narration]))
    false = right.never and re.search(right.never, said, re.IGNORECASE)
    if false:
        yield f"never: it says “{false.group()}” in “{_short(_all(weighty))}”"


_MADE_BY_CHANCE = re.compile(
    r"(?<![\w-])(?=[\w-]*[A-Z\d])(?:[\w-]{22}|[\w-]{43})(?![\w-])|(?<![\da-f])[\da-f]{12,16}(?![\da-f])"
)
"""A state, a nonce or a code challenge, and a fingerprint: any word of three letters occurs in one now and then."""


def _values(right: Right, played: Played) -> Iterator[str]:
    document = played.document
    if right.outcome and document.get("outcome") not in right.outcome:
        yield f"the outcome is {document.get('outcome')}, none of {list(right.outcome)}: “{_short(_all(_findings(document)))}”"
    if right.exit is not None and played.exit != right.exit:
        yield f"the exit code is {played.exit}, not {right.exit}"
    yield from _requests(right, played)
    if right.heard and not re.search(right.heard.encode("latin-1"), played.heard):
        yield f"the proxy heard {played.heard[:60]!r}"
    token = document.get("token") or {}
    ends = right.expires_at if isinstance(right.expires_at, tuple) else (right.expires_at,)
    if right.expires_at != NOT_ASKED and not any(_ends(end, token.get("expires_at")) for end in ends):
        yield f"the token ends at {token.get('expires_at')}, not at {right.expires_at}"
    if right.kind != NOT_ASKED and token.get("kind") != right.kind:
        yield f"the token is {token.get('kind')}, not {right.kind}"


def _requests(right: Right, played: Played) -> Iterator[str]:
    requests = [asked.fields for asked in played.asked if asked.method == "POST"]
    sent = requests[-1] if requests else None
    codes = right.sent_code if isinstance(right.sent_code, tuple) else (right.sent_code,)
    if right.sent_code != NOT_ASKED and (sent.get("code") if sent is not None else None) not in codes:
        yield f"the code that was sent is {sent and sent.get('code')!r}, not {right.sent_code!r}: “{_short(played.narration)}”"
    for name, value in right.sent.items():
        if sent is None or sent.get(name) != value:
            yield f"{name} in the token request is {sent and sent.get(name)!r}, not {value!r}"


def _ends(right: str | None, came: Any) -> bool:
    if right != IN_AN_HOUR:
        return bool(came == right)
    if not isinstance(came, str):
        return False
    return abs(datetime.fromisoformat(came).timestamp() - datetime.now(UTC).timestamp() - 3600) < TOLERANCE


def _findings(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Of a run; or of a comparison, its own before those of its runs."""
    found = list(document.get("findings") or [])
    for run in (document.get("runs") or {}).values():
        found += (run or {}).get("findings") or []
    return found


def _all(findings: list[dict[str, Any]]) -> str:
    """Every word of some findings."""
    lines = []
    for finding in findings:
        lines += [
            f"[{finding['code']}]",
            f"certainty: {finding['certainty']}",
            *(str(finding.get(name) or "") for name in WORDS),
        ]
        for evidence in finding.get("evidence") or []:
            lines += [str(evidence.get(name) or "") for name in ("label", "text", "sent", "came")]
    return "\n".join(lines)


def _short(text: str) -> str:
    return " · ".join(text.split("\n"))[:700]
