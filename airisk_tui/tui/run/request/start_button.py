"""The large button that starts a run and cancels it, with the key that does so."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from airisk_tui.tui.shared.keyboard.keys import chosen_key

LABELS = {"browser": "Run in the browser", "direct": "Run directly", "paste": "Run, and paste what comes back"}
KEYS = {"browser": "^R", "direct": "F6", "paste": "F7"}


class StartButton(Widget):
    """mode: of the run; in_form: whether the focus is in the form, where Enter starts the run; live: whether there is a live run; wrong:
    whether a mistake in the form prevents the start."""

    DEFAULT_CSS = """
    StartButton {
        height: 3; width: 100%; content-align: center middle; text-align: center; text-style: bold;
        background: $primary; color: $button-color-foreground;
    }
    StartButton:hover { background: $primary-lighten-1; }
    StartButton.-live { background: $error; }
    StartButton.-wrong { background: $surface; color: $text-error; }
    """
    mode: reactive[str] = reactive("direct")
    in_form: reactive[bool] = reactive(True)
    live: reactive[bool] = reactive(False)
    wrong: reactive[bool] = reactive(False)

    def __init__(self) -> None:
        super().__init__(id="start")

    def on_mount(self) -> None:
        self.watch(self.screen, "focused", self._focus_moved)

    def _focus_moved(self, focused: Widget | None) -> None:
        self.in_form = focused is not None and any(node.id == "form" for node in focused.ancestors)

    def render(self) -> Content:
        """The key that works now and what it does, or that there is a mistake."""
        if self.live:
            return Content(f"■ {chosen_key('^C')}   Cancel the run")
        if self.wrong:
            return Content("▲ There is a mistake above")
        key = "Enter" if self.in_form else KEYS.get(self.mode, "^R")
        return Content(f"▶ {chosen_key(key)}   {LABELS.get(self.mode, '')}")

    def watch_live(self, live: bool) -> None:
        self.set_class(live, "-live")

    def watch_wrong(self, wrong: bool) -> None:
        self.set_class(wrong and not self.live, "-wrong")

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        await self.screen.run_action("cancel" if self.live else "start")
