"""Contracts on Nock: axes, edits, prices, and what opcodes do with atoms."""

from spec.anoma import nock as interpreter
from spec.anoma import noun as nouns
from spec.anoma.nock import (
    Crash,
    Outcome,
    OutOfGas,
    Produced,
    Scry,
    edit_cost,
    no_scry,
    nock,
    way_cost,
)
from spec.anoma.noun import Noun, compare, edit, read_noun, slash
from tests.contracts.contract import Contract

INCREMENT = (4, (0, 1))
"""The formula that adds one."""

EQUAL = (5, ((0, 2), (0, 3)))
"""The formula that compares head and tail."""

BRANCH = (6, ((0, 2), ((0, 6), (0, 7))))
"""The formula that picks one of two by a third."""

FORMULAS = tuple(
    map(
        read_noun,
        (
            "[0 6]",
            "[0 5]",
            "[1 7]",
            "[2 [0 6] 0 2]",
            "[3 0 6]",
            "[4 0 6]",
            "[4 0 2]",
            "[5 [0 6] 0 7]",
            "[6 [0 7] [0 6] 0 2]",
            "[6 [0 6] [0 7] 0 2]",
            "[7 [0 3] 0 2]",
            "[8 [0 6] 4 0 2]",
            "[9 2 0 1]",
            "[10 [6 0 7] 0 1]",
            "[10 [12 0 7] 0 1]",
            "[11 1 0 6]",
            "[11 [1 4 0 2] 0 6]",
            "[12 [0 6] [0 7] 0 1]",
            "[13 0]",
            "[[0 6] 4 0 6]",
        ),
    )
)
"""Formulas of every opcode, some of which crash on some subjects."""


def an_edit_is_found_where_it_was_made(axis: int, new: int, a: int, b: int, c: int) -> None:
    """And there is one exactly where there was a noun."""
    assert 0 <= axis <= 7
    tree = ((a, b), c)
    edited = edit(axis, new, tree)
    assert (edited is None) == (slash(axis, tree) is None)
    assert edited is None or slash(axis, edited) == new


def edited_in_the_mirror(axis: int, new: Noun, noun: Noun) -> Noun | None:
    """A wrong version: heads and tails are exchanged below the root."""
    return nouns.edit(axis ^ 1 if axis > 1 else axis, new, noun)


def an_edit_leaves_everything_beside_it(
    axis: int, other: int, new: int, a: int, b: int, c: int
) -> None:
    """What stands neither on the way nor below is the same."""
    assert 1 <= axis <= 7
    assert 1 <= other <= 7
    assert not is_at_or_below(axis, other)
    assert not is_at_or_below(other, axis)
    tree = ((a, b), c)
    edited = edit(axis, new, tree)
    assert edited is None or slash(other, edited) == slash(other, tree)


def is_at_or_below(axis: int, above: int) -> bool:
    """Whether the way to an axis goes through another one."""
    return bin(axis).startswith(bin(above))


def edited_with_a_fresh_sibling(axis: int, new: Noun, noun: Noun) -> Noun | None:
    """A wrong version: what stands beside is set to zero."""
    edited = nouns.edit(axis, new, noun)
    return None if edited is None or axis == 1 else nouns.edit(axis ^ 1, 0, edited)


def equal_nouns_are_found_equal(a: int, b: int, c: int, d: int) -> None:
    """With enough work, and only they; the work counts cells up to the first difference."""
    assert min(a, b, c, d) >= 0
    assert max(a, b, c, d) < 1 << 63
    same, work = compare((a, b), (c, d), 9)
    assert same == (a == c and b == d)
    assert work == 1


def compared_by_heads(left: Noun, right: Noun, limit: int) -> tuple[bool, int]:
    """A wrong version: cells with equal heads are the same."""
    if isinstance(left, tuple) and isinstance(right, tuple):
        return left[0] == right[0], 1
    return nouns.compare(left, right, limit)


def ways_and_edits_cost_two_for_each_step(axis: int) -> None:
    """An edit pays for one step more than the way there does; half of the axis is one step less."""
    assert 2 <= axis < 1 << 16
    assert edit_cost(axis) == way_cost(axis) + 2
    assert way_cost(2 * axis) == way_cost(2 * axis + 1) == way_cost(axis) + 2


def every_step_costs(axis: int) -> int:
    """A wrong version: the first step is charged, but a long way is cheap."""
    return 2 * min(axis.bit_length() - 1, 8)


def increment_adds_one_and_pays_two(atom: int, gas: int) -> None:
    """One for opcode 4, one for opcode 0; without them it has no product."""
    assert 0 <= atom < 1 << 62
    outcome = nock(atom, INCREMENT, gas, no_scry)
    assert outcome == (Produced(atom + 1, gas - 2) if gas >= 2 else OutOfGas())


