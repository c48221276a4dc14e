"""For which reasons a certificate may be refused."""

from attrs import evolve
from pyrsistent import pmap, pset

from properties.soma.manager import true_reasons
from spec.anoma.program import Program
from spec.formalism.identity import on_local_node
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.epoch import FIRST_EPOCH, EpochId
from spec.soma.manager.environment import Held, ManagerState
from spec.soma.manager.messages import CertificateRefused, Reason

A = Certificate(TransactionDigest("a"), FIRST_EPOCH, frozenset(), frozenset(), Program(()))
NOTHING = ManagerState(FIRST_EPOCH, pset())
WAITING = evolve(NOTHING, waiting=pmap({A.digest: Held(A, on_local_node("source"))}))
NEXT = EpochId(FIRST_EPOCH + 1)


def reasons(before: ManagerState, after: ManagerState) -> set[Reason]:
    body = CertificateRefused(A.digest, A.epoch, Reason.CLOSED)
    return {*true_reasons(before, after, body)}


def test_reasons_are_true_of_what_the_manager_knows_and_holds() -> None:
    executed, closed = evolve(NOTHING, executed=pset([A.digest])), evolve(NOTHING, closed=True)
    begun = evolve(NOTHING, epoch=NEXT)
    assert reasons(NOTHING, NOTHING) == set()
    assert reasons(WAITING, WAITING) == {Reason.ENQUEUED}
    assert reasons(NOTHING, executed) == {Reason.EXECUTED}
    assert reasons(closed, closed) == {Reason.CLOSED, Reason.READY_AFTER_CLOSE}
    assert reasons(NOTHING, begun) == {Reason.PAST_EPOCH}
    assert reasons(WAITING, begun) == {Reason.ENQUEUED, Reason.EPOCH_ENDED, Reason.PAST_EPOCH}
