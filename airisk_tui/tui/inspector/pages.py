"""What each tab of the inspector holds for a step, and where in it a place stands that evidence points to."""

from __future__ import annotations

from airisk_tui.flow.state import FlowState
from airisk_tui.flow.steps import StepName
from airisk_tui.insight.finding import Part, Pointer
from airisk_tui.tui.inspector.body import body_page
from airisk_tui.tui.inspector.meaning import meaning_page
from airisk_tui.tui.inspector.message import request_page, response_page
from airisk_tui.tui.inspector.page import Line, Look
from airisk_tui.tui.inspector.subject import Subject
from airisk_tui.tui.inspector.tabs import Tab
from airisk_tui.tui.inspector.timing import timing_page

TABS_OF: dict[Part, tuple[Tab, ...]] = {
    "request": ("Request", "Meaning"),
    "parameter": ("Request", "Meaning"),
    "header": ("Response", "Request"),
    "response": ("Response", "Meaning"),
    "body": ("Body", "Meaning"),
}
"""Where a place is looked for, the likeliest first."""


def page_of(tab: Tab, state: FlowState, step: StepName, subject: Subject, look: Look) -> list[Line]:
    """What a tab holds."""
    match tab:
        case "Meaning":
            return meaning_page(state, step, subject, look)
        case "Request":
            return request_page(subject, look)
        case "Response":
            return response_page(subject, look)
        case "Body":
            return body_page(subject, look)
        case "Timing":
            return timing_page(subject, look)


def tabs_of(pointer: Pointer) -> tuple[Tab, ...]:
    """Where a place is looked for; a token's fields and claims are told in its meaning."""
    if pointer.step == "token" and pointer.part == "body":
        return ("Meaning", "Body")
    return TABS_OF[pointer.part]


def find(page: list[Line], name: str) -> int | None:
    """Where a place stands: by its exact name, else without regard to case, as header names are compared."""
    places = [line.place for line in page]
    if name in places:
        return places.index(name)
    folded = [place.lower() for place in places]
    return folded.index(name.lower()) if name.lower() in folded else None
