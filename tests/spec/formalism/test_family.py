"""Conflict solvers keep the laws; a family replaces a rule in its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec.formalism.clauses import Absorb
from spec.formalism.errors import UnknownRuleError
from spec.formalism.family import EngineFamily, FamilyName, one_at_a_time, phases
from spec.formalism.rule import AnyRule, RuleId

A, B, C, D = (RuleId(f"test.{letter}") for letter in "abcd")


def ids(*members: RuleId) -> frozenset[RuleId]:
    return frozenset(members)


def named(name: RuleId) -> AnyRule:
    return type("Named", (Absorb,), {"id": name})


@pytest.mark.parametrize(
    ("fired", "solved"),
    [
        (ids(A, B, C), (ids(B), ids(A, C))),
        (ids(C, A), (ids(A, C),)),
        (ids(B), (ids(B),)),
        (ids(), ()),
        (ids(A, D), ()),
    ],
)
def test_phases_run_in_the_order_given_and_fail_for_a_stranger(
    fired: frozenset[RuleId], solved: tuple[frozenset[RuleId], ...]
) -> None:
    assert phases(ids(B), ids(A, C))(fired) == solved


def test_one_at_a_time_fails_for_two() -> None:
    assert one_at_a_time(ids(A)) == (ids(A),)
    assert one_at_a_time(ids(A, B)) == ()
    assert one_at_a_time(ids()) == ()


RULES = [RuleId(f"test.{number}") for number in range(6)]


@given(st.lists(st.integers(0, 3), min_size=6, max_size=6), st.frozensets(st.sampled_from(RULES)))
def test_phases_keep_the_laws_of_a_solver(places: list[int], fired: frozenset[RuleId]) -> None:
    """Disjoint sets whose union is the input, or none; and each alone is answered by itself.

    Rules in the last place stand in no phase.
    """
    pairs = list(zip(RULES, places, strict=True))
    ordered = [frozenset(rule for rule, at in pairs if at == place) for place in range(3)]
    solve = phases(*ordered)
    answer = solve(fired)
    assert (answer == ()) == (fired == frozenset() or not fired <= frozenset().union(*ordered))
    if answer:
        assert frozenset().union(*answer) == fired
        assert sum(len(members) for members in answer) == len(fired)
        assert [solve(members) for members in answer] == [(members,) for members in answer]


def test_a_rule_is_replaced_in_its_place() -> None:
    first, second, wrong = named(A), named(B), named(A)
    family = EngineFamily(FamilyName("test"), (first, second), one_at_a_time)
    assert family.replacing(wrong) == EngineFamily(
        FamilyName("test"), (wrong, second), one_at_a_time
    )


def test_a_rule_that_the_family_does_not_have_cannot_be_replaced() -> None:
    family = EngineFamily(FamilyName("test"), (named(A),), one_at_a_time)
    with pytest.raises(UnknownRuleError, match=f"^test: no rule '{B}'$"):
        family.replacing(named(B))
