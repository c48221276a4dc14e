"""The states at rest that a search has met, told when somebody asks for them."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import overload

from models.search.actors import Actors
from models.search.vectorised import Rows, shortened
from spec.formalism.state import GlobalState


class Resting(Sequence[GlobalState]):
    """States at rest, kept as rows."""

    def __init__(self, actors: Actors) -> None:
        self._actors = actors
        self._blocks: list[Rows] = []
        self._ends: list[int] = []

    def add(self, rows: Rows) -> None:
        """Keep some more."""
        if len(rows):
            self._blocks.append(shortened(rows))
            self._ends.append(len(self) + len(rows))

    def rows(self) -> tuple[Rows, ...]:
        """The rows, block by block."""
        return tuple(self._blocks)

    def __len__(self) -> int:
        """How many there are."""
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, place: int) -> GlobalState: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[GlobalState, ...]: ...

    def __getitem__(self, place: int | slice) -> GlobalState | tuple[GlobalState, ...]:
        """One of them, or some."""
        if isinstance(place, slice):
            return tuple(self[each] for each in range(*place.indices(len(self))))
        number = range(len(self))[place]
        block = bisect_right(self._ends, number)
        row = self._blocks[block][number - self._ends[block]]
        return self._actors.decode(tuple(row.tolist()))
