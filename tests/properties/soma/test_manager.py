"""What becomes of certificates in the hands of the manager, and what it may say of them."""

from functools import reduce

from attrs import evolve
from pyrsistent import PMap, pmap, pset

from properties.monitor import Watched
from properties.property import Evidence, Reacted
from properties.soma.manager import (
    AVAILABLE_EXISTS,
    EACH_IN_ITS_EPOCH,
    EVERY_ENQUEUE_HAS_A_FATE,
    NOTHING_AFTER_THE_END,
    NOTHING_IN_HAND_IS_LOST,
    READY_IN_DIGEST_ORDER,
    READY_WITH_ALL_INPUTS,
    REFUSALS_ARE_TRUE,
    SENT_ONCE,
    Certified,
    SentOff,
    true_reasons,
)
from spec.anoma.keyvalue import KVSDatum
from spec.anoma.program import Program
from spec.formalism.engine import Engine
from spec.formalism.environment import FINISHED, Environment
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import EngineId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.formalism.state import GlobalState
from spec.soma.authority.behaviour import AUTHORITY
from spec.soma.authority.environment import AuthorityState
from spec.soma.authority.messages import Committed, Failed, Reconfigured
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.channel import ChannelClosed, Place, Ready, task_id
from spec.soma.epoch import FIRST_EPOCH, EpochId
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
NEXT, AFTER_NEXT = EpochId(FIRST_EPOCH + 1), EpochId(FIRST_EPOCH + 2)
FIRST, SECOND = Place(1), Place(2)


def certificate(digest: str, *inputs: ObjectKey, epoch: EpochId = FIRST_EPOCH) -> Certificate:
    return Certificate(
        TransactionDigest(digest), epoch, frozenset(inputs), frozenset(), Program(())
    )


A, B, LATER = certificate("a"), certificate("b", X2, Y1), certificate("a", epoch=NEXT)
NOTHING = ManagerState(FIRST_EPOCH, pset())
BEGUN, CLOSED = evolve(NOTHING, epoch=NEXT), evolve(NOTHING, closed=True)
A_EXECUTED = evolve(NOTHING, executed=pset([A.digest]))
A_WAITS = evolve(NOTHING, waiting=pmap({A.digest: Held(A, SOURCE)}))
A_PARKED = evolve(NOTHING, parked=pmap({(NEXT, A.digest): Held(LATER, SOURCE)}))
A_ENQUEUED = evolve(NOTHING, enqueued=pmap({A.digest: Enqueued(FIRST, Held(A, SOURCE))}))


def refusal(
    which: Certificate, reason: Reason = Reason.CLOSED, target: EngineId = SOURCE
) -> Message[CertificateRefused]:
    body = CertificateRefused(which.digest, which.epoch, reason)
    return Message(OWN, target, DEFAULT_MAILBOX, body)


def ready(*certificates: Certificate, start: Place = FIRST) -> tuple[Message[Ready], ...]:
    return tuple(
        Message(OWN, DRIVER, DEFAULT_MAILBOX, Ready(Place(number), each))
        for number, each in enumerate(certificates, start)
    )


END = Message(OWN, DRIVER, DEFAULT_MAILBOX, ChannelClosed(FIRST))


def engine(local: object, family: str = MANAGER.name) -> Engine:
    identity = identity_of(on_local_node(family))
    return Engine(identity, family, ManagerConfiguration(DRIVER), Environment(local))


def taking(body: object, *sent: Message[object]) -> Record:
    """What happens when this is taken from the source."""
    message = Message(SOURCE, OWN, DEFAULT_MAILBOX, body)
    return Record(Deliver(message), consumed=message, sent=sent)


def step(
    body: object, *sent: Message[object], before: object = NOTHING, after: object = NOTHING
) -> Reacted:
    return Reacted(engine(before), taking(body, *sent), engine(after))


def elsewhere(body: object, *sent: Message[object]) -> tuple[Reacted, ...]:
    """The same step of an engine that is no manager, or is one no longer."""
    return (
        step(body, *sent, before=FINISHED, after=FINISHED),
        step(body, *sent, before=A_WAITS, after=FINISHED),
    )


def reasons(before: ManagerState, after: ManagerState) -> set[Reason]:
    return {*true_reasons(before, after, refusal(A).body)}


