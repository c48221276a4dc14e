"""Orbits: all that one thing may become when those that are interchangeable change places."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np
from attrs import frozen

from models.search.actors import Column
from models.search.fingerprints import Fingerprints, FingerprintSet, Places
from models.search.symmetry.group import Arrangement, Exchange, Group
from models.search.symmetry.images import Images
from models.search.tables import Tables
from models.search.vectorised import Rows, widened

T = TypeVar("T")


def orbit(group: Group, start: T, image: Callable[[Exchange, T], T]) -> dict[T, Arrangement]:
    """All that something may become, each with a way to it; what it is comes first."""
    known = {start: group.identity}
    waiting = [start]
    for thing in waiting:
        for exchange in group.generators:
            reached = image(exchange, thing)
            if reached not in known:
                known[reached] = group.then(known[thing], exchange)
                waiting.append(reached)
    return known


@frozen(eq=False)
class Members:
    """Some members of the orbits of some states, or of parts of them."""

    rows: Rows
    """The members."""
    origins: Places
    """Of each, which of the states it is in the orbit of."""
    arrangements: Rows
    """Of each, a way from that state to it."""

    def chosen(self, places: Places) -> "Members":
        """Some of them."""
        return Members(self.rows[places], self.origins[places], self.arrangements[places])


class RowOrbits:
    """The orbits of states or of parts of them, as arrays; what was met before is left out."""

    def __init__(self, tables: Tables, images: Images) -> None:
        self._tables = tables
        self._images = images
        self._known = FingerprintSet()

    def members(self, rows: Rows) -> Iterator[Members]:
        """The members of the orbits of some states that were not met before, state by state at first."""
        identity = np.array(self._images.group.identity, dtype=np.int16)
        found = Members(rows, np.arange(len(rows)), np.tile(identity, (len(rows), 1)))
        found = found.chosen(self._known.add(self._sums(found.rows)))
        while len(found.rows):
            yield found
            reached = [self._image(each, found) for each in self._images.group.generators]
            if not reached:
                return
            columns = len(self._images.actors.configurations)
            together = Members(
                np.concatenate([widened(each.rows, columns) for each in reached]),
                np.concatenate([each.origins for each in reached]),
                np.concatenate([each.arrangements for each in reached]),
            )
            found = together.chosen(self._known.add(self._sums(together.rows)))

    def _image(self, exchange: Exchange, members: Members) -> Members:
        arrangements = members.arrangements[:, list(exchange.arrangement)]
        return Members(self._images.rows(exchange, members.rows), members.origins, arrangements)

    def _sums(self, rows: Rows) -> Fingerprints:
        return sums_of(self._tables, rows, list(range(rows.shape[1])))


def sums_of(tables: Tables, rows: Rows, columns: list[Column]) -> Fingerprints:
    """The sums that stand for some columns of states."""
    sums = np.ones(len(rows), dtype=np.uint64)
    for column in columns:
        sums += tables.hashes(column)[rows[:, column]]
    return sums
