"""The one obvious key, large: it starts the run, and while one is under way it ends it."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

WAYS = {"browser": "Run in the browser", "direct": "Run directly", "paste": "Run, and paste what comes back"}
KEYS = {"browser": "^R", "direct": "^D", "paste": "^V"}


class StartButton(Widget):
    """way: how it runs; in_form: whether the focus is in the form, where Enter runs; live: whether a run is under way;
    wrong: whether a mistake keeps it from starting."""

    DEFAULT_CSS = """
    StartButton {
        height: 3; width: 100%; content-align: center middle; text-align: center; text-style: bold;
        background: $primary; color: $button-color-foreground;
    }
    StartButton:hover { background: $primary-lighten-1; }
    StartButton.-live { background: $error; }
    StartButton.-wrong { background: $surface; color: $text-error; }
    """
    way: reactive[str] = reactive("direct")
    in_form: reactive[bool] = reactive(True)
    live: reactive[bool] = reactive(False)
    wrong: reactive[bool] = reactive(False)

    def __init__(self) -> None:
        super().__init__(id="start")

    def render(self) -> Content:
        """The key and what it does."""
        if self.live:
            return Content("■ Esc   Cancel the run")
        if self.wrong:
            return Content("▲ There is a mistake above")
        key = "Enter" if self.in_form else KEYS.get(self.way, "^R")
        return Content(f"▶ {key}   {WAYS.get(self.way, '')}")

    def watch_live(self, live: bool) -> None:
        """Another colour, beside other words."""
        self.set_class(live, "-live")

    def watch_wrong(self, wrong: bool) -> None:
        """Likewise."""
        self.set_class(wrong and not self.live, "-wrong")

    async def on_click(self, event: events.Click) -> None:
        """As the key."""
        event.stop()
        await self.screen.run_action("leave" if self.live else "launch")
