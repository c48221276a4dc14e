"""Nock 4K: the examples that interpreters are tried on, gas, depth, and a naive second reading."""

import random

import pytest

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
from spec.anoma.noun import Noun, read_noun, write_noun

PLENTY = 1_000_000

DECREMENT = "[8 [1 0] 8 [1 6 [5 [0 7] 4 0 6] [0 6] 9 2 [0 2] [4 0 6] 0 7] 9 2 0 1]"


def run(subject: str, formula: str, gas: int = PLENTY, scry: Scry = no_scry) -> Outcome:
    """The outcome of a formula on a subject, both as texts."""
    return nock(read_noun(subject), read_noun(formula), gas, scry)


def product(subject: str, formula: str) -> str | Crash | OutOfGas:
    """The product as a text, or what came instead."""
    outcome = run(subject, formula)
    return write_noun(outcome.noun) if isinstance(outcome, Produced) else outcome


@pytest.mark.parametrize(
    ("subject", "formula", "expected"),
    [
        # 0: the noun at an axis
        ("[[4 5] 6 14 15]", "[0 1]", "[[4 5] 6 14 15]"),
        ("[[4 5] 6 14 15]", "[0 2]", "[4 5]"),
        ("[[4 5] 6 14 15]", "[0 3]", "[6 14 15]"),
        ("[[4 5] 6 14 15]", "[0 4]", "4"),
        ("[[4 5] 6 14 15]", "[0 5]", "5"),
        ("[[4 5] 6 14 15]", "[0 6]", "6"),
        ("[[4 5] 6 14 15]", "[0 7]", "[14 15]"),
        ("[[4 5] 6 14 15]", "[0 15]", "15"),
        # 1: a constant
        ("42", "[1 153 218]", "[153 218]"),
        ("42", "[1 0]", "0"),
        # 2: evaluation
        ("77", "[2 [1 42] [1 1 153 218]]", "[153 218]"),
        ("[[40 43] [4 0 1]]", "[2 [0 4] [0 3]]", "41"),
        # 3: is it a cell
        ("42", "[3 0 1]", "1"),
        ("[1 2]", "[3 0 1]", "0"),
        ("42", "[3 1 5]", "1"),
        # 4: increment
        ("57", "[4 0 1]", "58"),
        ("[132 19]", "[4 0 3]", "20"),
        ("18446744073709551615", "[4 0 1]", "0x10000000000000000"),
        # 5: equality
        ("[7 7]", "[5 [0 2] [0 3]]", "0"),
        ("[7 8]", "[5 [0 2] [0 3]]", "1"),
        ("[[1 2] 1 2]", "[5 [0 2] [0 3]]", "0"),
        ("[[1 2] 1 3]", "[5 [0 2] [0 3]]", "1"),
        ("[1 1 1]", "[5 [0 2] [0 3]]", "1"),
        # 6: if
        ("42", "[6 [1 0] [4 0 1] [1 233]]", "43"),
        ("42", "[6 [1 1] [4 0 1] [1 233]]", "233"),
        ("42", "[6 [1 0] [1 7] [0 0]]", "7"),
        ("42", "[6 [1 1] [0 0] [1 7]]", "7"),
        # 7: compose
        ("42", "[7 [4 0 1] [4 0 1]]", "44"),
        ("42", "[7 [[4 0 1] [0 1]] [0 2]]", "43"),
        # 8: extend the subject
        ("42", "[8 [4 0 1] [0 1]]", "[43 42]"),
        ("42", "[8 [4 0 1] [4 0 3]]", "43"),
        # 9: invoke an arm; the arm sees the whole core
        ("[[4 0 3] 41]", "[9 2 0 1]", "42"),
        ("[[[1 5] 4 0 3] 41]", "[9 5 0 1]", "42"),
        ("[0 1]", "[9 1 1 0 3]", "3"),
        # 10: edit
        ("[22 33]", "[10 [2 1 11] 0 1]", "[11 33]"),
        ("[22 33]", "[10 [3 1 11] 0 1]", "[22 11]"),
        ("[[22 33] 44]", "[10 [4 1 11] 0 1]", "[[11 33] 44]"),
        ("[[22 33] 44]", "[10 [5 1 11] 0 1]", "[[22 11] 44]"),
        ("[22 33]", "[10 [1 4 0 2] 0 1]", "23"),
        ("[22 33]", "[10 [2 0 3] 1 8 9]", "[33 9]"),
        # 11: hints
        ("42", "[11 37 4 0 1]", "43"),
        ("42", "[11 [37 1 0] 4 0 1]", "43"),
        # a formula that starts with a cell makes a cell
        ("42", "[[4 0 1] [3 0 1]]", "[43 1]"),
        ("[19 42]", "[[0 3] [0 2] 1 5]", "[42 19 5]"),
        # whole programs
        ("42", DECREMENT, "41"),
        ("1", DECREMENT, "0"),
    ],
)
def test_a_formula_has_the_product_that_the_definition_gives(
    subject: str, formula: str, expected: str
) -> None:
    assert product(subject, formula) == expected


