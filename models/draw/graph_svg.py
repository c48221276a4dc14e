"""State graphs as SVG, laid out here: no other program is needed, and the picture is the same everywhere.

Choices:
- What happens is a number beside the arrow, where it leaves a state; what the numbers say stands below, and in the tip
  of the arrow.
- Layers follow each other from left to right or from top to bottom, whichever makes the picture narrower.
- Arrows leave and reach a state at places of their own, in the order of the states at their other ends.
"""

from collections.abc import Iterator
from html import escape

from attrs import frozen

from models.draw.dot import wrapped
from models.draw.graph_layout import Size, Spot, spots_of
from models.draw.graphs import Arrow, Node, StateGraph
from models.render import one_line

LETTER, LINE, PAD = 6.6, 14, 8
"""The width of a character, the height of a line, and the room around text, in pixels."""

LONGEST, MOST_LINES = 34, 6
"""How many characters a line in a state has at most, and how many lines."""

PITCH = 13
"""The room that an arrow takes at the side of a state, in pixels."""

MARGIN, TOP = 24, 106
"""The room around the picture, and for what stands above it."""

LEGEND, COLUMN = 620, 96
"""How wide a column of what stands below is, and how many characters that are."""

STYLE = """
text{font:11px ui-sans-serif,system-ui,sans-serif;fill:#202124}
.title{font-size:15px;font-weight:600}.note{fill:#5f6368}
.state rect{fill:#fff;stroke:#5f6368}.state .number{font-weight:700}
.first rect{stroke-width:2.5}.rest rect{fill:#eef4fb;stroke:#1a5fb4}
.broken rect{fill:#fdecea;stroke:#b3261e;stroke-width:2}.broken .why{fill:#b3261e;font-weight:700}
path{fill:none}.step path{stroke:#9aa0a6}.way path{stroke:#3c4043;stroke-width:1.6}
.back path{stroke-dasharray:5 3}.step.breaks path{stroke:#b3261e;stroke-width:2}
.step text{font-size:10px;fill:#1a5fb4;paint-order:stroke;stroke:#fff;stroke-width:3px}
.step.breaks text{fill:#b3261e}.step:hover path,.state:hover rect{stroke:#e8710a;stroke-width:3}
"""
"""How it all looks."""

TIP = """<defs>
<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"
markerUnits="userSpaceOnUse"><path d="M0 0L8 4L0 8z" style="fill:#3c4043;stroke:none"/></marker>
</defs>"""
"""The tip of an arrow."""

NOTES = (
    "The number beside an arrow says what happens: see below.",
    "A state says what changed when it was first met, along the dark arrow.",
    "Blue: at rest. Red: the shortest run to here breaks a property in its last step.",
    "\u21bb: what happens there and changes nothing.",
)
"""How the picture is to be read."""


@frozen
class Picture:
    """Where everything stands."""

    graph: StateGraph
    """What is drawn."""
    down: bool
    """Whether layers follow each other from top to bottom."""
    spots: tuple[Spot, ...]
    """Where each state stands."""
    sizes: tuple[Size, ...]
    """How large it is."""

    def point(self, along: float, across: float) -> tuple[float, float]:
        """The point of the picture that is so far on."""
        x, y = (across, along) if self.down else (along, across)
        return x + MARGIN, y + TOP

    def extent(self) -> tuple[float, float]:
        """How wide and how high the graph is."""
        both = tuple(zip(self.spots, self.sizes, strict=True))
        along = max(spot.along + size.along for spot, size in both)
        across = max(spot.across + size.across for spot, size in both)
        return (across, along) if self.down else (along, across)


def graph_svg(graph: StateGraph) -> str:
    """The picture of a state graph."""
    sideways, down = _picture(graph, down=False), _picture(graph, down=True)
    picture = down if down.extent()[0] < sideways.extent()[0] else sideways
    wide, high = picture.extent()
    legend, legend_height = _legend(graph, max(wide, LEGEND), TOP + high + 2 * MARGIN)
    width, height = max(wide, LEGEND) + 2 * MARGIN, TOP + high + 2 * MARGIN + legend_height
    size = f'width="{width:.0f}" height="{height:.0f}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width:.0f} {height:.0f}">',
        _tip(graph.heading),
        f"<style>{STYLE}</style>",
        TIP,
        f'<rect {size} fill="#fff"/>',
        *_heading(graph),
        *_arrows(picture),
        *(line for node in graph.nodes for line in _state(picture, node)),
        *legend,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


