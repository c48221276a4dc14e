"""What a vectorised search counts: transitions, stutters, and how often each thing was done."""

from collections import Counter

import numpy as np
from pyrsistent import pmap

from models.model import World
from models.search.result import Coverage
from models.search.tables import Tables
from models.search.vectorised import Level, Steps
from spec.formalism.rule import RuleId


class Tally:
    """Counts over the graph of states alone: what monitors remember changes no count.

    Attributes:
        transitions: how many steps change the state.
        stutters: how many steps change nothing.
    """

    def __init__(self, world: World, tables: Tables) -> None:
        self._system = world.system
        self._families = {engine.family for engine in world.state.engines.values()}
        self._tables = tables
        self._times = np.zeros(0, dtype=np.int64)
        self.transitions = 0
        self.stutters = 0

    def count(self, level: Level, steps: Steps) -> None:
        """Count some steps, those from states that were met for the first time."""
        counted = (
            steps.possible if level.firsts.all() else (steps.possible & level.firsts[steps.parents])
        )
        changes = int(np.count_nonzero(counted & steps.changes))
        self.transitions += changes
        self.stutters += int(np.count_nonzero(counted)) - changes
        times = np.bincount(
            steps.deeds[counted & ~steps.refused], minlength=len(self._tables.actors.deeds)
        )
        times[: self._times.size] += self._times
        self._times = times

    def coverage(self) -> Coverage:
        """Which rules have fired how often, and which rules of the engines that were there never."""
        fired: Counter[RuleId] = Counter()
        families = set(self._families)
        for deed, times in zip(self._tables.actors.deeds, self._times.tolist(), strict=False):
            if times:
                columns = (self._tables.actors.column(each) for each in deed.record.spawned)
                families |= {name for each in columns if (name := self._tables.family(each))}
                for rule in deed.record.fired:
                    fired[rule] += times
        rules = {rule.id for name in families for rule in self._system.families[name].rules}
        return Coverage(pmap(fired), tuple(sorted(rules - set(fired))))