@pytest.mark.parametrize(
    ("subject", "formula", "reason"),
    [
        ("42", "0", Crash.ATOM),
        ("42", "[2 [0 1] [1 7]]", Crash.ATOM),
        ("42", "[13 0 1]", Crash.OPCODE),
        ("42", "[0 0]", Crash.AXIS),
        ("42", "[0 2]", Crash.AXIS),
        ("[1 2]", "[0 6]", Crash.AXIS),
        ("[1 2]", "[9 0 0 1]", Crash.AXIS),
        ("[1 2]", "[9 4 0 1]", Crash.AXIS),
        ("[1 2]", "[10 [0 1 7] 0 1]", Crash.AXIS),
        ("[1 2]", "[10 [4 1 7] 0 1]", Crash.AXIS),
        ("[1 2]", "[4 0 1]", Crash.INCREMENT),
        ("2", "[6 [0 1] [1 0] [1 1]]", Crash.TEST),
        ("[0 0]", "[6 [0 1] [1 0] [1 1]]", Crash.TEST),
        ("42", "[12 [1 0] [1 0] [0 1]]", Crash.SCRY),
        # the hint's own formula is evaluated, and so can crash
        ("42", "[11 [37 0 0] 4 0 1]", Crash.AXIS),
        # either half of a cell can crash
        ("42", "[[0 0] 1 5]", Crash.AXIS),
        ("42", "[[1 5] 0 0]", Crash.AXIS),
        ("42", "[0 1 1]", Crash.SHAPE),
        ("42", "[2 1]", Crash.SHAPE),
        ("42", "[5 1]", Crash.SHAPE),
        ("42", "[6 [1 0] 1]", Crash.SHAPE),
        ("42", "[7 1]", Crash.SHAPE),
        ("42", "[8 1]", Crash.SHAPE),
        ("42", "[9 1]", Crash.SHAPE),
        ("42", "[9 [0 1] 0 1]", Crash.SHAPE),
        ("42", "[10 2 0 1]", Crash.SHAPE),
        ("42", "[10 [[0 1] 0 1] 0 1]", Crash.SHAPE),
        ("42", "[11 1]", Crash.SHAPE),
        ("42", "[12 [1 0] 1]", Crash.SHAPE),
        ("42", "[3 0]", Crash.ATOM),
    ],
)
def test_what_no_rule_reduces_crashes_with_its_reason(
    subject: str, formula: str, reason: Crash
) -> None:
    assert product(subject, formula) == reason


def test_a_scry_asks_for_computed_arguments_and_pushes_the_answer_on_the_subject() -> None:
    def scry(kind: int, address: int) -> Noun | None:
        return (kind, address + 100)

    assert run("[1 42]", "[12 [0 2] [4 0 3] [0 1]]", 20, scry) == Produced(
        ((1, 143), (1, 42)), 20 - 10 - 1 - 1 - 1 - 1
    )
    assert run("[1 42]", "[12 [0 1] [0 3] [0 1]]", 20, scry) == Crash.SCRY
    assert run("[1 42]", "[12 [0 2] [0 1] [0 1]]", 20, scry) == Crash.SCRY