def test_an_enqueue_has_a_fate_if_it_goes_to_the_driver_or_is_kept_or_refused() -> None:
    judge, enqueue = EVERY_ENQUEUE_HAS_A_FATE.judge, Enqueue(A)
    assert judge(step(enqueue, *ready(A), after=A_ENQUEUED)) is None
    assert judge(step(enqueue, after=A_WAITS)) is None
    assert judge(step(Enqueue(LATER), after=A_PARKED)) is None
    assert judge(step(enqueue, refusal(A))) is None
    assert judge(step(Close())) is None
    assert [judge(each) for each in elsewhere(enqueue)] == [None, None]


def test_an_enqueue_has_no_fate_if_only_another_certificate_or_another_source_has_one() -> None:
    judge, enqueue = EVERY_ENQUEUE_HAS_A_FATE.judge, Enqueue(A)
    fateless = Evidence(
        "a was enqueued: sent to the driver 0 times, refused 0 times, not newly kept"
    )
    assert judge(step(enqueue)) == fateless
    assert judge(step(enqueue, before=A_WAITS, after=A_WAITS)) == fateless
    assert judge(step(enqueue, after=A_PARKED)) == fateless
    assert judge(step(enqueue, *ready(B))) == fateless
    assert judge(step(enqueue, refusal(A, target=OTHER))) == fateless
    assert judge(step(enqueue, refusal(B))) == fateless
    assert judge(step(enqueue, refusal(LATER))) == fateless


def test_an_enqueue_has_one_fate_only() -> None:
    judge, enqueue = EVERY_ENQUEUE_HAS_A_FATE.judge, Enqueue(A)
    assert judge(step(enqueue, *ready(A, A))) == Evidence(
        "a was enqueued: sent to the driver 2 times, refused 0 times, not newly kept"
    )
    assert judge(step(enqueue, refusal(A), after=A_WAITS)) == Evidence(
        "a was enqueued: sent to the driver 0 times, refused 1 times, newly kept"
    )


LOST = Evidence("a of epoch 0 is in hand no longer, and its source does not hear of it")


def test_what_is_kept_stays_in_hand_until_its_source_hears_that_it_is_refused() -> None:
    judge, word = NOTHING_IN_HAND_IS_LOST.judge, Committed(A.digest, frozenset())
    assert judge(step(Close(), before=A_WAITS, after=A_WAITS)) is None
    assert judge(step(Close(), before=A_WAITS, after=A_ENQUEUED)) is None
    assert judge(step(Close(), refusal(A), before=A_WAITS)) is None
    assert judge(step(Close(), before=A_WAITS)) == LOST
    assert judge(step(word, before=A_WAITS, after=A_EXECUTED)) == LOST
    assert judge(step(Close(), refusal(A, target=OTHER), before=A_WAITS)) == LOST
    assert judge(step(Close(), refusal(B), before=A_WAITS)) == LOST
    assert judge(step(Close(), refusal(LATER), before=A_WAITS)) == LOST
    assert judge(step(Close(), before=A_PARKED)) == Evidence(
        "a of epoch 1 is in hand no longer, and its source does not hear of it"
    )
    assert [judge(each) for each in elsewhere(Close())] == [None, None]


def test_what_was_sent_to_the_driver_stays_in_hand_until_it_is_settled() -> None:
    judge = NOTHING_IN_HAND_IS_LOST.judge
    failed, epoch = Failed(A.digest, OTHER), Reconfigured(NEXT, frozenset(), frozenset())
    assert judge(step(epoch, before=A_ENQUEUED, after=A_EXECUTED)) is None
    assert judge(step(failed, before=A_ENQUEUED)) is None
    assert judge(step(epoch, refusal(A), before=A_ENQUEUED, after=BEGUN)) is None
    assert judge(step(evolve(failed, digest=B.digest), before=A_ENQUEUED)) == LOST
    assert judge(step(epoch, before=A_ENQUEUED, after=BEGUN)) == LOST


def test_reasons_are_true_of_what_the_manager_knows_and_holds() -> None:
    assert reasons(NOTHING, NOTHING) == set()
    assert reasons(A_WAITS, A_WAITS) == {Reason.ENQUEUED}
    assert reasons(NOTHING, A_EXECUTED) == {Reason.EXECUTED}
    assert reasons(CLOSED, CLOSED) == {Reason.CLOSED, Reason.READY_AFTER_CLOSE}
    assert reasons(NOTHING, BEGUN) == {Reason.PAST_EPOCH}
    assert reasons(A_WAITS, BEGUN) == {Reason.ENQUEUED, Reason.EPOCH_ENDED, Reason.PAST_EPOCH}


