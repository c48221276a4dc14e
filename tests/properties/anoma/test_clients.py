"""What clients send: one request after each new answer."""

from typing import Any

from pyrsistent import pmap

from properties.anoma.clients import missent_request
from properties.property import Evidence, Reacted
from spec.anoma.client.environment import ClientState
from spec.anoma.keyvalue import TxFingerprint
from spec.anoma.label import LabelFault, TransactionCandidate, TransactionLabel
from spec.anoma.program import Program
from spec.anoma.worker.messages import RequestNumber, TransactionRequest
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message

CLIENT, WORKER = on_local_node("client"), on_local_node("worker")
SECOND, THIRD = (
    TransactionRequest(RequestNumber(number), TransactionCandidate(TransactionLabel(), Program(())))
    for number in (2, 3)
)


def client(unsent: tuple[TransactionRequest, ...], answers: int) -> Engine:
    known: dict[RequestNumber, TxFingerprint | LabelFault] = {
        RequestNumber(each): TxFingerprint(each) for each in range(1, answers + 1)
    }
    local = ClientState(unsent, pmap(known))
    return Engine(identity_of(CLIENT), "client", None, Environment(local))


def found(before: Engine, after: Engine, *sent: Any) -> Evidence | None:
    messages = tuple(Message(CLIENT, WORKER, DEFAULT_MAILBOX, body) for body in sent)
    record = Record(Deliver(Message(WORKER, CLIENT, DEFAULT_MAILBOX, "any")), sent=messages)
    return missent_request(Reacted(before, record, after))


def test_the_next_request_follows_each_new_answer() -> None:
    assert found(client((SECOND, THIRD), 0), client((THIRD,), 1), SECOND) is None
    assert found(client((), 0), client((), 1)) is None


def test_nothing_follows_what_is_no_new_answer() -> None:
    same = client((SECOND,), 1)
    assert found(same, same) is None
    assert found(same, client((), 1), SECOND) == Evidence(
        "client had 1 requests to send, sends 1 requests and keeps 0"
    )


def test_a_request_that_gets_lost_or_overtakes_another_is_found() -> None:
    before = client((SECOND, THIRD), 0)
    assert found(before, client((THIRD,), 1)) == Evidence(
        "client had 2 requests to send, sends 0 requests and keeps 1"
    )
    assert found(before, client((SECOND,), 1), THIRD) is not None
    assert found(before, client((), 1), SECOND, THIRD) is not None
    assert found(before, before, SECOND) is not None


def test_other_engines_are_not_judged() -> None:
    other = Engine(identity_of(WORKER), "worker", None, Environment(0))
    assert found(other, other, SECOND) is None
