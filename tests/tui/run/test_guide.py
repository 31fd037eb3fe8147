"""What the title line says in each moment of a run."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from airisk_tui.flow.events import AnyEvent, Cancelled, ListenerFailed
from airisk_tui.flow.fold import fold
from airisk_tui.tui.run.guide import doing
from tests.recording.logs import LOGS
from tests.runs import BOUND, OPENED, OVER, bound, exchanged, good, started

HEARD = (started(), BOUND)
LISTENING = "listening on 127.0.0.1:8765"
DEVICE = LOGS["on-another-device"]


@pytest.mark.parametrize(
    ("events", "title"),
    [
        ((), "Enter runs the flow"),
        (HEARD[:1], "binding …"),
        (HEARD, LISTENING),
        ((*HEARD, OPENED), LISTENING),
        ((*HEARD, OPENED, good()), LISTENING),
        ((started(), bound("127.0.0.1:1", "[::1]:1")), "listening on 127.0.0.1:1 and [::1]:1"),
        ((*HEARD, OPENED, good(), exchanged()), "✓ token received"),
        ((*HEARD, OPENED, OVER), "✗ nobody came back in time"),
        ((*HEARD, Cancelled(at=1.0)), "– cancelled"),
        ((started(), ListenerFailed(at=0.1, code="busy")), "✗ the callback address cannot be listened on"),
        ((started(mode="direct"),), "asking …"),
        ((started(mode="direct", hold=("authorization",)),), "held, ^S opens the request"),
        (DEVICE[:2], "asking for a code …"),
        (DEVICE[:3], "waiting for another device …"),
    ],
)
def test_the_title_says_what_happens_now(events: tuple[AnyEvent, ...], title: str) -> None:
    state = fold(events)
    assert doing(state, state.phase.value, live=state.live).replace("Ctrl+S", "^S") == title
    assert replace(state, listener=None) == state or "listening" in title or not state.live
