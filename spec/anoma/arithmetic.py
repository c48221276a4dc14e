"""The integers of scenario programs: operators, size, and decimal digits."""

from enum import Enum

WORD_BITS = 64
"""The bits of a word, the unit in which numbers are measured."""

CHUNK_DIGITS = 18
"""How many decimal digits are cut off a number at a time to write it out."""


class ArithmeticOperator(Enum):
    """The operators from two integers to an integer, as Python defines them."""

    ADD = "+"
    """The sum."""
    SUBTRACT = "-"
    """The difference."""
    MULTIPLY = "*"
    """The product."""
    FLOOR_DIVIDE = "//"
    """The quotient, rounded towards minus infinity."""
    MODULO = "%"
    """The remainder, with the divisor's sign."""


class ComparisonOperator(Enum):
    """The comparisons of two integers."""

    EQUAL = "=="
    """The same."""
    NOT_EQUAL = "!="
    """Not the same."""
    LESS = "<"
    """Smaller."""
    LESS_OR_EQUAL = "<="
    """Smaller or the same."""
    GREATER = ">"
    """Larger."""
    GREATER_OR_EQUAL = ">="
    """Larger or the same."""


def full_words(number: int) -> int:
    """How many whole words a number's magnitude fills; 0 for what is shorter than one word."""
    return number.bit_length() // WORD_BITS


def calculate(operator: ArithmeticOperator, left: int, right: int) -> int | None:
    """The result of an arithmetic operator, or None where it would divide by zero."""
    match operator:
        case ArithmeticOperator.ADD:
            return left + right
        case ArithmeticOperator.SUBTRACT:
            return left - right
        case ArithmeticOperator.MULTIPLY:
            return left * right
        case ArithmeticOperator.FLOOR_DIVIDE:
            return None if right == 0 else left // right
        case _:
            return None if right == 0 else left % right


def compare(operator: ComparisonOperator, left: int, right: int) -> bool:
    """Whether a comparison is so."""
    match operator:
        case ComparisonOperator.EQUAL:
            return left == right
        case ComparisonOperator.NOT_EQUAL:
            return left != right
        case ComparisonOperator.LESS:
            return left < right
        case ComparisonOperator.LESS_OR_EQUAL:
            return left <= right
        case ComparisonOperator.GREATER:
            return left > right
        case _:
            return left >= right


def decimal(number: int) -> str:
    """An integer in decimal digits, however long: Python's own `str` refuses very long ones."""
    chunks: list[str] = []
    magnitude = abs(number)
    while magnitude >= 10**CHUNK_DIGITS:
        magnitude, chunk = divmod(magnitude, 10**CHUNK_DIGITS)
        chunks.append(f"{chunk:0{CHUNK_DIGITS}d}")
    chunks.append(str(magnitude))
    return ("-" if number < 0 else "") + "".join(reversed(chunks))
