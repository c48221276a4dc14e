"""What a run of Anoma's engines comes to: the order, the store, the summaries."""

from collections.abc import Iterable, Iterator

from attrs import frozen
from pyrsistent import PMap, pmap

from properties.anoma.text import store_text, summary_text
from properties.property import Evidence
from spec.anoma.executor.messages import ExecutionSummary
from spec.anoma.keyvalue import KVSDatum, KVSKey, TxFingerprint
from spec.anoma.shard.environment import ShardState
from spec.anoma.shard.timeline import Timeline, WriteStatus
from spec.anoma.worker.environment import RequestId, WorkerState
from spec.formalism.state import GlobalState


@frozen(cache_hash=True)
class Outcome:
    """What a run has come to."""

    order: tuple[RequestId, ...]
    """The requests in the order of their fingerprints; refused ones are not among them."""
    store: PMap[KVSKey, KVSDatum]
    """The latest value of every key that has a timeline."""
    summaries: PMap[RequestId, ExecutionSummary]
    """The summary of each transaction whose worker has it."""


def outcome_of(state: GlobalState) -> Outcome:
    """What the run that led to a state has come to."""
    by_fingerprint: dict[TxFingerprint, RequestId] = {}
    summaries: dict[RequestId, ExecutionSummary] = {}
    for worker in workers_of(state):
        mine = {at: request for request, at in worker.requests.items() if at is not None}
        by_fingerprint.update(mine)
        summaries.update(
            {mine[at]: summary for at, summary in worker.summaries.items() if at in mine}
        )
    order = tuple(by_fingerprint[at] for at in sorted(by_fingerprint))
    return Outcome(order, store_of(state), pmap(summaries))


def store_of(state: GlobalState) -> PMap[KVSKey, KVSDatum]:
    """The latest value of every key that has a timeline; what is pending does not count."""
    return pmap(
        {
            key: latest(timeline)
            for engine in state.engines.values()
            if isinstance(engine.environment.local, ShardState)
            for key, timeline in engine.environment.local.timelines.items()
        }
    )


def latest(timeline: Timeline) -> KVSDatum:
    """The latest value of a key; the empty value 0 where none is written."""
    for at in sorted(timeline, reverse=True):
        write = timeline[at].write
        if write is not None and write.status is WriteStatus.WRITTEN and write.datum is not None:
            return write.datum
    return KVSDatum(0)


def workers_of(state: GlobalState) -> tuple[WorkerState, ...]:
    """The local states of all workers."""
    locals_ = (state.engines[name].environment.local for name in sorted(state.engines))
    return tuple(local for local in locals_ if isinstance(local, WorkerState))


def disagreement(outcomes: Iterable[Outcome]) -> Evidence | None:
    """Two outcomes of the same order that differ otherwise, if there are any.

    The outcome is independent of the schedule if no two resting states disagree.
    """
    first: dict[tuple[RequestId, ...], Outcome] = {}
    for outcome in outcomes:
        known = first.setdefault(outcome.order, outcome)
        if known != outcome:
            order = ", ".join(_request_text(request) for request in outcome.order)
            return Evidence(
                f"two outcomes of the order {order}", tuple(_differences(known, outcome))
            )
    return None


def _differences(one: Outcome, other: Outcome) -> Iterator[str]:
    """What differs, line by line: the stores, then the summaries."""
    if one.store != other.store:
        yield f"store: {store_text(one.store)} / {store_text(other.store)}"
    for request in one.order:
        said, says = (_said(outcome, request) for outcome in (one, other))
        if said != says:
            yield f"{_request_text(request)}: {said} / {says}"


def _said(outcome: Outcome, request: RequestId) -> str:
    summary = outcome.summaries.get(request)
    return "no summary" if summary is None else summary_text(summary)


def _request_text(request: RequestId) -> str:
    return f"{request.issuer} {request.number}"
