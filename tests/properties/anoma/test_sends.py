"""Nothing is sent twice at once."""

from properties.anoma.sends import NOTHING_TWICE
from properties.property import Evidence, Reacted
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import EngineId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message

ANN, BOB, CYD = map(on_local_node, ("ann", "bob", "cyd"))
ENGINE = Engine(identity_of(ANN), "any", None, Environment("any"))


def judged(*sent: tuple[EngineId, str]) -> Evidence | None:
    messages = tuple(Message(ANN, target, DEFAULT_MAILBOX, body) for target, body in sent)
    record = Record(Deliver(Message(BOB, ANN, DEFAULT_MAILBOX, "go")), sent=messages)
    return NOTHING_TWICE.judge(Reacted(ENGINE, record, ENGINE))


def test_different_bodies_and_different_targets_are_different_messages() -> None:
    assert judged() is None
    assert judged((BOB, "a"), (BOB, "b"), (CYD, "a")) is None


def test_a_message_that_is_sent_again_in_the_same_step_is_found() -> None:
    assert judged((CYD, "b"), (BOB, "a"), (BOB, "a"), (BOB, "a")) == Evidence(
        "ann sends str to bob 3 times"
    )


def test_twice_is_enough_and_the_first_one_is_told() -> None:
    again = judged((BOB, "a"), (CYD, "b"), (BOB, "a"), (CYD, "b"))
    assert again == Evidence("ann sends str to bob 2 times")
