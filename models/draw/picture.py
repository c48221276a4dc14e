"""The lanes of a run in SVG: what the picture and the page show.

Every element says in `data-` attributes which step or lane it is of, so that a page can point at it.
"""

from collections.abc import Iterator
from itertools import pairwise

from attrs import frozen

from models.draw.lanes import Act, Arrow, Diagram, Lane, What
from models.draw.layout import BORN, GLYPH, MARK, ROW, Layout, Row
from models.draw.markup import Attributes, element, text, words
from models.draw.palette import HUES
from models.draw.text import cells, shortened

HEADER = 22.0
"""How high the box with the name of a lane is."""

LABEL, DETAIL = 36, 46
"""How many characters of what happens, and of what changes, stand beside it."""

SMALL = 6.1
"""How wide a character of what changes is."""

RADIUS = 4.5
"""How large the mark of a step is."""

MARKS = {What.TAKES: "●", What.ELAPSES: "◆", What.DUPLICATES: "⧉", What.LOSES: "✕"}
"""The marks of steps in text."""


@frozen
class Picture:
    """A diagram that is laid out."""

    diagram: Diagram
    """The diagram."""
    layout: Layout
    """Where everything stands."""
    hues: dict[str, str]
    """The colour of each transaction."""

    def markup(self) -> Iterator[str]:
        """The elements, those behind first."""
        layout = self.layout
        bands = tuple(self._bands())
        yield from (behind for behind, _ in bands)
        yield from (self._life(place) for place in layout.xs)
        yield from (self._arrow(arrow) for arrow in layout.arrows)
        yield from (self._fold(row) for row in layout.rows if row.fold is not None)
        yield from (self._header(place) for place in layout.xs)
        drawn = {row.first for row in layout.rows if row.fold is None}
        arrows = {arrow.taken: arrow for arrow in layout.arrows}
        for act in self.diagram.acts:
            if act.step in drawn:
                yield self._act(act, arrows.get(act.step))
        yield from (before for _, before in bands)

    def _hue(self, transaction: str | None) -> str:
        return "x" if transaction is None else self.hues[transaction]

    def _bands(self) -> Iterator[tuple[str, str]]:
        """What shows, below the step after which it does: what lies behind the lanes, and what before them."""
        for row in self.layout.rows:
            found = [each for each in self.diagram.shown if row.first <= each.step <= row.last]
            for place, each in enumerate(found):
                y = row.top + row.height - MARK * (len(found) - place)
                word = "✗ broken" if each.breaks else "✓ seen"
                line = shortened(f"{word}: {each.name}", int(self.layout.width / GLYPH) - 3)
                band: Attributes = {"x": 0, "y": y, "width": self.layout.width, "height": MARK - 4}
                edge: Attributes = {
                    "class": "rule",
                    "x1": 0,
                    "x2": self.layout.width,
                    "y1": y,
                    "y2": y,
                }
                first = each == self.diagram.shown[0]
                behind = element(
                    "g",
                    {"data-shown": each.step},
                    element("rect", {"class": "blush", **band}),
                    element("line", edge),
                )
                kind = "bad strong tint" if first else "bad halo"
                before = element("g", {"data-shown": each.step}, text(14, y + 15, kind, line))
                yield (behind if first else ""), before

    def _life(self, place: int) -> str:
        lane, layout = self.diagram.lanes[place], self.layout
        top, bottom = self._birth(lane) + HEADER / 2, layout.bottom
        x = layout.xs[place]
        cross = ""
        if lane.end is not None:
            bottom = layout.row_of[lane.end].middle + 15
            cross = element(
                "path",
                {
                    "class": "end",
                    "d": f"M{x - 5:g} {bottom - 5:g}l10 10m0 -10l-10 10",
                },
                element("title", {}, words(f"{lane.name} ends in step {lane.end}")),
            )
        line: Attributes = {"class": "life", "x1": x, "x2": x, "y1": top, "y2": bottom}
        return element("g", {"class": "lane", "data-lane": place}, element("line", line), cross)

    def _birth(self, lane: Lane) -> float:
        """Where the name of a lane stands."""
        row = self.layout.row_of[lane.birth]
        if not lane.birth:
            return row.top - HEADER / 2 - 2
        return row.top + ROW + BORN / 2 - 4

    def _header(self, place: int) -> str:
        lane, x = self.diagram.lanes[place], self.layout.xs[place]
        y, spawned = self._birth(lane), ""
        if lane.spawner in self.layout.xs:
            start = self.layout.row_of[lane.birth].middle
            path = f"M{self.layout.xs[lane.spawner]:g} {start:g}V{y:g}H{x:g}"
            spawned = element("path", {"class": "birth", "data-lane": place, "d": path})
        return spawned + self.name_box(place, x, y)

    def name_box(self, place: int, x: float, y: float) -> str:
        """The name of a lane, in a box around a point."""
        lane = self.diagram.lanes[place]
        name = shortened(lane.name, int((self._gap() - 18) / GLYPH))
        width = cells(name) * GLYPH + 14
        corner: Attributes = {"x": x - width / 2, "y": y - HEADER / 2}
        size: Attributes = {"width": width, "height": HEADER, "rx": 4}
        title = f"{lane.name} ({lane.family})" if lane.family else lane.name
        return element(
            "g",
            {"class": "header", "data-lane": place},
            element("title", {}, words(title)),
            element("rect", {"class": "box", **corner, **size}),
            text(x, y + 4, "strong", name, "middle"),
        )

    def _gap(self) -> float:
        xs = sorted(set(self.layout.xs.values()))
        return min((right - left for left, right in pairwise(xs)), default=160.0)

    def _arrow(self, arrow: Arrow) -> str:
        layout, hue = self.layout, self._hue(arrow.topics.first)
        x1, x2 = layout.xs[arrow.source], layout.xs[arrow.target]
        y1 = layout.row_of[arrow.sent].middle
        taken = arrow.taken is not None
        y2 = layout.bottom if arrow.taken is None else layout.row_of[arrow.taken].middle
        side = (0 if x1 == x2 else -9 if x1 < x2 else 9) if not taken else 0
        path = (
            f"M{x1:g} {y1:g}C{x1 - 34:g} {y1 + 8:g} {x1 - 34:g} {y2 - 8:g} {x1:g} {y2:g}"
            if x1 == x2
            else f"M{x1:g} {y1:g}L{x2 + side:g} {y2:g}"
        )
        kind = f"arrow s-{hue}" if taken else f"arrow late s-{hue}"
        line: Attributes = {
            "class": kind,
            "d": path,
            "marker-end": f"url(#head-{hue})" if taken else None,
        }
        open_end: Attributes = {"class": f"open s-{hue}", "cx": x2 + side, "cy": y2, "r": 3.5}
        word = "taken again" if arrow.again else "taken"
        way = f"sent in step {arrow.sent}, " + (
            f"{word} in step {arrow.taken}" if taken else "never taken"
        )
        ends = f"{self.diagram.lanes[arrow.source].name} to {self.diagram.lanes[arrow.target].name}"
        return element(
            "g",
            {
                "class": "message again" if arrow.again else "message",
                "data-sent": arrow.sent,
                "data-taken": arrow.taken,
                "data-from": arrow.source,
                "data-to": arrow.target,
            },
            element("title", {}, words(f"{arrow.text}\n{ends}, {way}")),
            element("path", line),
            "" if taken else element("circle", open_end),
        )

    def _fold(self, row: Row) -> str:
        band: Attributes = {
            "class": "shade",
            "x": 6,
            "y": row.top + 4,
            "width": self.layout.width - 12,
            "height": ROW - 8,
        }
        middle = self.layout.width / 2
        return element(
            "g",
            {"class": "fold"},
            element("rect", band),
            text(middle, row.middle + 4, "number", f"⋮  {row.fold}  ⋮", "middle"),
        )

    def _act(self, act: Act, arrow: Arrow | None) -> str:
        row, x = self.layout.row_of[act.step], self.layout.xs[act.lane]
        everything = "\n".join((f"{act.step}  {act.text}", *act.lines))
        area: Attributes = {"x": 0, "y": row.top, "width": self.layout.width, "height": ROW}
        return element(
            "g",
            {"class": "act", "data-step": act.step, "data-lane": act.lane},
            element("title", {}, words(everything)),
            element("rect", {"class": "row", "fill": "none", **area}),
            text(GUTTER_END, row.middle + 4, "number", str(act.step), "end"),
            element(
                "g",
                {"class": "beside"},
                _mark(act.what, x, row.middle, self._hue(act.topics.first)),
                *self._label(act, arrow, x, row.middle),
            ),
        )

    def _label(self, act: Act, arrow: Arrow | None, x: float, y: float) -> Iterator[str]:
        """What happens, and what changes, on the side from which the message does not come."""
        title = f"{act.title} elapses" if act.what is What.ELAPSES else act.title
        word = "" if act.what in (What.TAKES, What.ELAPSES) else f"{act.what.value} "
        lines = (f"{word}{title}", "refused" if act.refused else "  ·  ".join(act.changes))
        from_right = arrow is not None and self.layout.xs[arrow.source] > x
        left = x - GUTTER_END - 20
        is_left = from_right and left >= cells(lines[0]) * GLYPH
        room = left if is_left else self.layout.width - x - 16
        down = 9 if from_right and not is_left else 0
        place = (x - 10, "end") if is_left else (x + 10, None)
        label = shortened(lines[0], min(LABEL, int(room / GLYPH)))
        yield text(place[0], y - 1 + down, "halo", label, place[1])
        if lines[1]:
            detail = shortened(lines[1], min(DETAIL, int(room / SMALL)))
            yield text(place[0], y + 11 + down, "small halo", detail, place[1])


