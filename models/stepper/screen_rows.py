"""Lists and texts on a screen of which only the lines in sight are made, however many there are.

What is of what kind is told by signs and words; colours only repeat it. They are the sixteen that a terminal has, so
that they can be read on its background, be it light or dark.
"""

from collections.abc import Callable, Iterable, Sequence
from textwrap import wrap
from typing import ClassVar

from attrs import frozen
from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from models.render import one_line

STYLES = {
    "": Style(),
    "dim": Style(dim=True),
    "here": Style(bold=True),
    "new": Style(color="green"),
    "gone": Style(color="red"),
    "bad": Style(color="red", bold=True),
    "title": Style(bold=True),
}
"""How rows look, by what they are."""

HANG = 2
"""How much further to the right a long line goes on."""


@frozen
class Row:
    """A line."""

    head: str
    """What it says; where room is scarce, its end is left out."""
    tail: str = ""
    """What it ends with, which is kept."""
    style: str = ""
    """What it is: a name in `STYLES`."""


def fitted(row: Row, width: int) -> str:
    """The text of a row, so many cells wide."""
    head, tail = one_line(row.head), one_line(row.tail)
    if cell_len(head + tail) <= width:
        return set_cell_size(head + tail, width)
    if cell_len(tail) > width // 2:
        head, tail = head + tail, ""
    room = max(width - cell_len(tail) - 1, 0)
    return set_cell_size(f"{set_cell_size(head, room)}…{tail}", width)


def wrapped(rows: Iterable[Row], width: int) -> tuple[Row, ...]:
    """Rows as lines of this width; a long one goes on below, a little more to the right."""
    return tuple(line for row in rows for line in _wrapped(row, width))


def _wrapped(row: Row, width: int) -> Sequence[Row]:
    text = one_line(row.head + row.tail)
    if cell_len(text) <= width or width < 2 * HANG:
        return (Row(text, "", row.style),)
    indent = min(len(text) - len(text.lstrip(" ")), width // 2)
    further = " " * min(indent + HANG, width // 2)
    lines = wrap(
        text.lstrip(" "), width, initial_indent=" " * indent, subsequent_indent=further,
        break_on_hyphens=False,
    )  # fmt: skip
    return [Row(line, "", row.style) for line in lines]


def nothing(_: int) -> Row:
    """No row."""
    return Row("")


class Listing(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows, of which those in sight are made."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", show=False),
        Binding("down", "scroll_down", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("pagedown", "page_down", show=False),
        Binding("home", "scroll_home", show=False),
        Binding("end", "scroll_end", show=False),
    ]

    count = 0
    """How many rows there are."""
    make: Callable[[int], Row] = staticmethod(nothing)
    """Makes the row at a place."""

    def fill(self, count: int, make: Callable[[int], Row]) -> None:
        """Show so many rows."""
        self.count, self.make = count, make
        self.virtual_size = Size(0, count)
        self.refresh()

    @property
    def room(self) -> int:
        """How many cells a line has."""
        return self.scrollable_content_region.width

    def style_at(self, index: int, row: Row) -> Style:  # noqa: ARG002  # lists look at the place
        """How the row at a place looks."""
        return STYLES[row.style]

    def render_line(self, y: int) -> Strip:
        """One line in sight."""
        index, width = y + self.scroll_offset.y, self.room
        if index >= self.count:
            return Strip.blank(width)
        row = self.make(index)
        return Strip([Segment(fitted(row, width), self.style_at(index, row))], width)


class Lines(Listing):
    """A text that is read: long lines go on below."""

    _text: tuple[Row, ...] = ()
    _width = 0

    def tell(self, rows: Iterable[Row]) -> None:
        """Show these lines, from the first on."""
        text = tuple(rows)
        if text != self._text:
            self._text = text
            self._lay_out()
            self.scroll_to(0, 0, animate=False)

    def on_resize(self, _: Resize) -> None:
        """Lay the text out anew."""
        if self.room != self._width:
            self._lay_out()

    def _lay_out(self) -> None:
        self._width = self.room
        lines = wrapped(self._text, self._width)
        self.fill(len(lines), lines.__getitem__)


class Rows(Listing, inherit_bindings=False):
    """A list one row of which is marked, and can be chosen with Enter or the mouse."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "mark(-1)", show=False),
        Binding("down", "mark(1)", show=False),
        Binding("pageup", "mark_page(-1)", show=False),
        Binding("pagedown", "mark_page(1)", show=False),
        Binding("home", "mark_first", show=False),
        Binding("end", "mark_last", show=False),
        Binding("enter", "choose", show=False),
    ]

    marked = 0
    """The place of the marked row."""

    class Marked(Message):
        """Another row is marked."""

        def __init__(self, rows: "Rows") -> None:
            self.rows = rows
            super().__init__()

        @property
        def control(self) -> "Rows":
            """The list."""
            return self.rows

    class Chosen(Marked):
        """The marked row is chosen."""

    def mark(self, index: int) -> None:
        """Mark the row at a place, or the nearest that there is, and have it in sight."""
        self.marked = max(0, min(index, self.count - 1))
        self.refresh()
        self.call_after_refresh(self._into_sight)

    def style_at(self, index: int, row: Row) -> Style:
        """How the row at a place looks."""
        style = STYLES[row.style]
        if index != self.marked:
            return style
        return style + Style(reverse=True) if self.has_focus else style + Style(underline=True)

    def on_click(self, event: Click) -> None:
        """Choose the row that was clicked."""
        place = event.get_content_offset(self)
        index = -1 if place is None else place.y + self.scroll_offset.y
        if 0 <= index < self.count:
            self.mark(index)
            self.action_choose()

    def action_mark(self, steps: int) -> None:
        """Mark a row further down."""
        self.mark(self.marked + steps)
        self.post_message(self.Marked(self))

    def action_mark_page(self, pages: int) -> None:
        """Mark a row some pages further down."""
        self.action_mark(pages * max(self.size.height - 1, 1))

    def action_mark_first(self) -> None:
        """Mark the first row."""
        self.action_mark(-self.count)

    def action_mark_last(self) -> None:
        """Mark the last row."""
        self.action_mark(self.count)

    def action_choose(self) -> None:
        """Choose the marked row."""
        if self.count:
            self.post_message(self.Chosen(self))

    def on_focus(self) -> None:
        """Show the mark."""
        self.refresh()

    def on_blur(self) -> None:
        """Show that the keys go elsewhere."""
        self.refresh()

    def on_resize(self, _: Resize) -> None:
        """Keep the mark in sight."""
        self._into_sight()

    def _into_sight(self) -> None:
        height, top = max(self.size.height, 1), self.scroll_offset.y
        if self.marked < top:
            self.scroll_to(y=self.marked, animate=False)
        elif self.marked >= top + height:
            self.scroll_to(y=self.marked - height + 1, animate=False)
