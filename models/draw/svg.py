"""A run as one SVG picture, which needs no server and no browser.

Above, what was run and what it shows; then the lanes; below, what the marks mean, the evidence, and, where that is a
cycle of dependencies, the cycle as a graph.
"""

from collections.abc import Iterator
from math import cos, pi, sin

from models.draw.cycle import cycle_in
from models.draw.lanes import Diagram, diagram_of
from models.draw.layout import GLYPH, layout_of
from models.draw.markup import Attributes, element, text, words
from models.draw.palette import LETTERS, style
from models.draw.picture import Picture, heads, hues_of
from models.draw.run import Run, Shown
from models.draw.text import cells, count, shortened, wrapped
from properties.dependency_graph import Dependency

TOP = 88.0
"""Where the lanes begin, with their first row."""

MARGIN = 14.0
"""How far text is from the left edge."""

LINE = 17.0
"""How high a line of text is."""

LEAST_WIDTH = 560.0
"""How wide a picture is at least."""


def svg(run: Run) -> str:
    """The picture of a run."""
    diagram = diagram_of(run)
    layout = layout_of(diagram, TOP)
    picture = Picture(diagram, layout, hues_of(diagram))
    width = max(layout.width, LEAST_WIDTH)
    feet, bottom = _foot(picture, layout.bottom + 26, width)
    size: Attributes = {
        "width": width,
        "height": bottom,
        "viewBox": f"0 0 {round(width, 1):g} {bottom:g}",
    }
    return (
        element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "class": "picture",
                "role": "img",
                "aria-labelledby": "name said",
                "font-family": LETTERS,
                **size,
            },
            element("title", {"id": "name"}, words(headline(diagram))),
            element("desc", {"id": "said"}, words(description(diagram))),
            element("style", {}, style()),
            heads(),
            element("rect", {"class": "paper", "width": width, "height": bottom}),
            *_head(diagram, width),
            *picture.markup(),
            *feet,
        )
        + "\n"
    )


def headline(diagram: Diagram) -> str:
    """What a drawing is of, in a line."""
    return f"{diagram.name}: {count(len(diagram.acts), 'step')}"


def description(diagram: Diagram) -> str:
    """A run in words, for whoever does not see the picture."""
    return "\n".join((*map(said, diagram.shown), *(f"{a.step} {a.text}" for a in diagram.acts)))


def said(shown: Shown) -> str:
    """What a run shows, in a line."""
    word = "broken" if shown.breaks else "seen"
    where = f"after step {shown.step}" if shown.step else "at the start"
    return f"{word} {where} ({shown.kind.value}, {shown.rule}): {shown.name}"


def _head(diagram: Diagram, width: float) -> Iterator[str]:
    room = int((width - 2 * MARGIN) / GLYPH)
    yield text(MARGIN, 25, "title", shortened(headline(diagram), int(room * 0.78)))
    if diagram.shown:
        yield text(MARGIN, 45, "bad", shortened(said(diagram.shown[0]), room))
    else:
        yield text(MARGIN, 45, "number", shortened("; ".join(diagram.notes), room))


def _foot(picture: Picture, top: float, width: float) -> tuple[list[str], float]:
    """What stands below the lanes, and where it ends."""
    found, y = list[str](), top
    for entries in _legend(picture, width):
        found.append(element("g", {"transform": f"translate(0 {y:g})"}, *entries))
        y += LINE
    room = int((width - 2 * MARGIN) / GLYPH)
    for note in _notes(picture):
        for line in wrapped(note, room):
            found.append(text(MARGIN, y + 6, "number", line))
            y += LINE
    for shown in picture.diagram.shown:
        y += LINE
        for kind, line in _evidence(shown, room):
            found.append(text(MARGIN, y, kind, line))
            y += LINE
        edges = cycle_in(shown)
        if edges:
            found.append(element("g", {"transform": f"translate(0 {y:g})"}, *graph(edges, picture)))
            y += GRAPH
    return found, round(y + MARGIN, 1)


def _notes(picture: Picture) -> Iterator[str]:
    yield from picture.diagram.notes
    left = [each.name for each in picture.layout.left_out]
    if left:
        there = shortened(", ".join(left), 300)
        yield f"Left out, for nothing of them is drawn: {there}"


def _evidence(shown: Shown, room: int) -> Iterator[tuple[str, str]]:
    for line in wrapped(said(shown), room):
        yield "bad strong", line
    for part in (shown.finding, *shown.details):
        for line in wrapped(part, room):
            yield "", line


def _legend(picture: Picture, width: float) -> Iterator[list[str]]:
    """What marks and colours mean, line by line."""
    entries = [
        ("●", "x", "takes a message"),
        ("◆", "x", "a timer elapses"),
        ("○", "x", "never taken"),
        ("✕", "x", "ends"),
        *(("■", hue, name) for name, hue in picture.hues.items()),
    ]
    line, x = list[str](), MARGIN
    for sign, hue, said in entries:
        wide = (cells(said) + 4) * GLYPH
        if x + wide > width and line:
            yield line
            line, x = [], MARGIN
        line += [text(x, 0, hue, sign), text(x + 14, 0, "number", said)]
        x += wide
    yield line


GRAPH = 172.0
"""How high the graph of a cycle is."""


def graph(edges: tuple[Dependency, ...], picture: Picture) -> Iterator[str]:
    """A cycle of dependencies as a graph."""
    nodes = [edge.source for edge in edges]
    turns = [2 * pi * at / len(nodes) for at in range(len(nodes))]
    places = {
        node: (190 - 105 * cos(turn), GRAPH / 2 - 58 * sin(turn))
        for node, turn in zip(nodes, turns, strict=True)
    }
    for edge in edges:
        yield from _edge(edge, places[edge.source], places[edge.target])
    names = {each.partition(":")[0]: each for each in picture.hues}
    for node, (x, y) in places.items():
        title = element("title", {}, words(names.get(f"T{node}", f"T{node}")))
        circle = element("circle", {"class": "node", "cx": x, "cy": y, "r": 19}, title)
        yield circle
        yield text(x, y + 4, "strong", f"T{node}", "middle")


def _edge(
    edge: Dependency,
    start: tuple[float, float],
    goal: tuple[float, float],
) -> Iterator[str]:
    """An edge, bent away from the middle, with its kind and item."""
    (x1, y1), (x2, y2) = start, goal
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    bend = (x1 + x2) / 2 + dy * 55, (y1 + y2) / 2 - dx * 55
    yield element(
        "path",
        {
            "class": "edge",
            "d": f"M{x1 + dx * 16:.1f} {y1 + dy * 16 - dx * 12:.1f}"
            f"Q{bend[0]:.1f} {bend[1]:.1f} {x2 - dx * 18:.1f} {y2 - dy * 18 - dx * 12:.1f}",
            "marker-end": "url(#head-bad)",
        },
    )
    label = shortened(f"{edge.kind.value} {edge.item}", 24)
    yield text((x1 + x2) / 2 + dy * 42, (y1 + y2) / 2 - dx * 42 + 4, "halo bad", label, "middle")
