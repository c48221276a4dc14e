"""The global state, and what can be read off it."""

import pytest
from pyrsistent import pmap, pset

from spec.formalism.delivery import DISCIPLINES, AnyDiscipline, Fifo, Mail, SetDelivery, Unordered
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, MailboxId, Message
from spec.formalism.state import (
    NO_FAULTS,
    Address,
    Faults,
    GlobalState,
    Mailbox,
    initial_state,
    mailbox_cluster,
    messages,
    state_digest,
)

ANN, BOB = on_local_node("ann"), on_local_node("bob")
SECOND, THIRD = MailboxId(1), MailboxId(2)


def engine(name: str) -> Engine:
    states = pmap({SECOND: "second", THIRD: "third"})
    return Engine(identity_of(on_local_node(name)), "none", None, Environment(0, states))


def mail(body: object, mailbox: MailboxId = DEFAULT_MAILBOX, target: str = "bob") -> Mail:
    return Message(ANN, on_local_node(target), mailbox, body)


ONE, TWO, ELSEWHERE, ANNS = mail(1), mail(2), mail(3, SECOND), mail(4, target="ann")
SENT = (TWO, ONE, ELSEWHERE, TWO, ANNS)
ENGINES = (engine("ann"), engine("bob"))


def test_a_state_has_its_engines_by_id_and_its_messages_by_mailbox() -> None:
    state = initial_state(Unordered, ENGINES, SENT, Faults(1, 2))
    assert state == GlobalState(
        pmap({ANN: ENGINES[0], BOB: ENGINES[1]}),
        pmap(
            {
                Address(BOB, DEFAULT_MAILBOX): pmap({ONE: 1, TWO: 2}),
                Address(BOB, SECOND): pmap({ELSEWHERE: 1}),
                Address(ANN, DEFAULT_MAILBOX): pmap({ANNS: 1}),
            }
        ),
        Faults(1, 2),
    )


def test_a_state_has_no_messages_and_no_faults_unless_told() -> None:
    assert initial_state(Unordered, ENGINES[:1]) == GlobalState(
        pmap({ANN: ENGINES[0]}), pmap(), NO_FAULTS
    )


@pytest.mark.parametrize(
    ("discipline", "in_flight"),
    [
        (Unordered, (ANNS, ONE, TWO, TWO, ELSEWHERE)),
        (Fifo, (ANNS, TWO, ONE, TWO, ELSEWHERE)),
        (SetDelivery, (ANNS, ONE, TWO, ELSEWHERE)),
    ],
)
def test_messages_in_flight_are_listed_copy_by_copy(
    discipline: AnyDiscipline, in_flight: tuple[Mail, ...]
) -> None:
    assert messages(discipline, initial_state(discipline, ENGINES, SENT)) == in_flight


def test_a_mailbox_cluster_has_the_messages_and_states_of_one_engine() -> None:
    state = initial_state(SetDelivery, ENGINES, SENT)
    assert mailbox_cluster(state, BOB) == pmap(
        {
            DEFAULT_MAILBOX: Mailbox(pset([ONE, TWO]), None),
            SECOND: Mailbox(pset([ELSEWHERE]), "second"),
            THIRD: Mailbox(None, "third"),
        }
    )


@pytest.mark.parametrize("discipline", DISCIPLINES)
def test_equal_states_have_equal_digests_whatever_the_order_of_building(
    discipline: AnyDiscipline,
) -> None:
    one = initial_state(discipline, ENGINES, (ONE, ELSEWHERE, TWO, ANNS))
    other = initial_state(discipline, ENGINES[::-1], (ANNS, ONE, TWO, ELSEWHERE))
    assert one == other
    assert state_digest(one) == state_digest(other)


def test_states_that_differ_anywhere_have_different_digests() -> None:
    states = [
        initial_state(Fifo, ENGINES, (ONE, TWO)),
        initial_state(Fifo, ENGINES, (TWO, ONE)),
        initial_state(Fifo, ENGINES, (ONE, ONE)),
        initial_state(Fifo, ENGINES[:1], (ONE, TWO)),
        initial_state(Fifo, ENGINES, (ONE, TWO), Faults(duplicates=1)),
        initial_state(Fifo, ENGINES, (ONE, TWO), Faults(losses=1)),
    ]
    assert len({state_digest(state) for state in states}) == len(states)
