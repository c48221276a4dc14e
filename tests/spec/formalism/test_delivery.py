"""The disciplines: what is put comes out once, in the order that each of them promises."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrsistent import pmap, pset, pvector

from spec.formalism.canonical import encode
from spec.formalism.delivery import (
    DISCIPLINES,
    AnyDiscipline,
    Fifo,
    Mail,
    SetDelivery,
    Unordered,
    in_order,
)
from spec.formalism.identity import on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.formalism.state import copies

ANN, BOB, CARL = (on_local_node(name) for name in ("ann", "bob", "carl"))


def mail(body: object, sender: Any = ANN) -> Mail:
    return Message(sender, CARL, DEFAULT_MAILBOX, body)


ONE, TWO, THREE, BOBS = mail(1), mail(2), mail(3), mail(1, BOB)


def filled(discipline: AnyDiscipline, sent: list[Mail]) -> Any:
    box = discipline.empty
    for message in sent:
        box = discipline.put(box, message)
    return box


def flat(discipline: AnyDiscipline, box: Any) -> list[Mail]:
    """All copies, in the order of the lines."""
    return [
        message
        for line in discipline.lines(box)
        for message in line
        for _ in range(copies(box, message))
    ]


def test_unordered_counts_copies() -> None:
    box = filled(Unordered, [ONE, TWO, ONE])
    assert box == pmap({ONE: 2, TWO: 1})
    assert Unordered.consume(box, ONE) == pmap({ONE: 1, TWO: 1})
    assert Unordered.lose(pmap({ONE: 1, TWO: 1}), ONE) == pmap({TWO: 1})
    assert Unordered.duplicate(box, TWO) == pmap({ONE: 2, TWO: 2})


def test_unordered_makes_every_message_a_line_of_its_own() -> None:
    assert Unordered.lines(filled(Unordered, [TWO, ONE, TWO])) == ((ONE,), (TWO,))


def test_fifo_keeps_a_line_per_sender_in_the_order_of_sending() -> None:
    box = filled(Fifo, [TWO, BOBS, ONE, TWO])
    assert box == pmap({ANN: pvector([TWO, ONE, TWO]), BOB: pvector([BOBS])})
    assert Fifo.lines(box) == ((TWO, ONE, TWO), (BOBS,))


def test_fifo_takes_out_the_oldest_copy() -> None:
    box = filled(Fifo, [ONE, TWO, THREE, TWO])
    assert Fifo.consume(box, TWO) == pmap({ANN: pvector([ONE, THREE, TWO])})
    assert Fifo.lose(box, TWO) == Fifo.consume(box, TWO)


def test_fifo_puts_a_duplicate_right_behind_the_original() -> None:
    box = filled(Fifo, [ONE, TWO, THREE])
    assert Fifo.duplicate(box, TWO) == pmap({ANN: pvector([ONE, TWO, TWO, THREE])})
    assert Fifo.duplicate(box, THREE) == pmap({ANN: pvector([ONE, TWO, THREE, THREE])})


def test_in_set_delivery_messages_persist_until_they_are_lost() -> None:
    box = filled(SetDelivery, [TWO, ONE, TWO])
    assert box == pset([ONE, TWO])
    assert SetDelivery.consume(box, ONE) == box
    assert SetDelivery.duplicate(box, ONE) == box
    assert SetDelivery.lose(box, ONE) == pset([TWO])
    assert SetDelivery.lines(box) == ((ONE,), (TWO,))


@pytest.mark.parametrize("discipline", DISCIPLINES)
def test_an_emptied_mailbox_is_empty_again(discipline: AnyDiscipline) -> None:
    box = discipline.lose(filled(discipline, [ONE]), ONE)
    assert box == discipline.empty
    assert not box
    assert discipline.lines(box) == ()


MAIL = st.builds(mail, st.integers(0, 2), st.sampled_from([ANN, BOB]))


@given(st.sampled_from([Unordered, Fifo]), st.lists(MAIL, max_size=8), st.data())
def test_what_is_put_comes_out_once(
    discipline: AnyDiscipline, sent: list[Mail], data: st.DataObject
) -> None:
    box = filled(discipline, sent)
    taken: list[Mail] = []
    while box:
        message = data.draw(st.sampled_from(flat(discipline, box)))
        taken.append(message)
        box = discipline.consume(box, message)
        assert Counter(flat(discipline, box)) == Counter(sent) - Counter(taken)
    assert len(taken) == len(sent)


@given(st.lists(MAIL, max_size=8), st.data())
def test_in_fifo_each_senders_messages_come_out_in_the_order_sent(
    sent: list[Mail], data: st.DataObject
) -> None:
    box: Any = filled(Fifo, sent)
    taken: list[Mail] = []
    while box:
        line = data.draw(st.sampled_from(Fifo.lines(box)))
        taken.append(line[0])
        box = Fifo.consume(box, line[0])
    for sender in (ANN, BOB):
        assert [message for message in taken if message.sender == sender] == [
            message for message in sent if message.sender == sender
        ]


@given(st.permutations([ONE, TWO, THREE, BOBS]))
def test_messages_have_one_order(messages: list[Mail]) -> None:
    assert in_order(messages) == sorted([ONE, TWO, THREE, BOBS], key=encode)
    assert Unordered.lines(filled(Unordered, messages)) == Unordered.lines(
        filled(Unordered, [ONE, TWO, THREE, BOBS])
    )