def test_a_refusal_for_another_reason_than_a_true_one_is_told() -> None:
    judge, sent = REFUSALS_ARE_TRUE.judge, refusal(A, Reason.PAST_EPOCH)
    assert judge(step(Enqueue(A), sent, before=BEGUN, after=BEGUN)) is None
    assert judge(step(Enqueue(A), sent)) == Evidence(
        "a of epoch 0 is refused as past-epoch, which is not so"
    )
    assert judge(step(Enqueue(A))) is None
    assert [judge(each) for each in elsewhere(Enqueue(A), sent)] == [None, None]


def test_a_certificate_is_ready_when_all_its_inputs_are_available_in_its_epoch() -> None:
    judge, known = READY_WITH_ALL_INPUTS.judge, evolve(NOTHING, available=pset([X2, Y1]))
    assert judge(step(Close(), *ready(B), before=known, after=known)) is None
    assert judge(step(Close(), *ready(B), after=known)) is None
    assert judge(step(Close(), *ready(B), before=known)) == Evidence(
        "b is sent to the driver without x v2"
    )
    assert judge(step(Close(), *ready(B), after=evolve(known, available=pset([X2])))) == Evidence(
        "b is sent to the driver without y v1"
    )
    assert judge(step(Close(), *ready(A, LATER))) == Evidence(
        "a of epoch 1 is sent to the driver in epoch 0"
    )
    assert judge(step(Close(), refusal(LATER))) is None
    assert [judge(each) for each in elsewhere(Close(), *ready(B))] == [None, None]


def test_what_becomes_ready_in_one_step_goes_to_the_driver_by_digest() -> None:
    judge = READY_IN_DIGEST_ORDER.judge
    assert judge(step(Close(), *ready(A, A, B))) is None
    assert judge(step(Close(), *ready(A, B, A))) == Evidence("b goes to the driver before a")


def test_nothing_but_what_there_is_can_be_available() -> None:
    def there(*keys: ObjectKey) -> GlobalState:
        authority = AuthorityState(FIRST_EPOCH, pmap(dict.fromkeys(keys, KVSDatum(0))))
        manager = evolve(NOTHING, available=pset([X1, X2]))
        engines = engine(authority, AUTHORITY.name), engine(manager), engine(FINISHED, "task.1")
        return GlobalState(pmap({each.identity.external: each for each in engines}), pmap())

    judge = AVAILABLE_EXISTS.judge
    assert judge(there(X1, X2, Y1)) is None
    assert judge(there(X1, Y1)) == Evidence(
        "the manager takes x v2 to be available, and it does not exist"
    )
    assert judge(there()) == Evidence(
        "the manager takes x v1 to be available, and it does not exist"
    )


def test_what_waits_is_of_the_current_epoch_and_what_is_parked_of_a_later_one() -> None:
    judge = EACH_IN_ITS_EPOCH.judge
    for good in (NOTHING, A_WAITS, A_PARKED, A_ENQUEUED):
        assert judge(engine(good)) is None
    assert judge(engine(evolve(A_WAITS, epoch=NEXT))) == Evidence("a of epoch 0 waits in epoch 1")
    for epoch in (NEXT, AFTER_NEXT):
        assert judge(engine(evolve(A_PARKED, epoch=epoch))) == Evidence(
            f"a is parked for epoch 1 in epoch {epoch}"
        )


def test_nothing_but_refusals_comes_after_the_end_of_the_channel() -> None:
    judge = NOTHING_AFTER_THE_END.judge
    broken = Evidence("something goes through the channel, which is closed")
    assert judge(step(Close(), END, after=CLOSED)) is None
    assert judge(step(Close(), END, before=CLOSED, after=CLOSED)) == broken
    assert judge(step(Enqueue(A), *ready(A), before=CLOSED, after=CLOSED)) == broken
    assert judge(step(Enqueue(A), refusal(A), before=CLOSED, after=CLOSED)) is None
    assert [judge(each) for each in elsewhere(Close(), END)] == [None, None]


OF_A, OF_B = (A.epoch, A.digest), (B.epoch, B.digest)
FIRST_TASK, SECOND_TASK = task_id(DRIVER, FIRST), task_id(DRIVER, SECOND)


def refused(which: Certificate, reason: Reason) -> Record:
    return taking(Enqueue(which), refusal(which, reason))


def failed(which: Certificate, task: EngineId) -> Record:
    return taking(Failed(which.digest, task))


def begun(*executed: Certificate) -> Record:
    digests = frozenset(each.digest for each in executed)
    return taking(Reconfigured(NEXT, digests, frozenset()))


