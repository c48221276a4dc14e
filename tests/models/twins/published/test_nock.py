"""The evaluator of the page: what it shares with the reference, and where it goes its own way."""

import pytest

from models.twins.published.nock import NO_GAS, Produced, evaluate
from spec.anoma import nock
from spec.anoma.noun import Noun, read_noun

SUBJECT = read_noun("[[1 2] 3 4]")
PLENTY = 10_000


def by_reference(formula: str) -> object:
    outcome = nock.nock(SUBJECT, read_noun(formula), PLENTY, nock.no_scry)
    return outcome.noun if isinstance(outcome, nock.Produced) else outcome


def by_page(formula: str, gas: int = PLENTY) -> object:
    outcome = evaluate(SUBJECT, read_noun(formula), gas)
    return outcome.noun if isinstance(outcome, Produced) else outcome


@pytest.mark.parametrize(
    "formula",
    [
        "[0 1]",
        "[0 4]",
        "[0 7]",
        "[1 5 6]",
        "[2 [0 3] 1 0 2]",
        "[4 0 6]",
        "[5 [0 4] 1 1]",
        "[5 [0 2] 1 1]",
        "[6 [1 0] [1 8] 1 9]",
        "[6 [1 1] [1 8] 1 9]",
        "[7 [0 3] 0 2]",
        "[8 [1 9] 0 2]",
        "[9 2 [1 [0 1] 7]]",
        "[10 [2 1 9] 0 1]",
        "[10 [3 1 9] 0 1]",
        "[10 [6 1 9] 0 1]",
        "[10 [7 1 9] 0 1]",
        "[11 5 0 2]",
        "[11 [5 1 0] 0 2]",
        "[[0 4] 0 5]",
    ],
)
def test_both_have_the_same_product(formula: str) -> None:
    assert by_page(formula) == by_reference(formula)


@pytest.mark.parametrize("formula", ["7", "[99 0]", "[4 0 2]", "[0 8]", "[2 1]", "[10 5 6]"])
def test_both_crash(formula: str) -> None:
    assert isinstance(by_page(formula), str)
    assert isinstance(by_reference(formula), nock.Crash)


def test_the_cell_test_takes_the_head_of_its_argument_for_a_formula() -> None:
    assert (by_reference("[3 0 2]"), by_page("[3 0 2]")) == (0, "a formula is an atom")
    assert by_page("[3 [0 2] 0]") == 0


def test_axis_zero_is_looked_for_until_the_gas_is_used_up() -> None:
    assert by_page("[0 0]") == NO_GAS
    assert by_reference("[0 0]") is nock.Crash.AXIS


@pytest.mark.parametrize(
    ("formula", "cost"),
    [
        ("[1 5]", 0),
        ("[0 1]", 1),
        ("[0 4]", 3),
        ("[4 1 1]", 1),
        ("[5 [1 1] 1 1]", 2),
        ("[6 [1 0] [1 8] 1 9]", 7),
        ("[10 [2 1 9] 0 1]", 4),
    ],
)
def test_what_it_costs(formula: str, cost: int) -> None:
    assert evaluate(SUBJECT, read_noun(formula), cost) != NO_GAS
    assert evaluate(SUBJECT, read_noun(formula), cost - 1) == NO_GAS or cost == 0
    outcome = evaluate(SUBJECT, read_noun(formula), PLENTY)
    assert isinstance(outcome, Produced)
    assert PLENTY - outcome.gas == cost


def test_no_loop_is_free_although_opcode_2_is() -> None:
    loop = read_noun("[2 [0 1] 0 1]")
    assert evaluate(loop, loop, 200) == NO_GAS


def test_what_sharing_made_huge_is_evaluated_for_nothing() -> None:
    doubled: Noun = (2, ((1, 0), (0, 2)))
    for _ in range(10):
        doubled = (8, (((0, 2), (0, 2)), doubled))
    formula: Noun = (8, ((1, (1, 0)), doubled))
    by_page = evaluate(0, formula, PLENTY)
    by_reference = nock.nock(0, formula, PLENTY, nock.no_scry)
    assert isinstance(by_page, Produced)
    assert isinstance(by_reference, nock.Produced)
    assert (PLENTY - by_page.gas, PLENTY - by_reference.gas_left) == (43, 1070)
