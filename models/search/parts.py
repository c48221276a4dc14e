"""Which parts of states the statements about states look at, so that each distinct part is judged once."""

from models.model import World
from models.search.actors import Column
from models.search.judge import ALL_ALONG, is_judged
from models.search.packing import FIELD, SUM, Packed
from models.search.tables import Tables
from properties.property import StateProperty


class Parts:
    """The parts of states that were judged, for the statements that are about some families only."""

    def __init__(self, world: World, tables: Tables) -> None:
        self._tables = tables
        judged = [each for each in world.properties if is_judged(world, each)]
        about = [
            each.families
            for each in judged
            if isinstance(each, StateProperty) and each.kind in ALL_ALONG
        ]
        self._everything = None in about
        self._families = sorted({each for each in about if each is not None}, key=sorted)
        self._masks = [0] * len(self._families)
        self._seen: list[set[int]] = [set() for _ in self._families]
        self._unknown: dict[Column, int] = {}
        self._columns = 0

    def new(self, packed: Packed) -> bool:
        """Whether a state that was not met before has a part that was not met before, and note it."""
        if self._everything:
            return True
        if not self._families:
            return False
        new = False
        for mask, seen in zip(self._masks, self._seen, strict=True):
            part = packed & mask
            if part not in seen:
                seen.add(part)
                new = True
        return new

    def widen(self) -> None:
        """Take in the columns whose families are known by now: to be called where configurations were met."""
        configurations = self._tables.actors.configurations
        for column in range(self._columns, len(configurations)):
            if self._tables.actors.names[column] is not None:
                self._unknown[column] = 0
        self._columns = len(configurations)
        for column, size in tuple(self._unknown.items()):
            if len(configurations[column]) > size:
                self._unknown[column] = len(configurations[column])
                self._take(column)

    def _take(self, column: Column) -> None:
        """Take in a column, if the family of its engine is known."""
        family = self._tables.family(column)
        if family is not None:
            del self._unknown[column]
            for place, families in enumerate(self._families):
                if family in families:
                    self._masks[place] |= ((1 << FIELD) - 1) << (SUM + FIELD * column)
