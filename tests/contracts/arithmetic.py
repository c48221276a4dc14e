"""Contracts on the integers of scenario programs."""

from spec.anoma import arithmetic
from spec.anoma.arithmetic import (
    ArithmeticOperator,
    ComparisonOperator,
    calculate,
    compare,
    full_words,
)
from tests.contracts.contract import Contract


def division_by_zero_alone_has_no_result(
    operator: ArithmeticOperator, left: int, right: int
) -> None:
    """Every other computation has one."""
    assert -2 <= right <= 2
    divides = operator in {ArithmeticOperator.FLOOR_DIVIDE, ArithmeticOperator.MODULO}
    assert (calculate(operator, left, right) is None) == (divides and right == 0)


def modulo_zero_is_the_dividend(operator: ArithmeticOperator, left: int, right: int) -> int | None:
    """A wrong version: the remainder is left where nothing is divided."""
    if operator is ArithmeticOperator.MODULO and right == 0:
        return left
    return arithmetic.calculate(operator, left, right)


def quotient_and_remainder_make_the_dividend(left: int, right: int) -> None:
    """The remainder has the divisor's sign, and is smaller."""
    assert right != 0
    assert -3 <= right <= 3
    quotient = calculate(ArithmeticOperator.FLOOR_DIVIDE, left, right)
    remainder = calculate(ArithmeticOperator.MODULO, left, right)
    assert quotient is not None
    assert remainder is not None
    assert quotient * right + remainder == left
    assert 0 <= remainder < right or right < remainder <= 0


def rounded_towards_zero(operator: ArithmeticOperator, left: int, right: int) -> int | None:
    """A wrong version: divisions as machines do them."""
    exact = arithmetic.calculate(operator, left, right)
    if operator is ArithmeticOperator.FLOOR_DIVIDE and exact is not None:
        return exact + 1 if exact < 0 and exact * right != left else exact
    return exact


def subtraction_undoes_addition(left: int, right: int) -> None:
    """Of whichever numbers."""
    assert isinstance(left, int)
    total = calculate(ArithmeticOperator.ADD, left, right)
    assert total is not None
    assert calculate(ArithmeticOperator.SUBTRACT, total, right) == left


def without_negative_numbers(operator: ArithmeticOperator, left: int, right: int) -> int | None:
    """A wrong version: differences end at zero."""
    result = arithmetic.calculate(operator, left, right)
    subtracts = operator is ArithmeticOperator.SUBTRACT
    return max(result, 0) if subtracts and result is not None else result


def comparisons_fit_together(left: int, right: int) -> None:
    """Exactly one of less, equal and greater holds, and the others are made of these."""
    assert isinstance(left, int)
    less = compare(ComparisonOperator.LESS, left, right)
    equal = compare(ComparisonOperator.EQUAL, left, right)
    greater = compare(ComparisonOperator.GREATER, left, right)
    assert (less, equal, greater).count(True) == 1  # counted, not passed
    assert compare(ComparisonOperator.LESS_OR_EQUAL, left, right) == (less or equal)
    assert compare(ComparisonOperator.GREATER_OR_EQUAL, left, right) == (greater or equal)
    assert compare(ComparisonOperator.NOT_EQUAL, left, right) == (not equal)


def greater_or_the_same(operator: ComparisonOperator, left: int, right: int) -> bool:
    """A wrong version: greater includes equal."""
    is_greater = operator is ComparisonOperator.GREATER
    wrong = ComparisonOperator.GREATER_OR_EQUAL if is_greater else operator
    return arithmetic.compare(wrong, left, right)


def a_word_is_full_from_its_last_bit_on(shift: int, below: int) -> None:
    """A number of n words less one bit has n - 1 full words, and one more has n."""
    assert 1 <= shift <= 4
    assert 0 <= below < 4
    border = 1 << (64 * shift - 1)
    assert full_words(border + below) == shift
    assert full_words(border - 1 - below) == shift - 1
    assert full_words(-border) == shift


def words_begun(number: int) -> int:
    """A wrong version: words that are begun count."""
    return (number.bit_length() + 63) // 64


CONTRACTS = (
    Contract(
        division_by_zero_alone_has_no_result,
        "calculate",
        modulo_zero_is_the_dividend,
        "any dividend, divisors from -2 to 2",
    ),
    Contract(
        quotient_and_remainder_make_the_dividend,
        "calculate",
        rounded_towards_zero,
        "any dividend, divisors from -3 to 3",
    ),
    Contract(
        subtraction_undoes_addition,
        "calculate",
        without_negative_numbers,
        "any numbers",
        short=True,
    ),
    Contract(comparisons_fit_together, "compare", greater_or_the_same, "any numbers", short=True),
    Contract(
        a_word_is_full_from_its_last_bit_on,
        "full_words",
        words_begun,
        "up to 4 words, 4 numbers on either side",
    ),
)
"""The contracts of this module."""
