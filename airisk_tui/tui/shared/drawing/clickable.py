"""Text that runs an action when it is clicked. The first frame imports this module: it imports nothing that a bare Textual app does not."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import Reactive
from textual.style import Style
from textual.widget import Widget


class ClickableText(Widget):
    """A widget that draws `clickable` text."""

    # Otherwise Textual draws each text with an action as a link, underlined and in the colour of links.
    auto_links: Reactive[bool] = Reactive(False)


def clickable(text: Content, action: str) -> Content:
    """The text with the action that a click on it runs. action: of the widget that draws the text."""
    return text.stylize(Style.from_meta({"@click": action}))
