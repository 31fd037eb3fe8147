"""A walk through a screen: keys, clicks and events, and what each of them changed, line by line with its styles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate, groupby
from typing import Any
from unittest.mock import patch

from rich.color import Color
from rich.style import Style
from textual import actions
from textual._callback import invoke
from textual.events import Click, Paste
from textual.message import Message
from textual.notifications import Notification
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Static

from airisk_tui.tui.shared.screen import NOTICE
from tests.tui.bare_app import settled

TONES = {"text-error": "error", "text-warning": "warning", "text-success": "success", "text-primary": "primary"}
"""By variable of the theme, the word for text of that colour; "quiet" is any other than the usual one."""

FROM_A_PERSON = frozenset({"Input.Changed", "Input.Submitted", "OptionList.OptionSelected", "Click", "Paste"})
"""The messages of Textual's widgets that say what a person did."""

TIME = re.compile(r"(?<=\d\d-\d\d )\d\d:\d\d")
"""The time of a day, as a clock of the place shows it."""

MOST = 300
"""Characters of what is copied: a whole one of a short value, and of a command its beginning."""

_LINE = re.compile("─+")


class Walk:
    """pilot: of the application; hides: texts that differ from walk to walk, with what stands for them."""

    def __init__(self, pilot: Pilot[Any], hides: dict[str, str]) -> None:
        self.app: Any = pilot.app
        self.pilot = pilot
        self.said: list[str] = []
        self._hides = hides
        self._lines: dict[int, list[str]] = {}
        self._notices: list[Any] = []
        self._focus = self._copied = ""
        self._reached: list[str] = []
        self._dispatch = self.app._dispatch_message
        self.app._dispatch_message = self._reaching  # type: ignore[method-assign] # it looks on, and hands over

    async def _reaching(self, message: Message) -> None:
        """Note what reaches the app because nobody has stopped it: what a screen has dealt with goes no further."""
        name = type(message).__qualname__
        if name in FROM_A_PERSON or type(message).__module__.startswith("airisk_tui."):
            self._reached.append(name)
        await self._dispatch(message)

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.said) + "\n"

    async def press(self, *keys: str) -> None:
        """Press each of these keys, and note what it changed."""
        for key in keys:
            await self.pilot.press(key)
            await self.note(key)

    async def type(self, text: str) -> None:
        """Type a text, and note what all of it changed."""
        for letter in text:
            await self.pilot.press(letter)
            await settled(self.pilot)
        await self.note(f"“{text}”")

    async def paste(self, text: str) -> None:
        """Paste a text: a search for it goes to one place, and not to one for each letter."""
        self.app.post_message(Paste(text))
        await self.note(f"“{text}” pasted")

    async def click(self, selector: str, x: int, y: int, times: int = 1) -> None:
        """Click a cell of a widget."""
        await self.pilot.click(selector, offset=(x, y), times=times)
        await self.note(f"{times} clicks on {selector}, {x}, {y}" if times > 1 else f"click on {selector}, {x}, {y}")

    async def sweep(self, widget: Any) -> None:
        """Note what a click on each cell of a widget would post or run, by the columns that do the same."""
        came: list[str] = []
        before = {name: value for name, value in vars(widget).items() if name.startswith("_reactive_")}

        async def run_action(action: str, *_: Any) -> None:
            came.append(action)

        posting = patch.object(widget, "post_message", lambda message: came.extend(_told(message)))
        with (
            posting,
            patch.object(self.app, "run_action", run_action),
            patch.object(self.app, "simulate_key", came.append),
            patch.object(widget.screen, "run_action", run_action),
        ):
            for y in range(widget.region.height):
                clicked = []
                for x in range(widget.region.width):
                    await _clicked(widget, x, y, came)
                    clicked.append(" ".join(came))
                    came.clear()
                    vars(widget).update(before)
                runs = [(what, len(list(same))) for what, same in groupby(clicked)]
                ends = accumulate(length for _, length in runs)
                told = [
                    f"{end - length}-{end - 1} {what}" for (what, length), end in zip(runs, ends, strict=True) if what
                ]
                self.said.append(f"   clicks on {_name(widget)}, line {y}: {', '.join(told) or 'nothing'}")

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        await self.pilot.resize_terminal(width, height)
        await self.note(f"{width} columns, {height} lines")

    async def note(self, what: str) -> None:
        """Note what has changed since the last note. what: by what."""
        await settled(self.pilot)
        self.said.append(f"\n== {what}")
        screen = self.app.screen
        lines = [self._shown(strip) for strip in _strips(screen)]
        before = self._lines.get(id(screen), [])
        self._lines[id(screen)] = lines
        same = before if len(before) == len(lines) else [""] * len(lines)
        self.said += [f"{number:2} {line}" for number, line in enumerate(lines) if line != same[number]]
        focus = f"{type(screen).__name__} {_name(screen.focused)}"
        if focus != self._focus:
            self._focus = focus
            self.said.append(f"-- {focus}")
        self.said += [f"-- nobody stopped {name}" for name in dict.fromkeys(self._reached)]
        self._reached.clear()
        assert not [one for one in screen.query(Static) if one._render_markup], "threats.md S2"
        notices = list(self.app._notifications)
        self.said += [f"-- {_told_as(one)}: {self._hidden(one.message)}" for one in notices if one not in self._notices]
        self._notices = notices
        if self.app.clipboard != self._copied:
            self._copied = self.app.clipboard
            self.said.append(f"-- copied: {self._hidden(self._copied)[:MOST]!r}")

    def _shown(self, strip: Strip) -> str:
        """A line, with each part in brackets that differs in more than its text."""
        grounds: Counter[Color | None] = Counter()
        for segment in strip:
            grounds[segment.style.bgcolor if segment.style else None] += len(segment.text)
        ground = grounds.most_common(1)[0][0] if grounds else None
        marked = [(self._mark(one.style, one.text, ground), one.text) for one in strip]
        parts = [(mark, "".join(text for _, text in parts)) for mark, parts in groupby(marked, lambda part: part[0])]
        return self._hidden("".join(f"⟨{mark}: {text}⟩" if mark else text for mark, text in parts).rstrip())

    def _hidden(self, text: str) -> str:
        for value, stand_in in self._hides.items():
            if value in text:
                text = _LINE.sub("─", text.replace(value, stand_in))
        return TIME.sub("00:00", text)

    def _mark(self, style: Style | None, text: str, ground: Color | None) -> str:
        if style is None or not text.strip() or "\u2500" <= text.strip()[0] <= "\u259f":
            return ""
        lit = style.bgcolor != ground
        flags = (
            ("bold", style.bold),
            ("underlined", style.underline),
            ("reversed", style.reverse),
            ("linked", style.link),
            ("lit", lit),
        )
        return " ".join(filter(None, (*(name for name, on in flags if on), self._tone(style.color))))

    def _tone(self, color: Color | None) -> str:
        theme = self.app.theme_variables
        tones = {theme[name].lower(): word for name, word in TONES.items()}
        shown = color.get_truecolor().hex if color is not None else ""
        return tones.get(shown, "" if shown in ("", theme["foreground"].lower()) else "quiet")