@pytest.mark.parametrize(
    ("subject", "formula", "cost"),
    [
        ("42", "[0 1]", 1),
        ("[1 2]", "[0 3]", 1),
        ("[1 2 3 4]", "[0 7]", 3),
        ("[1 2 3 4]", "[0 15]", 5),
        ("42", "[1 0]", 1),
        ("42", "[2 [0 1] 1 1 0]", 4),
        ("42", "[3 0 1]", 2),
        ("42", "[4 0 1]", 2),
        ("0x80000000000000000000000000000000", "[4 0 1]", 4),
        ("42", "[5 [0 1] 0 1]", 4),
        ("[[1 2] 1 2]", "[5 [0 2] 0 3]", 5),
        ("[[1 2 3] 1 9 3]", "[5 [0 2] 0 3]", 6),
        ("0x8000000000000000", "[5 [0 1] 0 1]", 5),
        ("42", "[6 [1 0] [0 1] 0 0]", 5),
        ("42", "[6 [1 1] [0 0] 0 1]", 5),
        ("42", "[7 [0 1] 0 1]", 4),
        ("42", "[8 [0 1] 0 1]", 4),
        ("[[0 1] 5]", "[9 2 0 1]", 5),
        ("[5 [0 1] 6]", "[9 6 0 1]", 7),
        ("[1 2]", "[10 [1 0 1] 0 1]", 3),
        ("[1 2 3]", "[10 [2 0 2] 0 1]", 5),
        ("[1 2 3]", "[10 [6 0 2] 0 1]", 7),
        ("42", "[11 37 0 1]", 2),
        ("42", "[11 [37 1 0] 0 1]", 3),
        ("42", "[[0 1] 0 1]", 2),
    ],
)
def test_a_formula_needs_exactly_its_gas(subject: str, formula: str, cost: int) -> None:
    enough = run(subject, formula, cost)
    assert isinstance(enough, Produced)
    assert enough.gas_left == 0
    assert run(subject, formula, cost - 1) == OutOfGas()


def test_ways_and_edits_are_charged_by_the_step() -> None:
    assert [way_cost(axis) for axis in (1, 2, 3, 4, 7, 8)] == [0, 0, 0, 2, 2, 4]
    assert [edit_cost(axis) for axis in (1, 2, 3, 4, 7, 8)] == [0, 2, 2, 4, 4, 6]


def test_a_loop_through_opcode_2_ends() -> None:
    assert run("[2 [0 1] 0 1]", "[2 [0 1] 0 1]", 10_000) == OutOfGas()


def test_what_sharing_made_huge_is_paid_for_when_it_is_evaluated() -> None:
    doubled: Noun = (2, ((1, 0), (0, 2)))
    for _ in range(10):
        doubled = (8, (((0, 2), (0, 2)), doubled))
    assert nock(0, (8, ((1, (1, 0)), doubled)), 1_000, no_scry) == OutOfGas()


def test_a_loop_ends_even_without_gas_to_begin_with() -> None:
    assert run("[[9 2 0 1] 0]", "[9 2 0 1]", 100_000) == OutOfGas()
    assert run("42", "[0 1]", -5) == OutOfGas()


def test_an_edit_of_a_tree_leaves_the_rest_of_the_subject_as_it_was() -> None:
    subject = read_noun("[[22 33] 44]")
    nock(subject, read_noun("[10 [5 1 11] 0 1]"), PLENTY, no_scry)
    assert subject == ((22, 33), 44)


DEPTH = 30_000


def test_neither_a_deep_subject_nor_a_deep_formula_reaches_a_recursion_limit() -> None:
    formula: Noun = (0, 1)
    left: Noun = (0, 1)
    for _ in range(DEPTH):
        formula = (4, formula)
        left = (left, (1, 0))
    assert nock(0, formula, PLENTY, no_scry) == Produced(DEPTH, PLENTY - DEPTH - 1)
    deep = nock(0, left, PLENTY, no_scry)
    assert isinstance(deep, Produced)
    assert deep.gas_left == PLENTY - DEPTH - 1
    again = nock(0, left, PLENTY, no_scry)
    assert isinstance(again, Produced)
    equal = nock((deep.noun, again.noun), read_noun("[5 [0 2] 0 3]"), PLENTY, no_scry)
    assert equal == Produced(0, PLENTY - 4 - DEPTH)


def test_comparing_what_sharing_made_huge_is_paid_for() -> None:
    double: Noun = (0, 1)
    for _ in range(100):
        double = (7, (double, ((0, 1), (0, 1))))
    assert nock(0, (5, (double, double)), 10_000, no_scry) == OutOfGas()


class _NoProductError(Exception):
    """The naive reading below found no rule."""


