"""Screens whose parts a person can resize: keys and the mouse move their edges, the sizes are saved, and one part can fill the
screen.

The first frame imports this module: it imports nothing that a bare Textual app does not import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, Literal, NamedTuple, TypeVar

from textual.binding import BindingType
from textual.widget import Widget

from airisk_tui.tui.shared.keyboard.keys import bound, chosen_key
from airisk_tui.tui.shared.screen import AppScreen

if TYPE_CHECKING:
    from textual import events

Result = TypeVar("Result")

STEP = {"width": 4, "height": 2}
"""Cells by which a key moves an edge."""


class Edge(NamedTuple):
    """The right or the lower edge of a part. part: its id; least: cells that the part keeps; leaves: cells that the other parts keep."""

    part: str
    axis: Literal["width", "height"]
    least: int
    leaves: int


class ResizableScreen(AppScreen[Result], Generic[Result]):
    """EDGES: the edges that can be moved, from left to right and from top to bottom; FILLS: the ids of the parts that can fill the
    screen; where the focus is in none of them, it is the first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("zoom", "zoom"),
        bound("edge-left", "edge('width', -1)"),
        bound("edge-right", "edge('width', 1)"),
        bound("edge-up", "edge('height', -1)"),
        bound("edge-down", "edge('height', 1)"),
    ]
    ALLOW_IN_MAXIMIZED_VIEW = "#title, #keybar"
    EDGES: ClassVar[tuple[Edge, ...]] = ()
    FILLS: ClassVar[tuple[str, ...]] = ()

    _held: Edge | None = None

    # Edges

    def size_parts(self) -> None:
        """Give the parts their saved sizes, as far as they fit; called when the terminal has another size."""
        for edge in self.EDGES:
            kept = self.host.memory.size(edge.part)
            for part in self.query(f"#{edge.part}"):
                self._give(part, edge, kept if self._movable(edge) else 0)

    def _movable(self, edge: Edge) -> bool:
        return edge.axis == "height" or not self.has_class("-narrow")

    def _give(self, part: Widget, edge: Edge, cells: int) -> None:
        """Give a part its size. cells: 0 for the size of the style sheet."""
        room = self.size.width if edge.axis == "width" else self.size.height
        cells = max(edge.least, min(cells, room - edge.leaves)) if cells else 0
        if edge.axis == "width":
            part.styles.width = part.styles.min_width = part.styles.max_width = cells or None
        else:
            part.styles.height = part.styles.max_height = cells or None

    def _move(self, edge: Edge, cells: int) -> None:
        for part in self.query(f"#{edge.part}"):
            self._give(part, edge, cells)
            self.host.memory.keep_size(edge.part, cells)

    def action_edge(self, axis: str, by: int) -> None:
        """Move the right or the lower edge of the focused part; of the last part, which has none, the edge before it."""
        edges = [edge for edge in self.EDGES if edge.axis == axis and self._movable(edge) and self._shown(edge)]
        inside = {node.id for node in self.focused.ancestors_with_self} if self.focused is not None else set()
        edge = next((edge for edge in edges if edge.part in inside), edges[-1] if edges else None)
        if edge is not None:
            size = self.query_one(f"#{edge.part}").outer_size
            self._move(edge, (size.width if axis == "width" else size.height) + by * STEP[axis])

    def _shown(self, edge: Edge) -> bool:
        return any(part.region for part in self.query(f"#{edge.part}"))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self._held = next((edge for edge in self.EDGES if self._is_at(edge, event)), None)
        if self._held is not None:
            event.stop()
            self.clear_selection()
            self.capture_mouse()

    def _is_at(self, edge: Edge, event: events.MouseDown) -> bool:
        if not self._movable(edge) or not self._shown(edge):
            return False
        region, (x, y) = self.query_one(f"#{edge.part}").region, event.screen_offset
        if edge.axis == "width":
            return x in (region.right - 1, region.right) and region.y <= y < region.bottom
        return y in (region.bottom - 1, region.bottom) and region.x <= x < region.right

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._held is not None:
            region, (x, y) = self.query_one(f"#{self._held.part}").region, event.screen_offset
            self._move(self._held, x - region.x + 1 if self._held.axis == "width" else y - region.y + 1)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        if self._held is not None:
            self._held = None
            self.release_mouse()
            self.host.memory.save()

    # One part alone

    def action_zoom(self) -> None:
        if not self.unzoom():
            self.maximized = self._part()

    def watch_maximized(self, before: Widget | None, part: Widget | None) -> None:
        """Say at the part that fills the screen how to go back."""
        if before is not None:
            before.border_subtitle = ""
        if part is not None:
            part.border_subtitle = f"{chosen_key('Z')}: back"

    def _part(self) -> Widget | None:
        around = self.focused.ancestors_with_self if self.focused is not None else []
        inside = [node for node in around if isinstance(node, Widget) and node.id in self.FILLS]
        return next(iter([*inside, *(part for name in self.FILLS for part in self.query(f"#{name}"))]), None)

    def keep(self) -> None:
        super().keep()
        self.host.memory.save()
