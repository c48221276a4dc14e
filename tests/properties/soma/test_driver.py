"""What is taken from the channel out of its order is told in words."""

from pyrsistent import pvector

from properties.property import Evidence
from properties.soma.driver import out_of_order
from spec.anoma.program import Program
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.channel import ChannelClosed, Place, Ready
from spec.soma.epoch import FIRST_EPOCH

A = Certificate(TransactionDigest("a"), FIRST_EPOCH, frozenset(), frozenset(), Program(()))
READY, END = Ready(Place(1), A), ChannelClosed(Place(2))


def taking(body: Ready | ChannelClosed) -> Record:
    manager, driver = on_local_node("manager"), on_local_node("driver")
    message = Message(manager, driver, DEFAULT_MAILBOX, body)
    return Record(Deliver(message), consumed=message)


def test_what_is_taken_before_its_turn_is_named_and_so_is_what_was_next() -> None:
    assert out_of_order(pvector([READY, END]), taking(READY)) is None
    assert out_of_order(pvector([READY, END]), taking(END)) == Evidence(
        "the driver takes its end from the channel, a was next"
    )
    assert out_of_order(pvector([END]), taking(READY)) == Evidence(
        "the driver takes a from the channel, its end was next"
    )
    assert out_of_order(pvector(), taking(READY)) == Evidence(
        "the driver takes a from the channel, nothing was next"
    )
