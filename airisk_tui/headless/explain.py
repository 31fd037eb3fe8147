"""`airisk-tui explain`: a finding by its code, one of the program's documents, or a section of one."""

from __future__ import annotations

import argparse
from difflib import get_close_matches
from typing import Any

from airisk_tui.headless.shared import output
from airisk_tui.headless.shared.process import UsageError
from airisk_tui.reference import TOPICS, NoSuchSection, headings, plain_text, section, text


def explain(args: argparse.Namespace) -> int:
    """Print what `args.what` names, as plain text, or as JSON with the Markdown; without a name, list everything.

    Raises UsageError, with the nearest names, for a name that does not exist.
    """
    words = args.what
    if not words:
        return _list(args.json)
    if len(words) == 1 and words[0] in _codes():
        return _finding(words[0], args.json)
    topic, name = words[0], " ".join(words[1:])
    if topic not in TOPICS:
        raise UsageError(f"There is no finding and no topic “{topic}”. {_nearest(topic, (*TOPICS, *_codes()))}")
    try:
        shown = section(topic, name) if name else text(topic).strip()
    except NoSuchSection as error:
        raise UsageError(f"“{topic}” has no section “{name}”. {_nearest(name, headings(topic))}") from error
    if args.json:
        output.put_json({"format": output.FORMAT, "topic": topic, "section": name or None, "text": shown})
    else:
        output.put(plain_text(shown))
    return 0


def _finding(code: str, as_json: bool) -> int:
    if not as_json:
        output.put(plain_text(section("findings", code)))
        return 0
    from airisk_tui.insight.catalogue import described

    output.put_json({"format": output.FORMAT, "finding": described(code)})
    return 0


def _list(as_json: bool) -> int:
    if as_json:
        topics: list[dict[str, Any]] = [
            {"name": name, "about": about, "sections": [title for title in headings(name) if title not in _codes()]}
            for name, about in TOPICS.items()
        ]
        output.put_json({"format": output.FORMAT, "topics": topics, "findings": list(_codes())})
        return 0
    for name, about in TOPICS.items():
        output.put(f"{name:13} {about}")
    output.put(f"CODE          one of {len(_codes())} findings, such as state-mismatch")
    output.say("Add words of a section's heading to see that section alone: airisk-tui explain protocol step 2")
    return 0


def _codes() -> tuple[str, ...]:
    """The codes of all findings: the headings of findings.md in lower case."""
    return tuple(title for title in headings("findings") if title.islower())


def _nearest(name: str, there: tuple[str, ...]) -> str:
    by_lower = {title.lower(): title for title in there}
    close = get_close_matches(name.lower(), by_lower, n=3, cutoff=0.5)
    if close:
        return f"Nearest: {', '.join(by_lower[title] for title in close)}."
    return "`airisk-tui explain` lists the topics."
