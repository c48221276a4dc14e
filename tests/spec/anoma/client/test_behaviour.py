"""The client: one request after each answer, and the first summary of each transaction."""

from pyrsistent import pmap

from spec.anoma.client.behaviour import CLIENT
from spec.anoma.client.configuration import ClientConfiguration
from spec.anoma.client.environment import ClientState
from spec.anoma.executor.messages import ExecutionSummary, ExecutorFinished
from spec.anoma.keyvalue import KVSDatum, KVSKey, TxFingerprint
from spec.anoma.label import LabelFault, TransactionCandidate, TransactionLabel
from spec.anoma.program import Program
from spec.anoma.runnable import Failure, FailureKind
from spec.anoma.shard.messages import UpdateSeenAll
from spec.anoma.worker.messages import (
    RequestNumber,
    TransactionAck,
    TransactionRefused,
    TransactionRequest,
)
from spec.formalism.engine import Engine, Reaction, Refusal, react
from spec.formalism.environment import Environment
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, MessageArrived, Time, Trigger
from spec.formalism.rule import RuleId

OWN = on_local_node("client")
WORKER = on_local_node("worker")
EXECUTOR = on_local_node("executor.1")
ONE, TWO, THREE = (RequestNumber(number) for number in (1, 2, 3))
FIRST, SEVENTH = TxFingerprint(1), TxFingerprint(7)
DONE = ExecutionSummary(None, pmap(), pmap({KVSKey("a"): KVSDatum(1)}))
FAILED = ExecutionSummary(Failure(FailureKind.FAIL), pmap())


def request(number: RequestNumber) -> TransactionRequest:
    return TransactionRequest(number, TransactionCandidate(TransactionLabel(), Program(())))


def taking(state: ClientState, body: object) -> Reaction | Refusal | None:
    """What a client in this state does with a message that says this."""
    configuration = ClientConfiguration(WORKER)
    engine = Engine(identity_of(OWN), CLIENT.name, configuration, Environment(state))
    message = Message(WORKER, OWN, DEFAULT_MAILBOX, body)
    return react(CLIENT, engine, Trigger(MessageArrived(message), Time(0)))


def test_an_acknowledgement_is_kept_and_only_the_next_request_is_sent() -> None:
    before = ClientState(unsent=(request(TWO), request(THREE)))
    assert taking(before, TransactionAck(ONE, SEVENTH)) == Reaction(
        Environment(ClientState(unsent=(request(THREE),), answers=pmap({ONE: SEVENTH}))),
        (RuleId("client.take-answer"),),
        (Message(OWN, WORKER, DEFAULT_MAILBOX, request(TWO)),),
    )


def test_a_refusal_is_an_answer_too() -> None:
    before = ClientState(unsent=(request(TWO),))
    assert taking(before, TransactionRefused(ONE, LabelFault.READS_OVERLAP)) == Reaction(
        Environment(ClientState(answers=pmap({ONE: LabelFault.READS_OVERLAP}))),
        (RuleId("client.take-answer"),),
        (Message(OWN, WORKER, DEFAULT_MAILBOX, request(TWO)),),
    )


def test_after_the_answer_to_the_last_request_nothing_is_sent() -> None:
    assert taking(ClientState(), TransactionAck(ONE, FIRST)) == Reaction(
        Environment(ClientState(answers=pmap({ONE: FIRST}))), (RuleId("client.take-answer"),)
    )


def test_a_repeated_answer_changes_nothing_and_sends_nothing() -> None:
    before = ClientState(unsent=(request(TWO),), answers=pmap({ONE: FIRST}))
    nothing = Reaction(Environment(before), (RuleId("client.ignore-repeat"),))
    assert taking(before, TransactionAck(ONE, FIRST)) == nothing
    assert taking(before, TransactionRefused(ONE, LabelFault.READS_OVERLAP)) == nothing


def test_the_first_summary_of_each_transaction_is_kept() -> None:
    before = ClientState(summaries=pmap({FIRST: FAILED}))
    assert taking(before, ExecutorFinished(SEVENTH, DONE)) == Reaction(
        Environment(ClientState(summaries=pmap({FIRST: FAILED, SEVENTH: DONE}))),
        (RuleId("client.keep-summary"),),
    )


def test_a_later_summary_of_a_transaction_is_ignored() -> None:
    before = ClientState(summaries=pmap({FIRST: DONE}))
    assert taking(before, ExecutorFinished(FIRST, FAILED)) == Reaction(
        Environment(before), (RuleId("client.ignore-repeat"),)
    )


def test_what_is_not_for_clients_stays_in_the_mailbox() -> None:
    assert taking(ClientState(), UpdateSeenAll(FIRST)) is None
