"""Engine families: rules with the solver that says in which order those that apply take effect."""

from collections.abc import Callable
from typing import NewType

from attrs import evolve, frozen

from spec.formalism.errors import UnknownRuleError
from spec.formalism.rule import AnyRule, RuleId

FamilyName = NewType("FamilyName", str)
"""The name of an engine family."""

ConflictSolver = Callable[[frozenset[RuleId]], tuple[frozenset[RuleId], ...]]
"""From the labels of the guards that fired to the sets in which their actions run, in order.

The sets are pairwise disjoint and their union is the input, or there are none: resolution failed.
A set that it answers is answered by itself alone. Actions inside one set commute.
"""


@frozen
class EngineFamily:
    """All engines that behave alike: S4's engine type."""

    name: FamilyName
    """Its name, which engines and spawns refer to."""
    rules: tuple[AnyRule, ...]
    """What its engines do; actions inside one set run in this order."""
    solve: ConflictSolver
    """In which order rules that apply together take effect."""

    def replacing(self, rule: AnyRule) -> "EngineFamily":
        """The same family with another version of the rule of the same id.

        Raises:
            UnknownRuleError: the family has no rule of that id.
        """
        if all(old.id != rule.id for old in self.rules):
            raise UnknownRuleError(f"{self.name}: no rule {rule.id!r}")
        return evolve(self, rules=tuple(rule if old.id == rule.id else old for old in self.rules))


def phases(*ordered: frozenset[RuleId]) -> ConflictSolver:
    """The solver that runs these disjoint sets of rules one after the other.

    Resolution fails for a rule that stands in none of them.
    """

    def solve(fired: frozenset[RuleId]) -> tuple[frozenset[RuleId], ...]:
        sets = tuple(fired & phase for phase in ordered if fired & phase)
        return sets if frozenset[RuleId]().union(*sets) == fired else ()

    return solve


def one_at_a_time(fired: frozenset[RuleId]) -> tuple[frozenset[RuleId], ...]:
    """The solver of families whose guards exclude each other: more than one refuses the step."""
    return (fired,) if len(fired) == 1 else ()
