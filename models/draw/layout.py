"""Where things stand in a drawing of lanes: columns from left to right, rows from top to bottom.

Choices:
- Each step has a row of its own, as time goes down: a message leaves its sender in one row and is taken in a lower one.
- Where there are many lanes, one that is born after another of its family has ended may stand in the same column.
- What is folded takes one row for all its steps. Lanes in which nothing is drawn are left out.
"""

from collections.abc import Iterable, Iterator

from attrs import frozen

from models.draw.folding import Fold, folds
from models.draw.lanes import Arrow, Diagram, Lane
from models.draw.text import cells

GLYPH = 7.25
"""How wide a character of a label is."""

GUTTER = 52.0
"""How wide the numbers of the steps are, left of the lanes."""

LEAST_GAP, MOST_GAP = 116.0, 168.0
"""How far columns are from each other."""

ROOM = 190.0
"""How much room there is for labels right of the last column."""

ROW = 36.0
"""How high the row of a step is."""

BORN = 28.0
"""How much higher it is if engines are created."""

MARK = 26.0
"""How much higher for each thing that shows after it."""

FEW = 8
"""How many lanes there are at most of which each has a column of its own."""


@frozen
class Row:
    """A step, or several that are folded."""

    first: int
    """The step, or the first of them; 0 for the start."""
    last: int
    """The last of them."""
    top: float
    """Where the row begins."""
    height: float
    """How high it is."""
    fold: Fold | None
    """The fold, if it is one."""

    @property
    def middle(self) -> float:
        """Where what happens in it stands."""
        return self.top + ROW / 2


@frozen
class Layout:
    """Where everything stands."""

    xs: dict[int, float]
    """Of each lane that is drawn, by its place, where it stands."""
    rows: tuple[Row, ...]
    """The rows, the start included."""
    row_of: dict[int, Row]
    """The row of each step; that of the fold where it is folded."""
    arrows: tuple[Arrow, ...]
    """The messages that are drawn."""
    left_out: tuple[Lane, ...]
    """The lanes that are not drawn."""
    width: float
    """How wide all this is."""
    bottom: float
    """Where the rows end; messages that are never taken end there."""


def layout_of(diagram: Diagram, top: float, *, fold: bool = True) -> Layout:
    """Where the things of a diagram stand.

    Args:
        diagram: the diagram.
        top: where the first row begins.
        fold: whether long runs are folded.
    """
    marked = [each.step for each in diagram.shown]
    found = folds(len(diagram.acts), marked) if fold else ()
    hidden = {step for each in found for step in range(each.first, each.last + 1)}
    acting = {each.lane for each in diagram.acts if each.step not in hidden}
    seen = [each for each in diagram.arrows if each.taken is None or each.taken not in hidden]
    used = acting | {each.source for each in seen if each.taken is not None or not hidden}
    drawn = sorted(used) if diagram.acts else list(range(len(diagram.lanes)))
    near = [each for each in diagram.arrows if {each.source, each.target} <= used]
    arrows = tuple(_apart(near, found))
    columns = _columns(diagram, arrows, drawn)
    gap = _gap(diagram, drawn)
    xs = {lane: GUTTER + gap * (column + 0.5) for lane, column in columns.items()}
    rows = _rows(diagram, top, found, drawn, marked)
    row_of = {step: row for row in rows for step in range(row.first, row.last + 1)}
    return Layout(
        xs,
        rows,
        row_of,
        arrows,
        tuple(lane for place, lane in enumerate(diagram.lanes) if place not in xs),
        max(xs.values(), default=0) + ROOM,
        rows[-1].top + rows[-1].height + ROW / 2,
    )


def _apart(arrows: Iterable[Arrow], found: tuple[Fold, ...]) -> Iterator[Arrow]:
    """The messages that are not within one fold; of several between the same rows and lanes, the first."""
    firsts = {step: fold.first for fold in found for step in range(fold.first, fold.last + 1)}
    seen = set[tuple[int, int, int, int | None]]()
    for each in arrows:
        sent = firsts.get(each.sent, each.sent)
        taken = None if each.taken is None else firsts.get(each.taken, each.taken)
        place = (each.source, each.target, sent, taken)
        folded = each.taken in firsts or each.sent in firsts
        if not folded or (sent != taken and place not in seen):
            yield each
        seen.add(place)


def _gap(diagram: Diagram, drawn: Iterable[int]) -> float:
    longest = max((cells(diagram.lanes[each].name) for each in drawn), default=0)
    return min(max(LEAST_GAP, longest * GLYPH + 26), MOST_GAP)


def _columns(diagram: Diagram, arrows: Iterable[Arrow], drawn: list[int]) -> dict[int, int]:
    """The column of each lane."""
    if len(drawn) <= FEW:
        return {lane: column for column, lane in enumerate(drawn)}
    lasts = dict.fromkeys(drawn, 0)
    for arrow in arrows:
        for lane in (arrow.source, arrow.target):
            lasts[lane] = max(lasts[lane], arrow.sent, arrow.taken or len(diagram.acts) + 1)
    taken: list[tuple[str, int]] = []
    columns: dict[int, int] = {}
    for lane in drawn:
        each = diagram.lanes[lane]
        last = lasts[lane] if each.end is not None else len(diagram.acts) + 1
        free = (
            column
            for column, (family, until) in enumerate(taken)
            if each.birth and family == each.family and until + 1 < each.birth
        )
        column = next(free, len(taken))
        taken[column : column + 1] = [(each.family, max(last, each.birth))]
        columns[lane] = column
    return columns


def _rows(
    diagram: Diagram, top: float, found: tuple[Fold, ...], drawn: list[int], marked: list[int]
) -> tuple[Row, ...]:
    births = {diagram.lanes[lane].birth for lane in drawn} - {0}
    starts = {each.first: each for each in found}
    rows, step = list[Row](), 0
    while step <= len(diagram.acts):
        fold = starts.get(step)
        last = step if fold is None else fold.last
        born = any(step <= birth <= last for birth in births)
        marks = sum(step <= each <= last for each in marked)
        height = (ROW if step else ROW / 2) + BORN * born + MARK * marks
        rows.append(Row(step, last, top, height, fold))
        top, step = top + height, last + 1
    return tuple(rows)
