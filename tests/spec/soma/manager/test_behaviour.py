"""The manager: what waits, what goes to the driver, what is refused, and when."""

import pytest
from attrs import evolve
from pyrsistent import pmap, pset

from spec.anoma.program import Program
from spec.formalism.engine import Engine, Reaction, Refusal, react
from spec.formalism.environment import Environment
from spec.formalism.identity import EngineId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, MessageArrived, Time, Trigger
from spec.formalism.rule import RuleId
from spec.soma.authority.messages import Committed, Failed, Reconfigured
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.channel import ChannelClosed, Place, Ready, task_id
from spec.soma.epoch import EpochId
from spec.soma.manager.behaviour import MANAGER
from spec.soma.manager.configuration import ManagerConfiguration
from spec.soma.manager.environment import Enqueued, Held, ManagerState
from spec.soma.manager.messages import CertificateRefused, Close, Enqueue, Reason
from spec.soma.object import ObjectId, ObjectKey, Version

OWN, DRIVER, SOURCE, OTHER = (
    on_local_node(name) for name in ("manager", "driver", "source", "other")
)
X1, X2, Y1 = (
    ObjectKey(ObjectId(name), Version(number)) for name, number in (("x", 1), ("x", 2), ("y", 1))
)
NOW, LATER = EpochId(3), EpochId(4)
ONE, TWO = Place(1), Place(2)


def certificate(digest: str, *inputs: ObjectKey, epoch: EpochId = NOW) -> Certificate:
    return Certificate(
        TransactionDigest(digest), epoch, frozenset(inputs), frozenset(), Program(())
    )


A, B, C = certificate("a", X1), certificate("b", X2), certificate("c", X2, Y1)
EMPTY = ManagerState(NOW, pset([X1]))
B_WAITS = evolve(EMPTY, waiting=pmap({B.digest: Held(B, SOURCE)}))
A_ENQUEUED = evolve(EMPTY, enqueued=pmap({A.digest: Enqueued(ONE, Held(A, SOURCE))}), last=ONE)


def taking(
    state: ManagerState, body: object, sender: EngineId = SOURCE
) -> Reaction | Refusal | None:
    """What a manager does in this state with a message that says this."""
    engine = Engine(
        identity_of(OWN), MANAGER.name, ManagerConfiguration(DRIVER), Environment(state)
    )
    message = Message(sender, OWN, DEFAULT_MAILBOX, body)
    return react(MANAGER, engine, Trigger(MessageArrived(message), Time(0)))


def does(state: ManagerState, *rules: str, sends: tuple[Message[object], ...] = ()) -> Reaction:
    fired = tuple(RuleId(f"manager.{rule}") for rule in rules)
    return Reaction(Environment(state), fired, sends)


def ready(place: Place, which: Certificate) -> Message[object]:
    return Message(OWN, DRIVER, DEFAULT_MAILBOX, Ready(place, which))


def refusal(which: Certificate, reason: Reason) -> Message[object]:
    body = CertificateRefused(which.digest, which.epoch, reason)
    return Message(OWN, SOURCE, DEFAULT_MAILBOX, body)


def test_a_certificate_whose_inputs_are_there_goes_to_the_driver() -> None:
    assert taking(EMPTY, Enqueue(A)) == does(
        A_ENQUEUED, "enqueue-certificate", "send-ready", sends=(ready(ONE, A),)
    )


def test_a_certificate_whose_inputs_are_not_there_waits() -> None:
    assert taking(EMPTY, Enqueue(B)) == does(B_WAITS, "enqueue-certificate")


def test_it_waits_for_the_last_of_its_inputs() -> None:
    waits = evolve(EMPTY, waiting=pmap({C.digest: Held(C, SOURCE)}))
    half = evolve(waits, available=pset([X1, X2]), executed=pset([A.digest]))
    commit = Committed(A.digest, frozenset({X2}))
    assert taking(waits, commit) == does(half, "record-commit")
    assert taking(half, Committed(TransactionDigest("d"), frozenset({Y1}))) == does(
        evolve(
            half,
            available=pset([X1, X2, Y1]),
            executed=pset([A.digest, TransactionDigest("d")]),
            waiting=pmap(),
            enqueued=pmap({C.digest: Enqueued(ONE, Held(C, SOURCE))}),
            last=ONE,
        ),
        "record-commit",
        "send-ready",
        sends=(ready(ONE, C),),
    )


