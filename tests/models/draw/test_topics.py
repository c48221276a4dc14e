"""What messages are about, by what their fields mean."""

from pyrsistent import pmap

from models.draw.run import Run
from models.draw.topics import NONE, Names, Topics, names_in, topics_of
from models.traces.subject import named
from spec.anoma.keyvalue import KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionLabel
from spec.anoma.shard.messages import KVSAcquireLock, KVSRead, UpdateSeenAll
from spec.anoma.worker.environment import RequestId
from spec.anoma.worker.messages import RequestNumber, TransactionAck
from spec.formalism.identity import on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.soma.manager.messages import Enqueue

ONE, OTHER = on_local_node("one"), on_local_node("other")
NAMES = Names(pmap({RequestId(ONE, RequestNumber(7)): "T2: pay"}), pmap({2: "T2: pay"}))


def about(body: object) -> Topics:
    return topics_of(Message(OTHER, ONE, DEFAULT_MAILBOX, body), NAMES)


def test_a_read_is_about_its_key_its_reader_and_who_wrote_what_it_saw() -> None:
    seen = Observation(KVSDatum(2), TxFingerprint(1))
    assert about(KVSRead(TxFingerprint(2), KVSKey("x"), seen)) == Topics(
        frozenset({"x"}), frozenset({"T2: pay", "T1"}), "T2: pay"
    )


def test_what_was_there_at_the_start_is_no_transaction() -> None:
    seen = Observation(KVSDatum(2), TxFingerprint(0))
    assert about(KVSRead(TxFingerprint(3), KVSKey("x"), seen)).transactions == {"T3"}


def test_keys_in_labels_are_keys() -> None:
    label = TransactionLabel(frozenset({KVSKey("x")}), will_writes=frozenset({KVSKey("y")}))
    assert about(KVSAcquireLock(TxFingerprint(1), label, ONE)).keys == {"x", "y"}


def test_the_number_of_a_request_tells_its_transaction_at_the_one_who_asked() -> None:
    body = TransactionAck(RequestNumber(7), TxFingerprint(2))
    assert about(body).transactions == {"T2: pay"}
    assert about(TransactionAck(RequestNumber(8), TxFingerprint(0))).transactions == frozenset()


def test_other_numbers_are_no_transactions() -> None:
    assert about(7) == NONE
    assert about(UpdateSeenAll(TxFingerprint(4))).keys == frozenset()


def test_a_certificate_is_about_its_objects_and_itself() -> None:
    world = named("soma-chain").world
    bodies = [message.body for box in world.state.mailboxes.values() for message in _all(box)]
    certificates = [each.certificate for each in bodies if isinstance(each, Enqueue)]
    found = [about(Enqueue(each)) for each in certificates]
    assert found == [
        Topics(frozenset({"x"}), frozenset({str(each.digest)}), str(each.digest))
        for each in certificates
    ]
    assert found


def test_transactions_are_called_by_their_timestamps_and_names(hostile: Run) -> None:
    [(request, name)] = hostile.world.transactions.items()
    at_first = names_in(hostile.world, hostile.states[0])
    at_last = names_in(hostile.world, hostile.states[-1])
    assert at_first == Names(pmap({request: name}), pmap())
    assert at_last == Names(pmap({request: f"T1: {name}"}), pmap({1: f"T1: {name}"}))


def _all(box: object) -> list[Message[object]]:
    assert hasattr(box, "__iter__")
    return [each for each in box if isinstance(each, Message)]
