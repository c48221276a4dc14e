"""The group that a world declares: all ways in which what is interchangeable may change places.

Those that may change places are counted through all groups that are declared: a point is the place of one.
Every way is a number of exchanges of neighbours, one after the other.
"""

from functools import lru_cache
from math import factorial, prod
from typing import Any

from attrs import frozen

from models.model import Interchangeable
from models.search.symmetry.renaming import Renaming
from spec.formalism.identity import EngineId

Point = int
"""The place of a thing among all that are interchangeable with others."""

Arrangement = tuple[Point, ...]
"""Who stands where: at each point, the point whose thing stands there now."""

_REMEMBERED = 1 << 10
"""How many renamings are kept."""


class SymmetryError(Exception):
    """What a world declares to be interchangeable is not."""


@frozen
class Exchange:
    """One way to change places: two neighbours do, or a whole group does in a ring."""

    number: int
    """Its number among those that are worked with."""
    left: Point
    """The first point whose thing goes elsewhere; two neighbours change places with the next one."""
    arrangement: Arrangement
    """Who stands where afterwards."""
    renaming: Renaming
    """What that makes of values."""
    names: str
    """Whoever changes places, for people."""


class Group:
    """All ways to change places.

    Attributes:
        members: at each point, the ids that change places together.
        kinds: at each point, which of the declared groups it is in.
        exchanges: the exchanges of neighbours.
        generators: as few exchanges as lead to all ways: of each group, one of neighbours and a ring.
        identity: nobody changes places.
        order: how many ways there are.
    """

    def __init__(self, declared: tuple[Interchangeable, ...]) -> None:
        """Take what is declared.

        Raises:
            SymmetryError: it makes no sense.
        """
        _refuse_nonsense(declared)
        groups = [each.members for each in declared if len(each.members) > 1]
        self.members = tuple(member for group in groups for member in group)
        self.kinds = tuple(kind for kind, group in enumerate(groups) for _ in group)
        self.identity: Arrangement = tuple(range(len(self.members)))
        self.order = prod(factorial(len(group)) for group in groups)
        self._renaming = lru_cache(maxsize=_REMEMBERED)(self._new_renaming)
        starts = [self.kinds.index(kind) for kind in range(len(groups))]
        self.exchanges = tuple(
            self._ring(left, left + 2)
            for left in self.identity[:-1]
            if self.kinds[left] == self.kinds[left + 1]
        )
        self.generators = (
            *(each for each in self.exchanges if each.left in starts),
            *(
                self._ring(start, start + len(group))
                for start, group in zip(starts, groups, strict=True)
                if len(group) > 2  # noqa: PLR2004  # a ring of two is an exchange
            ),
        )

    def renaming(self, arrangement: Arrangement) -> Renaming:
        """What an arrangement makes of values: whoever stands at a point is called as its owner was."""
        return self._renaming(arrangement)

    @staticmethod
    def then(arrangement: Arrangement, exchange: Exchange) -> Arrangement:
        """The arrangement after one more exchange."""
        return tuple(arrangement[point] for point in exchange.arrangement)

    def _ring(self, start: Point, end: Point) -> Exchange:
        """The things from one point up to another go to the next point, and the last to the first."""
        before, (*those, last), after = (
            self.identity[:start],
            self.identity[start:end],
            self.identity[end:],
        )
        arrangement = (*before, last, *those, *after)
        names = _listed([" with ".join(map(str, each)) for each in self.members[start:end]])
        # Rings of two are the exchanges of neighbours: they stand before all others.
        number = start if end - start == 2 else len(self.members) + start  # noqa: PLR2004
        return Exchange(number, start, arrangement, self._renaming(arrangement), names)

    def _new_renaming(self, arrangement: Arrangement) -> Renaming:
        names: dict[Any, Any] = {}
        for point, owner in enumerate(arrangement):
            names |= dict(zip(self.members[owner], self.members[point], strict=True))
        return Renaming(names)


def _listed(names: list[str]) -> str:
    """Two names or more as people list them."""
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _refuse_nonsense(declared: tuple[Interchangeable, ...]) -> None:
    """Raise where a declaration cannot be meant."""
    names = [name for group in declared for member in group.members for name in member]
    for name in names:
        if not isinstance(name, EngineId | str):
            raise SymmetryError(f"{name!r} is no id: engines and words may be interchangeable")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise SymmetryError(f"{twice} stands twice among what is interchangeable")
    for group in declared:
        if len({tuple(map(type, member)) for member in group.members}) > 1:
            raise SymmetryError("what is interchangeable has as many ids each, of the same kinds")
