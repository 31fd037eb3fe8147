"""The inspector: everything about the chosen step, its meaning on the first tab, the raw messages on the others.

Only the open tab is built, and only when something that it shows has changed, so that a burst of events stays cheap (threats.md S4).
Before the first run nothing of `flow` is imported: the inspector is part of the first full view of the screen, which must not wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.reactive import reactive
from textual.widgets import Static

from airisk_tui.flow.reading.steps import TITLES, StepName
from airisk_tui.tui.inspector.tabs import InspectorTabs, Tab, page_of, tabs_of
from airisk_tui.tui.shared.drawing.clickable import ClickableText, clickable
from airisk_tui.tui.shared.drawing.styles import QUIET
from airisk_tui.tui.shared.drawing.text import MAX_LINE, update_changed
from airisk_tui.tui.shared.drawing.times import Clock
from airisk_tui.tui.shared.keyboard.keybar import KeyHint
from airisk_tui.tui.shared.keyboard.keys import bound
from airisk_tui.tui.shared.search import TextSearch

if TYPE_CHECKING:
    from textual.timer import Timer

    from airisk_tui.flow.state import FlowState, InboxEntry
    from airisk_tui.insight.finding import Pointer
    from airisk_tui.oauth.http import HttpRequest
    from airisk_tui.session.last_good import SinceGood
    from airisk_tui.tui.inspector.chips import Unseal
    from airisk_tui.tui.inspector.page import Line, PageOptions
    from airisk_tui.tui.inspector.subject import Subject

TICK = 1.0
"""Seconds between two looks at the clock: an expiry is shown in seconds."""

WHOLE = 12
"""`PageOptions.more` with which nothing is left out."""

MARKED = "on $block-cursor-blurred-background"
"""The style of the line that is highlighted."""

AT_REST = "No run has started yet."


class Inspector(Vertical, TextSearch):
    """state: of the run; step: the step to show; tab: the open tab; revealed: whether raw values are shown; clock: seconds since the
    start of the run, None where time stands still; unseal: None where no raw value can be in memory; acts: whether keys of the
    screen do something with the token."""

    DEFAULT_CSS = """
    Inspector { height: 1fr; width: 1fr; padding: 0 1; }
    Inspector > #inspector-title { height: 1; }
    Inspector > #inspector-scroll { height: 1fr; margin-top: 1; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    Inspector PageText { height: auto; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("reveal", "reveal"),
        bound("laid-out", "raw"),
        bound("bytes", "hexadecimal"),
        bound("more", "more", "Show more"),
        bound("previous-exchange", "turn(-1)", "Previous exchange"),
        bound("next-exchange", "turn(1)", "Next exchange"),
        bound("left", "tab(-1)", "Previous tab"),
        bound("right", "tab(1)", "Next tab"),
        bound("down", "into_page", "Into the page"),
        bound("act", "fold", "Fold or unfold the lines at the cursor"),
        bound("fold-all", "fold_all"),
    ]
    state: reactive[FlowState | None] = reactive(None, repaint=False)
    step: reactive[StepName] = reactive("authorization-request")
    tab: reactive[Tab] = reactive("Meaning")
    revealed: reactive[bool] = reactive(False)
    since: reactive[SinceGood | None] = reactive(None)
    """Of a failed run: what differs from the last run that worked."""

    def __init__(self, clock: Clock | None = None, unseal: Unseal | None = None, *, acts: bool = False) -> None:
        super().__init__(id="inspector", classes="box")
        self.border_title = "Inspector"
        self.clock = clock
        self.unseal = unseal
        self._acts = acts
        self._index: int | None = None
        self._more = 0
        self._raw = False
        self._hexadecimal = False
        self._place = ""
        self._folded: frozenset[str] = frozenset()
        self._cursor_line: int | None = None
        self._page: list[Line] = []
        self._marked = range(0)
        self._drawn: object = None
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Static(Content.styled(TITLES[self.step], "bold"), id="inspector-title", markup=False)
        yield InspectorTabs(id="inspector-tabs").data_bind(Inspector.tab, Inspector.since)
        with Page(id="inspector-scroll"):
            yield PageText(Content.styled(AT_REST, QUIET), markup=False)

    def on_mount(self) -> None:
        self._timer = self.set_interval(TICK, self._draw, pause=True)
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """The subjects of the step; none before the first run."""
        from airisk_tui.tui.inspector.subject import subjects

        return subjects(self.state, self.step) if self.state is not None else ()

    @property
    def index(self) -> int:
        """The index of the subject that is shown."""
        from airisk_tui.tui.inspector.subject import first_choice

        found = self.subjects
        if not found or self.state is None:
            return 0
        index = first_choice(self.state, self.step, found) if self._index is None else self._index
        return max(0, min(index, len(found) - 1))

    def watch_state(self, before: FlowState | None, state: FlowState | None) -> None:
        """For another run, begin with the first page and with masked secrets."""
        if before is not None and state is not None and before.run_id != state.run_id:
            self._start_afresh()
            self.revealed = False
            self.since = None
        self._draw()

    def watch_step(self, step: StepName) -> None:
        if self.is_mounted and self.state is None:
            self.query_one("#inspector-title", Static).update(Content.styled(TITLES[step], "bold"))
        self._start_afresh()
        self._draw(top=True)

    def watch_tab(self) -> None:
        self._draw_from_top()

    def watch_since(self, since: SinceGood | None) -> None:
        if since is None and self.tab == "Last good":
            self.tab = "Meaning"
        self._draw()

    def watch_revealed(self) -> None:
        self._draw()

    def _draw_from_top(self) -> None:
        """Draw another page of the step."""
        self._more, self._place, self._cursor_line = 0, "", None
        self._draw(top=True)

    def _start_afresh(self) -> None:
        self._index, self._more, self._place = None, 0, ""
        self._raw = self._hexadecimal = False
        self._folded, self._cursor_line = frozenset(), None

    def _draw(self, top: bool = False) -> None:
        """Build the open page if something that it shows has changed. top: whether to scroll to its first line as well."""
        state = self.state
        if self._timer is not None:
            shows_expiry = (
                self.tab == "Meaning" and self.step == "token" and state is not None and state.token is not None
            )
            self._timer.resume() if shows_expiry else self._timer.pause()
        # Textual calls watchers before the widget is mounted and has a size, too; on_mount and on_resize draw then.
        if state is None or not self.is_mounted or not self.size.width:
            return
        found, index, options = self.subjects, self.index, self._options(state)
        seen = state if self.tab == "Meaning" else None
        key = (
            seen,
            self.since,
            found[index],
            self.step,
            self.tab,
            options,
            self._place,
            index,
            self.needle,
            self.hit,
            self._cursor_line,
        )
        if key == self._drawn and not top:
            return
        self._drawn = key
        self._draw_title(found, index)
        self._draw_page(page_of(self.tab, state, self.step, found[index], options, self.since))
        if top and not self._place:
            self.query_one("#inspector-scroll").scroll_home(animate=False)

    @property
    def text(self) -> str:
        """The whole page without limits and folds; secrets are masked unless they are revealed."""
        if self.state is None:
            return ""
        options = replace(self._options(self.state), more=WHOLE, closed=frozenset())
        page = page_of(self.tab, self.state, self.step, self.subjects[self.index], options, self.since)
        return "\n".join(line.content.plain for line in page) + "\n"

    def hints(self) -> Iterator[KeyHint]:
        """The keys of the screen that matter for what is shown: the steps with the token, and the comparison with the last good run."""
        state = self.state
        is_of_token = self.step in ("token", "access") and state is not None and state.token is not None
        if self._acts and is_of_token and state is not None and state.inputs is not None and not state.live:
            if state.inputs.standard:
                from airisk_tui.tui.inspector.pages.follow_ups import step_hints

                yield from step_hints(state)
            elif not state.probes:
                yield KeyHint("p", "Probe")
        if self.since is not None:
            yield KeyHint("=", "Last good")

    def _options(self, state: FlowState) -> PageOptions:
        from airisk_tui.flow.state import secret_names
        from airisk_tui.tui.inspector.chips import Secrets
        from airisk_tui.tui.inspector.page import PageOptions

        now = state.utc + self.clock() if self.clock is not None else None
        whole = float(int(now)) if now is not None and self.step == "token" else None
        secrets = Secrets(secret_names(state), self.unseal, self.revealed)
        return PageOptions(
            secrets, self._page_width, whole, self._more, self._raw, self._hexadecimal, self._acts, self._folded
        )

    def _draw_title(self, found: tuple[Subject, ...], index: int) -> None:
        from airisk_tui.oauth.text.visible import shortened, visible

        name = visible(shortened(found[index].name, MAX_LINE))
        which = f"  {index + 1} of {len(found)}  [ ]" if len(found) > 1 else ""
        title = Content.assemble((TITLES[self.step], "bold"), (which, QUIET), "  " if name else "", name)
        update_changed(
            self.query_one("#inspector-title", Static), title.truncate(self.content_size.width, ellipsis=True)
        )

    def _draw_page(self, page: list[Line]) -> None:
        """Draw the page, with the line of the cursor, the hit of a search or the place of evidence highlighted."""
        from airisk_tui.tui.inspector.page import line_of

        self._page = page = self._with_hits(page)
        start = line_of(page, self._place) if self._place else None
        if self.hit_line is not None:
            start = self.hit_line
        if self._cursor_line is not None:
            start = self._cursor_line = min(self._cursor_line, len(page) - 1)
        end = start
        while start is not None and end is not None and end < len(page) and page[end].place == page[start].place:
            end += 1
            if self._cursor_line is not None:
                break
        self._marked = range(start or 0, end or 0)
        lines = [self._drawn_line(at, line) for at, line in enumerate(page)]
        update_changed(self.query_one(PageText), Content("\n").join(lines))

    def _drawn_line(self, at: int, line: Line) -> Content:
        content = line.content
        if at in self._marked:
            width = self._page_width
            rows = [row.pad_right(width - row.cell_length) for row in content.wrap(width)]
            content = Content("\n").join(rows).stylize_before(MARKED)
        return clickable(content, f"fold({at})") if line.fold else content

    @property
    def _page_width(self) -> int:
        return max(self.query_one(Page).scrollable_content_region.width, 8)

    def _with_hits(self, page: list[Line]) -> list[Line]:
        from airisk_tui.tui.inspector.page import Line

        marked = self.with_hits([line.content for line in page])
        hits = {*self.hits}
        return [
            Line(content, f"hit {at}", line.fold) if at in hits else line
            for at, (line, content) in enumerate(zip(page, marked, strict=True))
        ]

    # Folding

    def move_line(self, by: int) -> bool:
        """Move the cursor on a page that can be folded; False on any other page, which scrolls instead."""
        if not any(line.fold for line in self._page):
            return False
        first = next(at for at, line in enumerate(self._page) if line.fold)
        self._cursor_line = (
            first if self._cursor_line is None else max(0, min(self._cursor_line + by, len(self._page) - 1))
        )
        self.hits = ()
        self._draw()
        self.call_after_refresh(self._scroll_to_place, top=False)
        return True

    def action_fold(self) -> None:
        """Fold the lines that begin at the cursor, or unfold them; without a cursor, the whole body."""
        if self._cursor_line is None and not self.move_line(0):
            raise SkipAction  # nothing can be folded here, so the key means something else
        if self._cursor_line is not None and (fold := self._page[self._cursor_line].fold):
            self._folded ^= {fold}
            self._draw()

    def action_fold_line(self, at: int) -> None:
        """Fold or unfold the lines that begin at a line, which was clicked."""
        self._cursor_line = at
        self.action_fold()

    def action_fold_all(self) -> None:
        folds = [line.fold for line in self._page if line.fold]
        self._folded = frozenset() if self._folded else frozenset(folds[1:])
        self._draw()

    def draw_hits(self) -> None:
        self._cursor_line = None
        self._draw()
        if self.hits or not self.needle:
            self.call_after_refresh(self._scroll_to_place)

    def focus_lines(self) -> None:
        self.focus_tabs()

    def go_to(self, pointer: Pointer) -> None:
        """Show and highlight the place that evidence points to."""
        from airisk_tui.tui.inspector.page import line_of

        self.step = pointer.step
        state = self.state
        if state is None:
            return
        name = pointer.name
        if pointer.step == "access":  # the name is the endpoint's
            self._index = next((i for i, one in enumerate(self.subjects) if one.name == name), None)
            name = ""
        tabs, options = tabs_of(pointer), self._options(state)
        places = [*enumerate(self.subjects)] if self.step == "token" else [(self.index, self.subjects[self.index])]
        found = (
            (index, tab)
            for index, subject in places
            for tab in tabs
            if line_of(page_of(tab, state, self.step, subject, options), name) is not None
        )
        self._index, self.tab = next(found, (self._index, tabs[0])) if name else (self._index, tabs[0])
        self._place, self._cursor_line = name or "start line", None
        self._draw(top=True)
        self.call_after_refresh(self._scroll_to_place)

    def _scroll_to_place(self, top: bool = True) -> None:
        """Bring the place into sight. top: as the first line of what is seen."""
        # Lines are counted, because a widget asks for its layout in a task of its own: its region may still be the old one here.
        if self._marked:
            self.query_one(Page).scroll_to_region(self.place_region, animate=False, top=top)

    @property
    def place_region(self) -> Region:
        """Where in the page the highlighted lines are."""
        width, above = self._page_width, self._marked.start
        rows = [line.content.get_height({}, width) for line in self._page[: self._marked.stop]]
        return Region(0, sum(rows[:above]), width, sum(rows[above:]))

    def show_entry(self, entry: InboxEntry) -> None:
        """Show the request of an entry of the inbox."""
        self.step = "redirect"
        self._index = next((i for i, one in enumerate(self.subjects) if one.entry is entry), None)
        self._draw(top=True)

    def show_exchange(self, which: int | HttpRequest) -> None:
        """Show an exchange of the step. which: its index, or its request."""
        requests = (index for index, one in enumerate(self.subjects) if one.request is which)
        self._index = which if isinstance(which, int) else next(requests, self._index)
        self._draw(top=True)

    def show_newest(self) -> None:
        """Show the newest exchange of the step, and each newer one that comes."""
        self.tab = "Meaning"
        self._start_afresh()
        self._draw(top=True)

    @on(InspectorTabs.Opened)
    def _opened(self, event: InspectorTabs.Opened) -> None:
        event.stop()
        self.tab = event.tab

    def focus_tabs(self) -> None:
        """Focus the tabs, where the arrows choose a tab."""
        self.query_one(InspectorTabs).focus()

    def action_into_page(self) -> None:
        self.query_one("#inspector-scroll").focus()
        self.move_line(0)

    def action_tab(self, by: int) -> None:
        self.query_one(InspectorTabs).action_move(by)

    def action_turn(self, by: int) -> None:
        self._index = (self.index + by) % max(1, len(self.subjects))
        self._draw_from_top()

    def action_reveal(self) -> None:
        self.revealed = not self.revealed

    def action_raw(self) -> None:
        self._raw, self._hexadecimal = not self._raw, False
        self._draw()

    def action_hexadecimal(self) -> None:
        self._hexadecimal = not self._hexadecimal
        self._draw()

    def action_more(self) -> None:
        self._more += 1
        self._draw()


class PageText(Static, ClickableText):
    """The lines of the page."""

    def action_fold(self, at: int) -> None:
        self.query_ancestor(Inspector).action_fold_line(at)


class Page(VerticalScroll):
    """The page below the tabs. The arrows move the cursor where the page can be folded, and scroll any other page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("up", "scroll_up", "Up by a line"),
        bound("down", "scroll_down", "Down by a line"),
        bound("begin", "scroll_home", "To the beginning"),
        bound("end", "scroll_end", "To the end"),
    ]

    def action_scroll_up(self) -> None:
        self._go(-1, super().action_scroll_up)

    def action_scroll_down(self) -> None:
        self._go(1, super().action_scroll_down)

    def _go(self, by: int, scroll: Callable[[], None]) -> None:
        inspector = self.parent
        if not (isinstance(inspector, Inspector) and inspector.move_line(by)):
            scroll()
