"""How failures read."""

import pytest

from spec.anoma.runnable import Failure, FailureKind


@pytest.mark.parametrize(
    ("failure", "text"),
    [
        (Failure(FailureKind.FAIL, "insufficient funds"), "fail: insufficient funds"),
        (Failure(FailureKind.FAIL, ""), "fail: "),
        (Failure(FailureKind.FAIL, " a \n"), "fail:  a \n"),
        (Failure(FailureKind.UNDECLARED_READ, "a "), "undeclared-read a "),
        (Failure(FailureKind.UNDECLARED_READ, "a"), "undeclared-read a"),
        (Failure(FailureKind.UNDECLARED_WRITE, "a"), "undeclared-write a"),
        (Failure(FailureKind.UNSET_NAME, "x"), "unset-name x"),
        (Failure(FailureKind.DIVISION_BY_ZERO), "division-by-zero"),
        (Failure(FailureKind.OUT_OF_GAS), "out-of-gas"),
        (Failure(FailureKind.STUCK), "stuck"),
    ],
)
def test_a_failure_reads_as_its_kind_and_what_goes_with_it(failure: Failure, text: str) -> None:
    assert str(failure) == text