def test_those_that_one_commit_readies_go_in_the_order_of_digests() -> None:
    waiting = {each.digest: Held(each, SOURCE) for each in (C, B)}
    both = evolve(EMPTY, available=pset([X1, Y1]), waiting=pmap(waiting))
    reaction = taking(both, Committed(A.digest, frozenset({X2})))
    assert isinstance(reaction, Reaction)
    assert reaction.sent == (ready(ONE, B), ready(TWO, C))


@pytest.mark.parametrize(
    ("state", "which", "reason"),
    [
        (B_WAITS, B, Reason.ENQUEUED),
        (A_ENQUEUED, A, Reason.ENQUEUED),
        (evolve(EMPTY, executed=pset([A.digest])), A, Reason.EXECUTED),
        (
            evolve(EMPTY, executed=pset([A.digest])),
            certificate("a", X1, epoch=EpochId(2)),
            Reason.EXECUTED,
        ),
        (EMPTY, certificate("a", X1, epoch=EpochId(2)), Reason.PAST_EPOCH),
        (evolve(EMPTY, closed=True), A, Reason.CLOSED),
    ],
)
def test_what_cannot_be_enqueued_is_refused(
    state: ManagerState, which: Certificate, reason: Reason
) -> None:
    refused = does(state, "refuse-certificate", sends=(refusal(which, reason),))
    assert taking(state, Enqueue(which)) == refused


def test_a_certificate_of_a_later_epoch_is_parked_beside_that_of_this_one() -> None:
    early = certificate("a", X1, epoch=LATER)
    parked = evolve(A_ENQUEUED, parked=pmap({(LATER, A.digest): Held(early, SOURCE)}))
    assert taking(A_ENQUEUED, Enqueue(early)) == does(parked, "park-certificate")
    again = does(parked, "refuse-certificate", sends=(refusal(early, Reason.ENQUEUED),))
    assert taking(parked, Enqueue(early)) == again


def test_a_commit_ends_what_was_enqueued() -> None:
    after = evolve(A_ENQUEUED, enqueued=pmap(), executed=pset([A.digest]))
    assert taking(A_ENQUEUED, Committed(A.digest, frozenset())) == does(after, "record-commit")


def test_what_waits_and_is_executed_by_somebody_else_is_refused() -> None:
    after = evolve(EMPTY, executed=pset([B.digest]))
    assert taking(B_WAITS, Committed(B.digest, frozenset())) == does(
        after, "record-commit", sends=(refusal(B, Reason.EXECUTED),)
    )


def test_what_has_failed_may_be_enqueued_again() -> None:
    forgotten = evolve(EMPTY, last=ONE)
    failed = Failed(A.digest, task_id(DRIVER, ONE))
    assert taking(A_ENQUEUED, failed) == does(forgotten, "record-failure")
    again = taking(forgotten, Enqueue(A))
    assert isinstance(again, Reaction)
    assert again.sent == (ready(TWO, A),)


@pytest.mark.parametrize("requester", [OTHER, task_id(DRIVER, TWO)])
def test_that_another_attempt_has_failed_says_nothing(requester: EngineId) -> None:
    ignored = does(A_ENQUEUED, "ignore-repeat")
    assert taking(A_ENQUEUED, Failed(A.digest, requester)) == ignored


def test_that_an_attempt_has_failed_which_was_not_sent_to_the_driver_says_nothing() -> None:
    ignored = does(EMPTY, "ignore-repeat")
    assert taking(EMPTY, Failed(A.digest, task_id(DRIVER, ONE))) == ignored


