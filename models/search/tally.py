"""What a vectorised search counts: transitions, stutters, and how often each thing was done."""

from collections import Counter

import numpy as np
from pyrsistent import pmap

from models.model import World
from models.search.fingerprints import Places
from models.search.result import Coverage
from models.search.tables import Tables
from models.search.vectorised import Level, Steps
from spec.formalism.rule import RuleId


class Counts:
    """Counts over the graph of states alone: what monitors remember changes no count.

    Attributes:
        transitions: how many steps change the state.
        stutters: how many steps change nothing.
        times: by its number, how often each deed was done; of the last ones none if they are left out.
    """

    def __init__(self) -> None:
        self.transitions = 0
        self.stutters = 0
        self.times = np.zeros(0, dtype=np.int64)

    def count(self, level: Level, steps: Steps) -> None:
        """Count some steps, those from states that were met for the first time."""
        counted = (
            steps.possible if level.firsts.all() else (steps.possible & level.firsts[steps.parents])
        )
        changes = int(np.count_nonzero(counted & steps.changes))
        self.transitions += changes
        self.stutters += int(np.count_nonzero(counted)) - changes
        self._add(np.bincount(steps.deeds[counted & ~steps.refused]))

    def add(self, others: "Counts") -> None:
        """Count what others have counted."""
        self.transitions += others.transitions
        self.stutters += others.stutters
        self._add(others.times)

    def _add(self, times: Places) -> None:
        less, more = sorted((self.times, times), key=len)
        self.times = more.copy()
        self.times[: less.size] += less


class Tally(Counts):
    """The counts of a search, and what they say of the rules."""

    def __init__(self, world: World, tables: Tables) -> None:
        super().__init__()
        self._system = world.system
        self._families = {engine.family for engine in world.state.engines.values()}
        self._tables = tables

    def coverage(self) -> Coverage:
        """Which rules have fired how often, and which rules of the engines that were there never."""
        fired: Counter[RuleId] = Counter()
        families = set(self._families)
        for deed, times in zip(self._tables.actors.deeds, self.times.tolist(), strict=False):
            if times:
                columns = (self._tables.actors.column(each) for each in deed.record.spawned)
                families |= {name for each in columns if (name := self._tables.family(each))}
                for rule in deed.record.fired:
                    fired[rule] += times
        rules = {rule.id for name in families for rule in self._system.families[name].rules}
        return Coverage(pmap(fired), tuple(sorted(rules - set(fired))))
