"""What a resting state has come to, for the statements that a model makes of its own."""

from collections.abc import Callable
from functools import partial

from attrs import frozen
from pyrsistent import PMap, pmap

from properties.property import Evidence, Kind, StateProperty
from spec.anoma.executor.messages import ExecutionSummary
from spec.anoma.keyvalue import KVSDatum, KVSKey, TxFingerprint
from spec.anoma.sequential import Serializable
from spec.anoma.shard.environment import ShardState
from spec.anoma.shard.timeline import Timeline, observation
from spec.anoma.worker.environment import RequestId, WorkerState
from spec.formalism.state import GlobalState

Names = PMap[RequestId, str]
"""What the transactions are called, by what tells their requests apart."""


@frozen
class Outcome:
    """The store at rest, and what became of the transactions."""

    store: PMap[KVSKey, KVSDatum]
    """The last value of every key that anybody has touched or that had a value at the start."""
    summaries: PMap[str, ExecutionSummary]
    """The summaries of the transactions that are over, by name."""

    def value(self, key: str) -> int:
        """The value of a key; 0 where nobody has touched it, as at the start."""
        return self.store.get(KVSKey(key), 0)

    def succeeded(self, name: str) -> bool:
        """Whether a transaction is over and has succeeded."""
        return name in self.summaries and self.summaries[name].failure is None


def outcome_of(names: Names, state: GlobalState) -> Outcome | None:
    """The outcome; nothing where some write is still pending, which other properties are about."""
    store: dict[KVSKey, KVSDatum] = {}
    summaries: dict[str, ExecutionSummary] = {}
    for engine in state.engines.values():
        match engine.environment.local:
            case ShardState() as shard:
                last = {key: _last(timeline) for key, timeline in shard.timelines.items()}
                if None in last.values():
                    return None
                store.update({key: datum for key, datum in last.items() if datum is not None})
            case WorkerState() as worker:
                summaries.update(_summaries(names, worker))
            case _:
                pass
    return Outcome(pmap(store), pmap(summaries))


def at_rest(name: str, names: Names, judge: Callable[[Outcome], Evidence | None]) -> StateProperty:
    """The statement about outcomes of this name: it follows from serial execution, for these programs."""
    return StateProperty(name, Serializable.id, Kind.AT_REST, partial(_judged, names, judge))


def _judged(
    names: Names, judge: Callable[[Outcome], Evidence | None], state: GlobalState
) -> Evidence | None:
    outcome = outcome_of(names, state)
    return None if outcome is None else judge(outcome)


def _last(timeline: Timeline) -> KVSDatum | None:
    seen = observation(timeline, TxFingerprint(max(timeline) + 1))
    return None if seen is None else seen.datum


def _summaries(names: Names, worker: WorkerState) -> dict[str, ExecutionSummary]:
    return {
        names[request]: worker.summaries[fingerprint]
        for request, fingerprint in worker.requests.items()
        if fingerprint is not None and fingerprint in worker.summaries and request in names
    }
