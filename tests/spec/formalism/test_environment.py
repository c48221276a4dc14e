"""An environment is changed one part at a time."""

from attrs import evolve
from pyrsistent import pmap, pset

from spec.formalism.environment import FINISHED, Effect, Environment, finish
from spec.formalism.identity import AcquaintanceName, EngineName, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, MailboxId, Send, Time, TimerHandle

OTHER = on_local_node("other")
FULL = Environment(
    "local",
    pmap({DEFAULT_MAILBOX: 7}),
    pmap({AcquaintanceName("friend"): identity_of(OTHER)}),
    pmap({TimerHandle("timer"): Time(9)}),
    pset([EngineName("child")]),
    Time(4),
)


def test_another_local_state_leaves_all_else() -> None:
    other = FULL.with_local(5)
    assert other.local == 5
    assert other.with_local("local") == FULL
    assert FULL.with_local("x") == evolve(FULL, local="x")


def test_another_mailbox_state_leaves_the_other_mailboxes() -> None:
    second = MailboxId(1)
    assert FULL.with_mailbox_state(second, "x") == evolve(
        FULL, mailbox_states=pmap({DEFAULT_MAILBOX: 7, second: "x"})
    )


def test_who_finishes_keeps_nothing_but_its_clock() -> None:
    send = Send(OTHER, "bye")
    assert finish(FULL, (send,)) == Effect(Environment(FINISHED, time=Time(4)), (send,))