@frozen
class _End:
    """Where an arrow leaves or reaches a state."""

    state: int
    """The state."""
    far: bool
    """Whether it is at the side that looks away from the start."""


def _picture(graph: StateGraph, *, down: bool) -> Picture:
    """Where everything stands, in one of the two directions."""
    ends = [end for arrow in graph.arrows for end in _ends(graph, arrow)]
    pitch = max((len(_numbers(arrow.labels)) for arrow in graph.arrows), default=0) * 5 + 8
    sizes: list[Size] = []
    for node in graph.nodes:
        lines = lines_of(node)
        wide, high = max(map(len, lines)) * LETTER + 2 * PAD, len(lines) * LINE + 2 * PAD
        ports = max(ends.count(_End(node.number, far)) for far in (False, True))
        if down:
            sizes.append(Size(high, max(wide, ports * max(PITCH, pitch))))
        else:
            sizes.append(Size(wide, max(high, ports * PITCH)))
    spots = spots_of(
        [node.depth for node in graph.nodes],
        sizes,
        [(arrow.source, arrow.target) for arrow in graph.arrows],
        between=64 if down else 64 + pitch,
    )
    return Picture(graph, down, spots, tuple(sizes))


def lines_of(node: Node) -> list[str]:
    """What is written into a state, line by line; the first line is its number."""
    lines = [f"{node.number}{' at rest' if node.rests else ''}"]
    texts = [line for text in node.lines for line in wrapped(text, LONGEST, 3)]
    more = len(texts) - MOST_LINES
    lines += texts if more <= 0 else [*texts[: MOST_LINES - 1], f"… {more + 1} more lines"]
    lines += [f"\u21bb {_numbers(node.loops)}"] if node.loops else []
    return lines + [line for name in node.broken for line in wrapped(f"\u2717 {name}", LONGEST, 2)]


def _ends(graph: StateGraph, arrow: Arrow) -> tuple[_End, _End]:
    """Where an arrow leaves and where it arrives."""
    before, after = graph.nodes[arrow.source].depth, graph.nodes[arrow.target].depth
    return _End(arrow.source, far=before <= after), _End(arrow.target, far=before >= after)


def _ports(picture: Picture) -> dict[tuple[int, int], float]:
    """How far on within its layer each end of each arrow is, by the numbers of the arrow and the end."""
    sides: dict[_End, list[tuple[float, int, int]]] = {}
    for number, arrow in enumerate(picture.graph.arrows):
        ends = _ends(picture.graph, arrow)
        for which, end in enumerate(ends):
            other = ends[1 - which].state
            centre = picture.spots[other].across + picture.sizes[other].across / 2
            sides.setdefault(end, []).append((centre, number, which))
    ports: dict[tuple[int, int], float] = {}
    for end, found in sides.items():
        room = picture.sizes[end.state].across / (len(found) + 1)
        for place, (_, number, which) in enumerate(sorted(found), start=1):
            ports[number, which] = picture.spots[end.state].across + place * room
    return ports


def _arrows(picture: Picture) -> Iterator[str]:
    """The arrows, those below others first."""
    ports = _ports(picture)
    for number, arrow in enumerate(picture.graph.arrows):
        yield from _arrow(picture, arrow, ports[number, 0], ports[number, 1])


