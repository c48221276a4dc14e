"""Histories and their notation."""

import pytest
from pyrsistent import pmap, pset

from properties.history import (
    History,
    Item,
    NotationError,
    Read,
    Status,
    Transaction,
    TransactionId,
    Value,
    parse,
    render,
)

X = Item("x")
T1, T2, T3 = TransactionId(1), TransactionId(2), TransactionId(3)


def test_a_text_says_reads_writes_and_what_became_of_each_transaction() -> None:
    assert parse("1: r(x0) w(x1=5)  2!: r(x1=5)  3?: w(y3=-7)") == History(
        pmap(
            {
                T1: Transaction(
                    pset([Read(X, TransactionId(0))]), pmap({X: Value(5)}), Status.COMMITTED
                ),
                T2: Transaction(pset([Read(X, T1, Value(5))]), pmap(), Status.ABORTED),
                T3: Transaction(pset(), pmap({Item("y"): Value(-7)}), Status.RUNNING),
            }
        )
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1:",
        "1: r(x0) w(x1=5)  2!: r(x1=5)  3?: w(y3=-7)",
        "1: r(account7@0) r(x0=1) w(account7@1=5)",
        "2: r(x0) r(x1)",
        "2: r(x1=1) r(x1=2) r(x1=3) r(x1=4) r(x1=5) r(x1=6) r(x1=7) r(x1=8) r(x1=9) r(x1)",
        "1: w(x1=5#2)  2: r(x1=5) w(x2=-6#3) w(y2=0)",
    ],
)
def test_what_is_rendered_is_what_was_parsed(text: str) -> None:
    assert render(parse(text)) == text


def test_a_version_is_split_from_its_item_at_the_last_letter_or_at_the_sign() -> None:
    assert parse("1: r(x10)").of(T1).reads == pset([Read(X, TransactionId(10))])
    assert parse("1: r(x1@0)").of(T1).reads == pset([Read(Item("x1"), TransactionId(0))])


def test_a_transaction_that_is_unknown_is_running_and_has_done_nothing() -> None:
    assert History().of(T1) == Transaction(pset(), pmap(), Status.RUNNING)


def test_a_version_is_in_the_place_of_its_writer_or_in_one_of_its_own() -> None:
    history = parse("1: w(x1=5#7) w(y1=5)")
    assert (history.place(X, T1), history.place(Item("y"), T1)) == (7, 1)
    assert history.with_status(T2, Status.ABORTED).place(X, T1) == 7


def test_a_history_grows_by_reads_writes_and_ends() -> None:
    grown = (
        History()
        .with_read(T2, Read(X, T1, Value(5)))
        .with_write(T1, X, Value(4))
        .with_write(T1, X, Value(5))
        .with_status(T1, Status.COMMITTED)
    )
    assert render(grown) == "1: w(x1=5)  2?: r(x1=5)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("r(x0)", "'r(x0)': expected a transaction first, such as `1:`"),
        ("0: r(x0)", "'0:': expected a transaction first, such as `1:`"),
        ("1: 1:", "'1:' stands twice: expected each transaction once"),
        ("1: r(x)", "'r(x)': expected `r(x0)`, `r(x0=5)` or `w(x1=5)`"),
        ("2: w(x1=5)", "'w(x1=5)': expected a version and a value, `w(x2=5)`"),
        ("2: w(x2)", "'w(x2)': expected a version and a value, `w(x2=5)`"),
        ("2: r(x1=5#1)", "'r(x1=5#1)': expected no place, `r(x1)`"),
    ],
)
def test_a_text_that_is_no_history_is_refused_at_the_word(text: str, said: str) -> None:
    with pytest.raises(NotationError) as refused:
        parse(text)
    assert str(refused.value) == said