def nock_on_credit(subject: Noun, formula: Noun, gas: int, scry: Scry) -> Outcome:
    """A wrong version: the last bit of gas may be missing."""
    outcome = interpreter.nock(subject, formula, gas + 1, scry)
    return (
        Produced(outcome.noun, outcome.gas_left - 1) if isinstance(outcome, Produced) else outcome
    )


def equality_yields_zero_or_one(left: int, right: int, gas: int) -> None:
    """Zero for equal atoms, one for others, for four units of gas."""
    assert 0 <= left < 1 << 62
    assert 0 <= right < 1 << 62
    outcome = nock((left, right), EQUAL, gas, no_scry)
    product = Produced(0 if left == right else 1, gas - 4)
    assert outcome == (product if gas >= 4 else OutOfGas())


def nock_with_other_truths(subject: Noun, formula: Noun, gas: int, scry: Scry) -> Outcome:
    """A wrong version: one stands for equal."""
    outcome = interpreter.nock(subject, formula, gas, scry)
    if isinstance(outcome, Produced) and isinstance(outcome.noun, int):
        return Produced(1 - outcome.noun, outcome.gas_left)
    return outcome


def a_test_picks_the_branch(test: int, yes: int, no: int, gas: int) -> None:
    """Zero picks the first, one the second, and anything else crashes, if the gas lasts so long."""
    assert test >= 0
    assert gas >= 9
    outcome = nock((test, (yes, no)), BRANCH, gas, no_scry)
    if test > 1:
        assert outcome is Crash.TEST
    else:
        assert outcome == Produced(yes if test == 0 else no, gas - 7)


def nock_with_any_truth(subject: Noun, formula: Noun, gas: int, scry: Scry) -> Outcome:
    """A wrong version: every number but zero picks the second."""
    if isinstance(subject, tuple) and isinstance(subject[0], int):
        return interpreter.nock((min(subject[0], 1), subject[1]), formula, gas, scry)
    return interpreter.nock(subject, formula, gas, scry)


def more_gas_changes_nothing_but_what_is_left(which: int, atom: int, gas: int, more: int) -> None:
    """What a formula comes to with some gas, it comes to with more; and what is left is no debt."""
    assert 0 <= which < len(FORMULAS)
    assert 0 <= atom < 1 << 62
    assert gas >= 0
    assert more >= 0
    formula, subject = FORMULAS[which], (INCREMENT, (atom, 1))
    outcome = nock(subject, formula, gas, no_scry)
    richer = nock(subject, formula, gas + more, no_scry)
    if isinstance(outcome, Produced):
        assert 0 <= outcome.gas_left <= gas
        assert richer == Produced(outcome.noun, outcome.gas_left + more)
    elif isinstance(outcome, Crash):
        assert richer is outcome


def nock_for_the_rich(subject: Noun, formula: Noun, gas: int, scry: Scry) -> Outcome:
    """A wrong version: it may cost more to have more."""
    outcome = interpreter.nock(subject, formula, gas, scry)
    if isinstance(outcome, Produced) and outcome.gas_left > 5:
        return Produced(outcome.noun, outcome.gas_left - 1)
    return outcome


CONTRACTS = (
    Contract(
        an_edit_is_found_where_it_was_made,
        "edit",
        edited_in_the_mirror,
        "a tree of 3 atoms, axes from 0 to 7",
    ),
    Contract(
        an_edit_leaves_everything_beside_it,
        "edit",
        edited_with_a_fresh_sibling,
        "a tree of 3 atoms, axes from 1 to 7",
    ),
    Contract(
        equal_nouns_are_found_equal, "compare", compared_by_heads, "cells of 2 atoms below 63 bits"
    ),
    Contract(
        ways_and_edits_cost_two_for_each_step,
        "way_cost",
        every_step_costs,
        "axes of 2 to 16 bits",
    ),
    Contract(
        increment_adds_one_and_pays_two, "nock", nock_on_credit, "atoms below 62 bits, any gas"
    ),
    Contract(
        equality_yields_zero_or_one, "nock", nock_with_other_truths, "atoms below 62 bits, any gas"
    ),
    Contract(a_test_picks_the_branch, "nock", nock_with_any_truth, "any atoms, any gas from 9 on"),
    Contract(
        more_gas_changes_nothing_but_what_is_left,
        "nock",
        nock_for_the_rich,
        "20 formulas of all opcodes, atoms below 62 bits, any gas",
    ),
)
"""The contracts of this module."""