def names_bar(picture: Picture) -> Iterator[str]:
    """The names of all lanes side by side, for a bar that stays where it is; some may share a place."""
    width = picture.layout.width
    yield element("rect", {"class": "paper", "width": width, "height": 34})
    for place, x in picture.layout.xs.items():
        yield picture.name_box(place, x, 17)


GUTTER_END = 34.0
"""Where the numbers of steps end."""


def hues_of(diagram: Diagram) -> dict[str, str]:
    """A colour for each transaction, in the order in which they are first named."""
    found: dict[str, str] = {}
    topics = (*(each.topics for each in diagram.acts), *(each.topics for each in diagram.arrows))
    for each in topics:
        if each.first is not None and each.first not in found:
            found[each.first] = f"t{len(found) % HUES}"
    return found


def heads() -> str:
    """The heads of arrows, one of each colour."""
    head: Attributes = {
        "refX": 12.5,
        "refY": 4,
        "markerWidth": 9,
        "markerHeight": 8,
        "orient": "auto",
    }
    size: Attributes = {"viewBox": "0 0 9 8", "markerUnits": "userSpaceOnUse"}
    markers = (
        element(
            "marker",
            {"id": f"head-{hue}", **head, **size},
            element("path", {"class": hue, "d": "M0 0L9 4L0 8Z"}),
        )
        for hue in ("x", "bad", *(f"t{number}" for number in range(HUES)))
    )
    return element("defs", {}, *markers)


def _mark(what: What, x: float, y: float, hue: str) -> str:
    match what:
        case What.TAKES:
            return element("circle", {"class": hue, "cx": x, "cy": y, "r": RADIUS})
        case What.ELAPSES:
            path = f"M{x:g} {y - 6:g}l6 6l-6 6l-6 -6Z"
            return element("path", {"class": hue, "d": path})
        case What.DUPLICATES:
            size = {"width": 9, "height": 9, "x": x - 4.5, "y": y - 4.5}
            return element("rect", {"class": hue, **size})
        case What.LOSES:
            path = f"M{x - 5:g} {y - 5:g}l10 10m0 -10l-10 10"
            return element("path", {"class": "rule", "d": path})