def naive_slash(axis: Noun, noun: Noun) -> Noun:
    """The definition's four rules for `/`, word by word."""
    if not isinstance(axis, int) or axis == 0:
        raise _NoProductError
    if axis == 1:
        return noun
    if axis > 3:
        return naive_slash(2 + axis % 2, naive_slash(axis // 2, noun))
    if isinstance(noun, int):
        raise _NoProductError
    return noun[axis - 2]


def naive_edit(axis: Noun, new: Noun, noun: Noun) -> Noun:
    """The definition's three rules for `#`, word by word."""
    if not isinstance(axis, int) or axis == 0:
        raise _NoProductError
    if axis == 1:
        return new
    if axis % 2 == 0:
        return naive_edit(axis // 2, (new, naive_slash(axis + 1, noun)), noun)
    return naive_edit(axis // 2, (naive_slash(axis - 1, noun), new), noun)


def naive(a: Noun, formula: Noun) -> Noun:  # noqa: C901, PLR0912 - one case per rule
    """The definition's rules for `*` as it writes them, macros rewritten, by plain recursion."""
    match formula:
        case ((_, _) as b, c):
            return (naive(a, b), naive(a, c))
        case (0, b):
            return naive_slash(b, a)
        case (1, b):
            return b
        case (2, (b, c)):
            return naive(naive(a, b), naive(a, c))
        case (3, b):
            return 0 if isinstance(naive(a, b), tuple) else 1
        case (4, b):
            increased = naive(a, b)
            if isinstance(increased, tuple):
                raise _NoProductError
            return increased + 1
        case (5, (b, c)):
            return 0 if naive(a, b) == naive(a, c) else 1
        case (6, (b, (c, d))):
            chosen = naive((2, 3), (0, naive(a, (4, (4, b)))))
            return naive(a, naive((c, d), (0, chosen)))
        case (7, (b, c)):
            return naive(naive(a, b), c)
        case (8, (b, c)):
            return naive((naive(a, b), a), c)
        case (9, (b, c)):
            return naive(naive(a, c), (2, ((0, 1), (0, b))))
        case (10, ((b, c), d)):
            return naive_edit(b, naive(a, c), naive(a, d))
        case (11, ((_, c), d)):
            return naive((naive(a, c), naive(a, d)), (0, 3))
        case (11, (_, c)):
            return naive(a, c)
        case _:
            raise _NoProductError


def some_noun(draw: random.Random, depth: int) -> Noun:
    """A noun that is often a formula."""
    if depth == 0 or draw.random() < 0.15:
        return draw.choice((0, 1, 1, 2, 3, 4, 6, 7))
    if draw.random() < 0.25:
        return (some_noun(draw, depth - 1), some_noun(draw, depth - 1))
    parts = [some_noun(draw, depth - 1) for _ in range(3)]
    axis = draw.choice((1, 1, 1, 2, 3, 5, 6))
    return draw.choice(
        (
            (0, axis),
            (1, parts[0]),
            (2, (parts[0], (1, parts[1]))),
            (3, parts[0]),
            (4, parts[0]),
            (5, (parts[0], parts[1])),
            (6, ((3, parts[0]), (parts[1], parts[2]))),
            (7, (parts[0], parts[1])),
            (8, (parts[0], parts[1])),
            (9, (axis, parts[0])),
            (10, ((axis, parts[0]), parts[1])),
            (11, (parts[0], parts[1])),
        )
    )


def test_random_formulas_agree_with_a_naive_reading_of_the_definition() -> None:
    draw = random.Random(4)  # noqa: S311 - examples, not secrets
    seen = {"product": 0, "crash": 0, "endless": 0}
    for _ in range(6_000):
        subject, formula = some_noun(draw, 2), some_noun(draw, 4)
        outcome = nock(subject, formula, 2_000, no_scry)
        try:
            expected = naive(subject, formula)
        except _NoProductError:
            assert isinstance(outcome, Crash), write_noun(formula)
            seen["crash"] += 1
        except RecursionError:
            assert outcome == OutOfGas(), write_noun(formula)
            seen["endless"] += 1
        else:
            assert isinstance(outcome, Produced), write_noun(formula)
            assert outcome.noun == expected, write_noun(formula)
            seen["product"] += 1
    assert seen["product"] > 500
    assert seen["crash"] > 1_000