def _strips(screen: Any) -> list[Strip]:
    """The lines of a screen; of a dialog, without what is behind it."""
    strips = list(screen._compositor.render_strips())
    box = screen.children[0].region if screen.is_modal and screen.children else None
    if box is None or box.height < 2:
        return strips
    return [strip.crop(box.x, box.right) for strip in strips[box.y : box.bottom]]


async def _clicked(widget: Any, x: int, y: int, came: list[str]) -> None:
    """Run what a click on a cell runs: the action of its text, else the handler of the widget. came: is told the action of a screen."""
    at = (widget.region.x + x, widget.region.y + y)
    action = widget.screen.get_style_at(*at).meta.get("@click", "")
    if action:
        namespace, name, parameters = actions.parse(action)
        if namespace:
            came.append(action.removeprefix(f"{namespace}."))
        else:
            await invoke(getattr(widget, f"action_{name}"), *parameters)
    elif hasattr(widget, "on_click"):
        await invoke(widget.on_click, Click(widget, x, y, 0, 0, 1, False, False, False, *at))


def _told_as(notice: Notification) -> str:
    """How severe a notice is, and how long it is shown where that is not usual."""
    return notice.severity if notice.timeout == NOTICE else f"{notice.severity} for {notice.timeout:g} s"


def _told(message: Message) -> Iterator[str]:
    """A message of the program's, with the text or the number that it brings."""
    if type(message).__module__.startswith("airisk_tui."):
        yield type(message).__qualname__
        yield from (str(value) for value in vars(message).values() if type(value) in (str, int))


def _name(widget: Any) -> str:
    return "nothing" if widget is None else f"#{widget.id}" if widget.id else type(widget).__name__
