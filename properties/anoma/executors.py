"""What executors may ask for and write: what their labels declare, and nothing else."""

from properties.monitor import consumed, sent
from properties.property import Evidence, Kind, Reacted, ReactionProperty
from spec.anoma.executor.behaviour import EXECUTOR, FinishTransaction, RequestLazyReads
from spec.anoma.executor.environment import Running
from spec.anoma.executor.messages import ExecuteTransaction, ExecutorFinished
from spec.anoma.label import TransactionLabel, readable, writable
from spec.anoma.shard.behaviour import ResolveLazyRead
from spec.anoma.shard.messages import KVSRead, KVSReadRequest, KVSWrite


def label_of(reacted: Reacted) -> TransactionLabel | None:
    """The label of the transaction that an executor is at; nothing for other engines."""
    if reacted.before.family != EXECUTOR.name:
        return None
    local = reacted.before.environment.local
    if isinstance(local, Running):
        return local.transaction.label
    start = consumed(reacted.record, ExecuteTransaction)
    return start.body.label if start else None


def undeclared_access(reacted: Reacted) -> Evidence | None:
    """A key that an executor wrote, or says that it accessed, and its label does not list."""
    label = label_of(reacted)
    if label is None:
        return None
    for write in sent(reacted.record, KVSWrite):
        if write.body.key not in writable(label):
            return Evidence(
                f"T{write.body.fingerprint} wrote or released {write.body.key}, undeclared"
            )
    for end in sent(reacted.record, ExecutorFinished):
        read = set(end.body.summary.values_read) - readable(label)
        written = set(end.body.summary.values_written) - writable(label)
        for key in sorted(read | written):
            return Evidence(f"T{end.body.fingerprint} says that it accessed {key}, undeclared")
    return None


def undeclared_request(reacted: Reacted) -> Evidence | None:
    """A key that an executor asked a shard for and its label does not list as a lazy read."""
    label = label_of(reacted)
    if label is None:
        return None
    for request in sent(reacted.record, KVSReadRequest):
        if request.body.key not in label.lazy_reads:
            return Evidence(f"T{request.body.fingerprint} asked for {request.body.key}, undeclared")
    return None


def unasked_value(reacted: Reacted) -> Evidence | None:
    """The value of a lazy read that a running executor takes and has not asked for, if there is one."""
    read, local = consumed(reacted.record, KVSRead), reacted.before.environment.local
    if read is None or not isinstance(local, Running):
        return None
    key = read.body.key
    if key not in local.transaction.label.lazy_reads or key in local.requested:
        return None
    return Evidence(f"T{read.body.fingerprint} is told {key}, which it has not asked for")


STAYS_IN_LABEL = ReactionProperty(
    "reads and writes stay in the label", FinishTransaction.id, Kind.ALWAYS, undeclared_access
)
"""Neither shards nor summaries hear of other keys."""

ASKS_FOR_DECLARED = ReactionProperty(
    "an executor asks for nothing it did not declare",
    RequestLazyReads.id,
    Kind.ALWAYS,
    undeclared_request,
)
"""Requests are for lazy reads alone: eager ones are answered unasked."""

HEARS_WHAT_IT_ASKED_FOR = ReactionProperty(
    "lazy reads are answered on request only", ResolveLazyRead.id, Kind.ALWAYS, unasked_value
)
"""As far as executors can tell: one that has finished does not know any more."""