def _arrow(picture: Picture, arrow: Arrow, leaves: float, arrives: float) -> Iterator[str]:
    """An arrow: a curve that leaves and reaches states at right angles, with its numbers."""
    graph = picture.graph
    source, target = _ends(graph, arrow)
    start, end = _side(picture, source), _side(picture, target)
    pull = max(26.0, abs(end - start) / 2) if source.far != target.far else 40.0
    points = (
        picture.point(start, leaves),
        picture.point(start + (pull if source.far else -pull), leaves),
        picture.point(end + (pull if target.far else -pull), arrives),
        picture.point(end, arrives),
    )
    kinds = ["step"]
    kinds += ["way"] if graph.nodes[arrow.target].parent == arrow.source else []
    kinds += [] if source.far and not target.far else ["back"]
    kinds += ["breaks"] if arrow.broken else []
    first, *rest = (f"{x:.1f} {y:.1f}" for x, y in points)
    x, y = points[0]
    place = (
        f'x="{x + 3:.1f}" y="{y + 11:.1f}"' if picture.down else f'x="{x + 4:.1f}" y="{y - 3:.1f}"'
    )
    if not source.far:
        place = f'x="{x - 4:.1f}" y="{y - 3:.1f}" text-anchor="end"'
    tip = _tip(
        f"from {arrow.source} to {arrow.target}",
        *(f"{each}: {graph.labels[each - 1]}" for each in arrow.labels),
        *(f"breaks: {name}" for name in arrow.broken),
    )
    yield f'<g class="{" ".join(kinds)}">{tip}'
    yield f'<path d="M{first}C{" ".join(rest)}" marker-end="url(#tip)"/>'
    yield f"<text {place}>{_numbers(arrow.labels)}</text></g>"


def _side(picture: Picture, end: _End) -> float:
    """How far on the side is at which an arrow leaves or arrives."""
    spot = picture.spots[end.state]
    return spot.along + (picture.sizes[end.state].along if end.far else 0.0)


def _state(picture: Picture, node: Node) -> Iterator[str]:
    """A state: its box, and what is written into it."""
    spot, size = picture.spots[node.number], picture.sizes[node.number]
    x, y = picture.point(spot.along, spot.across)
    wide, high = (size.across, size.along) if picture.down else (size.along, size.across)
    kinds = ["state", *(["first"] if node.number == 0 else [])]
    kinds += [*(["rest"] if node.rests else []), *(["broken"] if node.broken else [])]
    lines = lines_of(node)
    tip = _tip(f"state {node.number}", *node.lines, *(f"breaks: {each}" for each in node.broken))
    yield f'<g class="{" ".join(kinds)}">{tip}'
    yield f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="6"/>'
    if node.rests:
        yield (
            f'<rect x="{x + 3:.1f}" y="{y + 3:.1f}" width="{wide - 6:.1f}" '
            f'height="{high - 6:.1f}" rx="4"/>'
        )
    top = y + (high - len(lines) * LINE) / 2 + LINE - 3
    whys = len(lines) - sum(len(wrapped(f"\u2717 {name}", LONGEST, 2)) for name in node.broken)
    for place, line in enumerate(lines):
        kind = ' class="number"' if place == 0 else ' class="why"' if place >= whys else ""
        yield f'<text{kind} x="{x + PAD:.1f}" y="{top + place * LINE:.1f}">{_escaped(line)}</text>'
    yield "</g>"


def _heading(graph: StateGraph) -> Iterator[str]:
    """What stands above."""
    yield f'<text class="title" x="{MARGIN}" y="26">{_escaped(graph.heading)}</text>'
    for place, note in enumerate(NOTES):
        yield f'<text class="note" x="{MARGIN}" y="{44 + place * LINE}">{_escaped(note)}</text>'


def _legend(graph: StateGraph, wide: float, top: float) -> tuple[list[str], float]:
    """What the numbers say, in columns, and how high that is."""
    columns = max(1, int(wide // LEGEND))
    rows = -(-len(graph.labels) // columns)
    lines: list[str] = []
    for place, label in enumerate(graph.labels):
        x, y = MARGIN + place // rows * LEGEND, top + place % rows * (LINE + 2)
        rules = f", by {', '.join(label.rules) or 'no rule'}"
        room = max(COLUMN - len(rules) - len(f"{place + 1}  "), COLUMN // 2)
        text = f"{place + 1}  {wrapped(label.event, room, 1)[0]}{rules}"
        lines.append(f'<text x="{x}" y="{y:.1f}">{_tip(str(label))}{_escaped(text)}</text>')
    return lines, rows * (LINE + 2) + MARGIN


def _numbers(labels: tuple[int, ...]) -> str:
    """Some numbers; of many, the first ones."""
    return ", ".join(map(str, labels[:3])) + (", …" if len(labels) > 3 else "")  # noqa: PLR2004


def _tip(*lines: str) -> str:
    """What is shown of something that is pointed at."""
    text = "\n".join(map(_escaped, lines))
    return f"<title>{text}</title>"


def _escaped(text: str) -> str:
    return escape(one_line(text))
