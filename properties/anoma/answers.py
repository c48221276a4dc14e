"""What workers answer and announce: each request is answered once, and each mark told once to each shard."""

from pyrsistent import PMap, PSet, pmap, pset

from properties.monitor import monitor, sent
from properties.property import Evidence
from spec.anoma.keyvalue import GENESIS, TxFingerprint
from spec.anoma.shard.messages import UpdateSeenAll
from spec.anoma.worker.behaviour import IgnoreRepeat, RaiseMark
from spec.anoma.worker.messages import RequestNumber, TransactionAck, TransactionRefused
from spec.formalism.event import Record
from spec.formalism.identity import EngineId

Answered = PSet[tuple[EngineId, RequestNumber]]
"""The requests that have been answered, by issuer and number."""

NO_REQUESTS: Answered = pset()
"""Before the first answer."""


def answers(record: Record) -> tuple[tuple[EngineId, RequestNumber], ...]:
    """The requests that are answered in a step."""
    taken = tuple((each.target, each.body.number) for each in sent(record, TransactionAck))
    refused = tuple((each.target, each.body.number) for each in sent(record, TransactionRefused))
    return taken + refused


def with_answers(answered: Answered, record: Record) -> Answered:
    """The requests that have been answered after a step."""
    for request in answers(record):
        answered = answered.add(request)
    return answered


def answered_again(answered: Answered, record: Record) -> Evidence | None:
    """A request answered in the step that had been answered before, if there is one."""
    for issuer, number in answers(record):
        if (issuer, number) in answered:
            return Evidence(f"the request {number} of {issuer} is answered again")
        answered = answered.add((issuer, number))
    return None


REQUESTS_ARE_ANSWERED_ONCE = monitor(
    "each request is answered once", IgnoreRepeat.id, NO_REQUESTS, with_answers, answered_again
)
"""By a place in the order, or a refusal. Sends count, not receipts."""

Told = PMap[tuple[EngineId, EngineId], TxFingerprint]
"""The last mark that each worker has told each shard."""

NOTHING_TOLD: Told = pmap()
"""Before the first mark."""


def with_told(told: Told, record: Record) -> Told:
    """What workers have told shards after a step."""
    for mark in sent(record, UpdateSeenAll):
        told = told.set((mark.sender, mark.target), mark.body.fingerprint)
    return told


def stale_mark(told: Told, record: Record) -> Evidence | None:
    """A mark told in the step to a shard that had been told one as high, if there is one."""
    for mark in sent(record, UpdateSeenAll):
        before = told.get((mark.sender, mark.target), GENESIS)
        if mark.body.fingerprint <= before:
            new = f"tells {mark.target} the mark {mark.body.fingerprint}"
            return Evidence(f"{mark.sender} {new}, which is not above {before}")
        told = told.set((mark.sender, mark.target), mark.body.fingerprint)
    return None


TOLD_MARKS_GROW = monitor(
    "each mark that a shard is told is higher than the last",
    RaiseMark.id,
    NOTHING_TOLD,
    with_told,
    stale_mark,
)
"""A mark is told when it has grown, and not otherwise."""