def watched(*records: Record) -> Watched:
    known: Watched = reduce(SENT_ONCE.observe, records, SENT_ONCE.start)
    return known


def found(*records: Record) -> Evidence | None:
    return SENT_ONCE.judge(watched(*records))


ASKED, SENT = taking(Enqueue(A)), taking(Enqueue(A), *ready(A))
DONE = taking(Committed(A.digest, frozenset()))
AGAIN = taking(Close(), *ready(A, start=SECOND))
WENT_BEFORE = Evidence("a goes to the driver, and had gone there before")
UNASKED = Evidence("a goes to the driver unasked")
EXECUTED = Evidence("a goes to the driver, and is executed already")


def test_it_is_remembered_what_is_asked_for_what_was_sent_and_what_is_executed() -> None:
    sent = SentOff(tasks=pmap({OF_A: FIRST_TASK}))
    assert watched(ASKED) == Watched(SentOff(pset([OF_A])))
    assert watched(SENT) == watched(ASKED, taking(Close(), *ready(A))) == Watched(sent)
    assert watched(SENT, taking(Enqueue(B))) == Watched(evolve(sent, accepted=pset([OF_B])))
    assert watched(SENT, DONE) == Watched(evolve(sent, executed=pset([A.digest])))
    assert watched(begun(A, B)) == Watched(SentOff(executed=pset([A.digest, B.digest])))


def test_what_says_nothing_new_leaves_the_memory_as_it_is() -> None:
    known = watched(SENT, DONE)
    for record in (taking(Close()), DONE, begun(A), failed(A, SECOND_TASK)):
        assert SENT_ONCE.observe(known, record) is known


def test_only_the_failure_of_the_task_that_has_a_certificate_lets_it_be_sent_again() -> None:
    both = (SENT, taking(Enqueue(B), *ready(B, start=SECOND)))
    tasks: PMap[Certified, EngineId] = pmap({OF_A: FIRST_TASK, OF_B: SECOND_TASK})
    assert watched(*both) == Watched(SentOff(tasks=tasks))
    assert watched(*both, failed(A, FIRST_TASK)) == Watched(SentOff(tasks=tasks.remove(OF_A)))
    for other in (failed(A, SECOND_TASK), failed(B, FIRST_TASK), failed(A, SOURCE)):
        assert watched(*both, other) == Watched(SentOff(tasks=tasks))


def test_a_refusal_takes_back_what_was_asked_for_unless_that_is_in_hand_already() -> None:
    assert watched(refused(A, Reason.CLOSED)) is SENT_ONCE.start
    assert watched(ASKED, refused(A, Reason.ENQUEUED)) == watched(ASKED)
    assert watched(ASKED, refused(LATER, Reason.CLOSED)) == watched(ASKED)
    assert watched(ASKED, refused(A, Reason.CLOSED)) == Watched(SentOff())


def test_a_certificate_goes_to_the_driver_once_and_again_only_after_it_has_failed_there() -> None:
    assert found(SENT) is None
    assert found(ASKED, AGAIN) is None
    assert found(SENT, failed(A, FIRST_TASK), taking(Enqueue(A), *ready(A, start=SECOND))) is None
    assert found(SENT, taking(Enqueue(LATER), *ready(LATER, start=SECOND))) is None
    assert found(SENT, AGAIN) == WENT_BEFORE
    assert found(SENT, ASKED, AGAIN) == WENT_BEFORE
    assert found(taking(Enqueue(A), *ready(A, A))) == WENT_BEFORE


def test_a_certificate_that_is_not_asked_for_does_not_go_to_the_driver() -> None:
    assert found(AGAIN) == UNASKED
    assert found(taking(Enqueue(A), *ready(LATER))) == UNASKED
    assert found(SENT, failed(A, FIRST_TASK), AGAIN) == UNASKED
    assert found(ASKED, refused(A, Reason.CLOSED), AGAIN) == UNASKED


def test_what_the_manager_has_heard_to_be_executed_does_not_go_to_the_driver() -> None:
    assert found(ASKED, DONE, AGAIN) == EXECUTED
    assert found(ASKED, taking(Committed(A.digest, frozenset()), *ready(A))) == EXECUTED
    assert found(taking(Enqueue(LATER)), begun(A), taking(Close(), *ready(LATER))) == EXECUTED
    assert found(ASKED, taking(Committed(B.digest, frozenset()), *ready(A))) is None
