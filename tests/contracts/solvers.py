"""Contracts on conflict solvers: in which order rules that apply together take effect."""

from spec.formalism import family
from spec.formalism.family import ConflictSolver, one_at_a_time, phases
from spec.formalism.rule import RuleId
from tests.contracts.contract import Contract

Rules = frozenset[RuleId]
"""Rules, by their ids."""

Case = tuple[bool, int]
"""Whether a rule fired, and the set in which it stands: 1 or 2, or none for 0."""

NAMES = (RuleId("a"), RuleId("b"), RuleId("c"), RuleId("d"))
"""The ids of rules: solvers look at nothing but whether they are the same."""


def sets_of(*cases: Case) -> tuple[Rules, Rules, Rules]:
    """The two sets, and the rules that fired."""
    named = tuple(zip(NAMES, cases, strict=False))
    first = frozenset(name for name, (_, place) in named if place == 1)
    second = frozenset(name for name, (_, place) in named if place == 2)
    return first, second, frozenset(name for name, (fired, _) in named if fired)


def the_sets_of_a_solver_are_a_partition_of_what_fired(a: Case, b: Case, c: Case) -> None:
    """They are not empty, are disjoint, and are all that fired; or there are none."""
    assert all(0 <= place <= 2 for _, place in (a, b, c))
    first, second, fired = sets_of(a, b, c)
    sets = phases(first, second)(fired)
    assert all(sets)
    assert not sets or frozenset[RuleId]().union(*sets) == fired
    assert sum(len(each) for each in sets) == len(frozenset[RuleId]().union(*sets))


def phases_of_what_is_known(*ordered: Rules) -> ConflictSolver:
    """A wrong version: a rule that stands in none of the sets is left out without a word."""
    return lambda fired: tuple(fired & phase for phase in ordered if fired & phase)


def a_solver_fails_only_for_rules_that_it_does_not_know(a: Case, b: Case, c: Case) -> None:
    """It has no answer exactly where nothing, or something unknown, fired."""
    assert all(0 <= place <= 2 for _, place in (a, b, c))
    first, second, fired = sets_of(a, b, c)
    unknown = not fired <= first | second
    assert (phases(first, second)(fired) == ()) == (unknown or not fired)


def a_solver_answers_each_of_its_sets_by_itself(a: Case, b: Case, c: Case) -> None:
    """A set that it answers is answered by itself alone."""
    assert all(0 <= place <= 2 for _, place in (a, b, c))
    first, second, fired = sets_of(a, b, c)
    solve = phases(first, second)
    for each in solve(fired):
        assert solve(each) == (each,)


def phases_all_or_none(*ordered: Rules) -> ConflictSolver:
    """A wrong version: it answers only what fills all of its sets."""

    def solve(fired: Rules) -> tuple[Rules, ...]:
        return ordered if frozenset[RuleId]().union(*ordered) == fired else ()

    return solve


def an_earlier_set_comes_first(a: Case, b: Case, c: Case) -> None:
    """What stands in the first set runs before what stands in the second."""
    assert all(0 <= place <= 2 for _, place in (a, b, c))
    first, second, fired = sets_of(a, b, c)
    sets = phases(first, second)(fired)
    for place, each in enumerate(sets):
        assert each <= first or each <= second
        assert place == 0 or each <= second


def phases_backwards(*ordered: Rules) -> ConflictSolver:
    """A wrong version: the last set runs first."""
    return family.phases(*reversed(ordered))


def rules_that_exclude_each_other_run_alone(a: Case, b: Case, c: Case, d: Case) -> None:
    """One rule is answered by itself, any other number by nothing."""
    assert all(place == 0 for _, place in (a, b, c, d))
    _, _, fired = sets_of(a, b, c, d)
    assert one_at_a_time(fired) == ((fired,) if len(fired) == 1 else ())


def all_at_once(fired: Rules) -> tuple[Rules, ...]:
    """A wrong version: two rules run together."""
    return (fired,) if fired else ()


CONTRACTS = (
    Contract(
        the_sets_of_a_solver_are_a_partition_of_what_fired,
        "phases",
        phases_of_what_is_known,
        "3 rules in 2 sets, or in none",
    ),
    Contract(
        a_solver_fails_only_for_rules_that_it_does_not_know,
        "phases",
        phases_of_what_is_known,
        "3 rules in 2 sets, or in none",
    ),
    Contract(
        a_solver_answers_each_of_its_sets_by_itself,
        "phases",
        phases_all_or_none,
        "3 rules in 2 sets, or in none",
    ),
    Contract(
        an_earlier_set_comes_first,
        "phases",
        phases_backwards,
        "3 rules in 2 sets, or in none",
    ),
    Contract(
        rules_that_exclude_each_other_run_alone,
        "one_at_a_time",
        all_at_once,
        "4 rules",
        short=True,
    ),
)
"""The contracts of this module."""
