"""The run screen once there is a token: its keys go on with it (`flow.follow_ups`).

The first frame imports this module: its methods import what they need.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from airisk_tui.tui.run.asking import AskingScreen
from airisk_tui.tui.shared.keybar import KeyHint
from airisk_tui.tui.shared.keys import bound

if TYPE_CHECKING:
    from airisk_tui.engine.run import Run
    from airisk_tui.flow.inputs import FollowUp

FOLLOW_UPS: tuple[FollowUp, ...] = ("userinfo", "introspect", "refresh", "revoke")
"""The steps with the token, each of which has a key."""


class FollowingScreen(AskingScreen):
    """See the module."""

    BINDINGS: ClassVar[list[BindingType]] = [bound(step, f"follow_up('{step}')") for step in FOLLOW_UPS]

    def token_hints(self) -> Iterator[KeyHint]:
        """The keys of the token, while a step is shown that is about it."""
        state = self.state
        if (
            state is None
            or self.typing
            or not self.query("#inspector")
            or self.inspector.step not in ("token", "access")
        ):
            return
        if state.inputs is None or not state.inputs.standard or state.token is None:
            return
        from airisk_tui.flow.follow_ups import missing
        from airisk_tui.tui.shared.keys import KEYS

        for step in FOLLOW_UPS:
            if not missing(state, step):
                yield KeyHint(KEYS[step].keys, step.capitalize(), f"follow_up('{step}')")

    def action_follow_up(self, step: FollowUp) -> None:
        """Go on with the token, or say why that cannot be."""
        run = self.controller.run if self.controller is not None else None
        if run is None or run.state.live or run.state.token is None:
            self.say("There is no token to go on with; run the flow first.", "warning")
            return
        from airisk_tui.flow.follow_ups import missing
        from airisk_tui.tui.inspector.follow_ups import LACKS

        if lack := missing(run.state, step):
            self.say(f"{step.capitalize()}: {LACKS[lack]}.", "warning")
        elif step != "revoke":
            self._go_on_with(run, step)
        else:
            from airisk_tui.tui.shared.dialogs import ConfirmScreen

            question = "The server takes the token back, and with it what came from the same sign-in.\nRevoke it?"
            self.app.push_screen(ConfirmScreen(question), lambda yes: self._go_on_with(run, step) if yes else None)

    def _go_on_with(self, run: Run, step: FollowUp) -> None:
        self.look_at("access")
        self.inspector.show_newest()
        self.pane = "result"
        run.follow_up(step)
