"""One state of each orbit, for many states at a time.

Those that are interchangeable are put in the order of their colours, by exchanges of neighbours. Where neighbours
of one colour change places and the state stays what it is, it does not matter who comes first. Where it does
matter, colours are refined; where that does not help, each of those of a colour is singled out in turn, and the
least of the states that this leads to is taken. So two states have the same representative exactly if exchanges
make one of the other, and the ways that leave a state what it is are counted on the way.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from models.search.actors import Column
from models.search.symmetry.colours import Colours, Painter, singled_out
from models.search.symmetry.group import Exchange
from models.search.symmetry.images import Images
from models.search.vectorised import Rows, widened

Arrangements = npt.NDArray[np.integer[Any]]
"""Of each state, and each point, whose place the one who stands there had before."""


@frozen(eq=False)
class Settled:
    """Representatives of states."""

    rows: Rows
    """Of each state, its representative."""
    colours: Colours
    """Of each, the colours of its points, in order."""
    arrangements: Arrangements
    """Of each, how it came about."""
    stabilisers: npt.NDArray[np.int64]
    """Of each, how many ways to change places leave it what it is."""

    def chosen(self, places: Any) -> "Settled":
        """Some of them."""
        return Settled(
            self.rows[places],
            self.colours[places],
            self.arrangements[places],
            self.stabilisers[places],
        )

    def put(self, places: Any, others: "Settled") -> None:
        """Have others at some places."""
        self.rows[places] = others.rows
        self.colours[places] = others.colours
        self.arrangements[places] = others.arrangements
        self.stabilisers[places] = others.stabilisers


class Canonical:
    """Finds the representatives of states, in view of some of their columns or of all."""

    def __init__(self, images: Images, painter: Painter) -> None:
        self._images = images
        self._group = images.group
        self._actors = images.actors
        self._painter = painter

    def states(self, rows: Rows) -> Settled:
        """The representatives of states; what is remembered changes along, but has no say."""
        return self._representatives(rows, memory=False)

    def pairs(self, rows: Rows) -> Settled:
        """The representatives of states together with what is remembered there."""
        return self._representatives(rows, memory=True)

    def _representatives(self, rows: Rows, *, memory: bool) -> Settled:
        self._meet_all_columns()
        width = len(self._actors.configurations)
        columns = [each for each in range(width) if memory or each != self._actors.memory_column]
        start = Settled(
            widened(rows, width).astype(np.int32),
            np.zeros((len(rows), len(self._group.members)), dtype=np.uint64),
            np.tile(np.array(self._group.identity, dtype=np.int16), (len(rows), 1)),
            np.ones(len(rows), dtype=np.int64),
        )
        painted = evolve(start, colours=self._painter.colours(start.rows, columns))
        return self._settled(painted, columns)

    def _meet_all_columns(self) -> None:
        """Let there be a column for whomever the owner of one may become."""
        met = 0
        while met < len(self._actors.configurations):
            for exchange in self._group.exchanges:
                self._images.column(exchange, met)
            met += 1

    def _settled(self, states: Settled, columns: list[Column]) -> Settled:
        """The representatives of states whose points have these colours."""
        self._sort(states)
        loose = self._loose(states, columns)
        states.stabilisers[:] = _stabilisers(states.colours, self._group.kinds)
        open_ = np.flatnonzero(loose.any(axis=1))
        if open_.size:
            part = states.chosen(open_)
            finer = self._painter.refined(part.rows, columns, part.colours)
            helps = _distinct(finer) > _distinct(part.colours)
            refined = evolve(part, colours=finer).chosen(helps)
            if helps.any():
                states.put(open_[helps], self._settled(refined, columns))
            if not helps.all():
                stuck = part.chosen(~helps)
                branched = self._branched(stuck, loose[open_][~helps], columns)
                states.put(open_[~helps], branched)
        return states

    def _sort(self, states: Settled) -> None:
        """Put points in the order of their colours, each group for itself."""
        for last in range(len(self._group.members) - 1, 0, -1):
            for exchange in self._group.exchanges:
                if exchange.left < last:
                    pair = [exchange.left, exchange.left + 1]
                    left, right = states.colours[:, pair].T
                    places = np.flatnonzero(left > right)
                    if places.size:
                        self._exchange(states, exchange, places)

    def _exchange(self, states: Settled, exchange: Exchange, places: Any) -> None:
        states.rows[places] = self._images.rows(exchange, states.rows[places])
        left, right = exchange.left, exchange.left + 1
        for array in (states.colours, states.arrangements):
            array[places, left], array[places, right] = (
                array[places, right],
                array[places, left],
            )

    def _loose(self, states: Settled, columns: list[Column]) -> npt.NDArray[np.bool_]:
        """Of each state and point, whether it has its neighbour's colour and it matters who is first."""
        loose = np.zeros(states.colours.shape, dtype=np.bool_)
        for exchange in self._group.exchanges:
            left = exchange.left
            places = np.flatnonzero(states.colours[:, left] == states.colours[:, left + 1])
            if places.size:
                fixed = self._images.fixed(exchange, states.rows[places], columns)
                loose[places, left] = ~fixed
        return loose

    def _branched(
        self, states: Settled, loose: npt.NDArray[np.bool_], columns: list[Column]
    ) -> Settled:
        """The least of what singling out each of the first colour that is loose leads to."""
        cells = _cells(states.colours, self._group.kinds)
        first = cells[np.arange(len(cells)), loose.argmax(axis=1)]
        origins, points = np.nonzero(cells == first[:, np.newaxis])
        branches = states.chosen(origins)
        branches = evolve(branches, colours=singled_out(branches.colours, points))
        leaves = self._settled(branches, columns)
        keys = (*leaves.colours.T[::-1], *leaves.rows.T[columns[::-1]], origins)
        order = np.lexsort(keys)
        owners = origins[order]
        best = order[np.concatenate(([True], owners[1:] != owners[:-1]))]
        # Leaves of other colours are no images of the least one, even where the states are the same.
        rows, colours = leaves.rows[:, columns], leaves.colours
        equal = (rows == rows[best][origins]).all(axis=1)
        equal &= (colours == colours[best][origins]).all(axis=1)
        result = leaves.chosen(best)
        ways = result.stabilisers * np.bincount(origins[equal])
        return evolve(result, stabilisers=ways)


def _cells(colours: Colours, kinds: tuple[int, ...]) -> npt.NDArray[np.int64]:
    """Of each state whose points are in order, and each point, which of its colours it has."""
    other = np.diff(np.array(kinds)) != 0
    starts = (colours[:, 1:] != colours[:, :-1]) | other
    first = np.zeros((len(colours), 1), dtype=np.int64)
    cells: npt.NDArray[np.int64] = np.concatenate((first, np.cumsum(starts, axis=1)), axis=1)
    return cells


def _distinct(colours: Colours) -> npt.NDArray[np.int64]:
    """Of each state, how many colours its points have."""
    ordered = np.sort(colours, axis=1)
    distinct: npt.NDArray[np.int64] = 1 + (ordered[:, 1:] != ordered[:, :-1]).sum(axis=1)
    return distinct


def _stabilisers(colours: Colours, kinds: tuple[int, ...]) -> npt.NDArray[np.int64]:
    """Of each state whose points are in order, how many ways put only points of one colour elsewhere."""
    cells = _cells(colours, kinds)
    run = np.ones(len(colours), dtype=np.int64)
    product = np.ones(len(colours), dtype=np.int64)
    for point in range(1, colours.shape[1]):
        run = np.where(cells[:, point] == cells[:, point - 1], run + 1, 1)
        product *= run
    return product
