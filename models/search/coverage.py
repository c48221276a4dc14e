"""Which rules a search has seen at work, and which of those that could have been it has not."""

from collections import Counter

from pyrsistent import pmap

from models.search.moves import Move
from models.search.result import Coverage
from spec.formalism.rule import RuleId
from spec.formalism.state import GlobalState
from spec.formalism.system import System


class Covered:
    """Counts how often each move was made, and with that how often each rule has fired."""

    def __init__(self, system: System, start: GlobalState) -> None:
        self._system = system
        self._families = {engine.family for engine in start.engines.values()}
        self._moves: dict[int, Move] = {}
        self._times: Counter[int] = Counter()

    def count(self, move: Move) -> None:
        """One more step of this kind."""
        self._times[move.serial] += 1
        if move.serial not in self._moves:
            self._moves[move.serial] = move
            self._families.update(engine.family for engine in move.spawned)

    def coverage(self) -> Coverage:
        """Which rules have fired how often, and which rules of the engines that were there never."""
        fired: Counter[RuleId] = Counter()
        for serial, times in self._times.items():
            for rule in self._moves[serial].record.fired:
                fired[rule] += times
        families = [self._system.families[name] for name in self._families]
        rules = {rule.id for family in families for rule in family.rules}
        return Coverage(pmap(fired), tuple(sorted(rules - set(fired))))
