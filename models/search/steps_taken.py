"""What a search that takes one state at a time counts: transitions, stutters, how often each thing was done."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from pyrsistent import pmap

from models.model import World
from models.search.actors import Deed
from models.search.packing import Locals
from models.search.result import Coverage
from models.search.tables import Tables
from spec.formalism.rule import RuleId

Met = Iterable[Mapping[int, Locals]]
"""The moves that were met, column by column."""


class StepsTaken:
    """Counts of steps: what an actor does is counted once for all, by its configuration.

    Attributes:
        transitions: how many steps change the state.
    """

    def __init__(self, world: World, tables: Tables) -> None:
        self._system = world.system
        self._families = {engine.family for engine in world.state.engines.values()}
        self._tables = tables
        self._blocked: Counter[int] = Counter()
        self._impossible = 0
        self.transitions = 0

    def block(self, deed: Deed, *, refused: bool) -> None:
        """Count a step that is refused, or else none."""
        self._blocked[deed.serial] += 1
        self._impossible += not refused

    def stutters(self, met: Met) -> int:
        """How many steps change nothing."""
        steps = sum(each.visits[0] * len(each.deeds) for each in _all(met))
        return steps - self._impossible - self.transitions

    def coverage(self, met: Met) -> Coverage:
        """Which rules have fired how often, and which rules of the engines that were there never."""
        times: Counter[int] = Counter()
        for each in _all(met):
            for deed in each.deeds:
                times[deed.serial] += each.visits[0]
        fired: Counter[RuleId] = Counter()
        families = set(self._families)
        for serial, at_most in times.items():
            deed, done = self._tables.actors.deeds[serial], at_most - self._blocked[serial]
            if done:
                columns = (self._tables.actors.column(each) for each in deed.record.spawned)
                families |= {name for each in columns if (name := self._tables.family(each))}
                for rule in deed.record.fired:
                    fired[rule] += done
        rules = {rule.id for name in families for rule in self._system.families[name].rules}
        return Coverage(pmap(fired), tuple(sorted(rules - set(fired))))


def _all(met: Met) -> Iterator[Locals]:
    """All moves that were met."""
    return (each for column in met for each in column.values())