def test_a_new_epoch_drops_what_is_in_hand_and_readies_what_was_parked() -> None:
    early = certificate("d", X2, epoch=LATER)
    past = certificate("e", X1, epoch=NOW)
    state = evolve(
        A_ENQUEUED,
        waiting=pmap({C.digest: Held(C, SOURCE)}),
        parked=pmap({(each.epoch, each.digest): Held(each, SOURCE) for each in (early, past)}),
    )
    news = Reconfigured(LATER, frozenset({TransactionDigest("f")}), frozenset({X1, X2}))
    after = ManagerState(
        LATER,
        pset([X1, X2]),
        pset([TransactionDigest("f")]),
        enqueued=pmap({early.digest: Enqueued(TWO, Held(early, SOURCE))}),
        last=TWO,
    )
    refusals = (
        refusal(C, Reason.EPOCH_ENDED),
        refusal(A, Reason.EPOCH_ENDED),
        refusal(past, Reason.PAST_EPOCH),
    )
    assert taking(state, news) == does(
        after, "change-epoch", "send-ready", sends=(*refusals, ready(TWO, early))
    )


def test_what_is_executed_is_not_dropped_but_done() -> None:
    early = certificate("a", X1, epoch=LATER)
    state = evolve(
        A_ENQUEUED,
        waiting=pmap({B.digest: Held(B, SOURCE)}),
        parked=pmap({(LATER, A.digest): Held(early, SOURCE)}),
    )
    done = frozenset({A.digest, B.digest})
    after = ManagerState(LATER, pset([X1]), pset(done), last=ONE)
    refusals = (refusal(B, Reason.EXECUTED), refusal(early, Reason.EXECUTED))
    news = Reconfigured(LATER, done, frozenset({X1}))
    assert taking(state, news) == does(after, "change-epoch", sends=refusals)


def test_what_was_executed_before_its_epoch_was_heard_of_does_not_wait_in_it() -> None:
    early = certificate("a", X1, epoch=LATER)
    held = {(LATER, A.digest): Held(early, SOURCE)}
    state = evolve(EMPTY, executed=pset([A.digest]), parked=pmap(held))
    after = ManagerState(LATER, pset([X1]), pset([A.digest]))
    refusals = (refusal(early, Reason.EXECUTED),)
    news = Reconfigured(LATER, frozenset(), frozenset({X1}))
    assert taking(state, news) == does(after, "change-epoch", sends=refusals)


def test_what_is_parked_for_an_epoch_after_the_next_stays_so() -> None:
    held = {(EpochId(5), A.digest): Held(certificate("a", X1, epoch=EpochId(5)), SOURCE)}
    state = evolve(EMPTY, parked=pmap(held))
    after = evolve(state, epoch=LATER)
    news = Reconfigured(LATER, frozenset(), frozenset())
    assert taking(state, news) == does(after, "change-epoch")


def test_the_close_is_the_last_message_of_the_channel() -> None:
    closed = evolve(A_ENQUEUED, last=TWO, closed=True)
    last = Message(OWN, DRIVER, DEFAULT_MAILBOX, ChannelClosed(TWO))
    assert taking(A_ENQUEUED, Close()) == does(closed, "close-channel", sends=(last,))


def test_what_becomes_ready_after_the_close_is_refused() -> None:
    closed = evolve(B_WAITS, closed=True)
    after = evolve(closed, waiting=pmap(), available=pset([X1, X2]), executed=pset([A.digest]))
    assert taking(closed, Committed(A.digest, frozenset({X2}))) == does(
        after,
        "record-commit",
        "send-ready",
        sends=(refusal(B, Reason.READY_AFTER_CLOSE),),
    )


@pytest.mark.parametrize(
    "body",
    [
        Committed(A.digest, frozenset({X2})),
        Reconfigured(NOW, frozenset({B.digest}), frozenset({Y1})),
        Reconfigured(EpochId(2), frozenset({B.digest}), frozenset({Y1})),
        Close(),
    ],
)
def test_what_was_heard_before_causes_nothing(body: object) -> None:
    state = evolve(EMPTY, executed=pset([A.digest]), closed=True)
    assert taking(state, body) == does(state, "ignore-repeat")
