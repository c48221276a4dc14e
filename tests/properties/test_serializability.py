"""Verdicts on small histories."""

import pytest

from properties.history import parse
from properties.property import Evidence
from properties.serializability import serializability
from properties.verdict import Holds, Inconclusive, Verdict, Violated


def verdict(text: str) -> Verdict:
    return serializability(parse(text))


def test_a_serial_history_holds() -> None:
    assert verdict("1: r(x0) w(x1=1)  2: r(x1=1)  3!: r(x1)") == Holds()


def test_a_cycle_is_told_edge_by_edge() -> None:
    assert verdict("1: r(x0) w(y1=1)  2: r(y0) w(x2=1)") == Violated(
        Evidence(
            "dependencies form a cycle: T1 -> T2 -> T1",
            (
                "T1 -rw(x)-> T2: T1 read version 0 of x, T2 wrote the next one",
                "T2 -rw(y)-> T1: T2 read version 0 of y, T1 wrote the next one",
            ),
        )
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1!: w(x1=1)  2: r(x1)", "T2 read version 1 of x, but T1 has failed (G1a)"),
        ("2: r(x1)", "T2 read version 1 of x, which nobody wrote (G1a)"),
        ("1: w(y1=1)  2: r(x1)", "T2 read version 1 of x, which nobody wrote (G1a)"),
        (
            "1: w(x1=2)  2: r(x1=1)",
            "T2 read version 1 of x, the value 1, but T1 left 2 in it (G1b)",
        ),
    ],
)
def test_a_read_of_what_no_committed_transaction_left_is_told(text: str, said: str) -> None:
    assert verdict(text) == Violated(Evidence(said))


@pytest.mark.parametrize("version", range(2, 22))
def test_the_first_of_several_such_reads_is_told_by_item_and_version(version: int) -> None:
    later = version + 1
    said = Violated(Evidence(f"T1 read version {version} of x, which nobody wrote (G1a)"))
    assert verdict(f"1: r(y{version}) r(x{later}) r(x{version})") == said


def test_what_a_failed_transaction_read_does_not_count() -> None:
    assert verdict("1!: w(x1=1)  2!: r(x1)") == Holds()


def test_a_history_with_a_running_transaction_is_undecided_unless_it_is_broken_already() -> None:
    assert verdict("1?: w(x1=1)  2: r(x1)  3?:") == Inconclusive("still running: T1, T3")
    assert isinstance(verdict("1: r(x0) w(y1=1)  2: r(y0) w(x2=1)  3?:"), Violated)
