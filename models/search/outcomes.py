"""What resting states have come to, and whether the same order of transactions always comes to the same."""

from attrs import frozen
from pyrsistent import PMap, pmap

from models.model import World
from properties.property import Evidence, Kind, StateProperty
from spec.anoma.executor.messages import ExecutionSummary
from spec.anoma.keyvalue import KVSDatum, TxFingerprint
from spec.anoma.sequential import Serializable
from spec.anoma.shard.environment import ShardState
from spec.anoma.shard.timeline import Timeline, observation
from spec.anoma.worker.environment import WorkerState
from spec.formalism.state import GlobalState

Order = tuple[str, ...]
"""The names of the transactions that have a fingerprint, in the order of these."""


@frozen
class Outcome:
    """What a resting state of Anoma's engines has come to."""

    order: Order
    """The transactions, by fingerprint."""
    store: PMap[str, int | None]
    """The last value of each key; nothing where a write is still pending."""
    summaries: PMap[str, ExecutionSummary]
    """The summaries of the transactions that are over, by name."""


def outcome_of(world: World, state: GlobalState) -> Outcome:
    """The outcome of a resting state."""
    names: dict[TxFingerprint, str] = {}
    summaries: dict[str, ExecutionSummary] = {}
    store: dict[str, int | None] = dict(world.genesis)
    for engine in state.engines.values():
        match engine.environment.local:
            case ShardState() as shard:
                store.update({str(key): _last(line) for key, line in shard.timelines.items()})
            case WorkerState() as worker:
                names |= {
                    at: world.transactions[each] for each, at in worker.requests.items() if at
                }
                summaries |= {names[at]: each for at, each in worker.summaries.items()}
            case _:
                pass
    return Outcome(tuple(names[at] for at in sorted(names)), pmap(store), pmap(summaries))


def _last(timeline: Timeline) -> KVSDatum | None:
    seen = observation(timeline, TxFingerprint(max(timeline) + 1))
    return None if seen is None else seen.datum


def _nothing(_: GlobalState) -> Evidence | None:
    """One resting state alone shows nothing."""
    return None


INDEPENDENT = StateProperty(
    "the outcome is independent of the schedule", Serializable.id, Kind.AT_REST, _nothing
)
"""Resting states with the same fingerprint order agree on store and summaries; judged over all of them."""


class Outcomes:
    """The outcomes of the resting states that a search has met, by order."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_order: dict[Order, Outcome] = {}

    def disagreement(self, state: GlobalState) -> Evidence | None:
        """How the outcome of one more resting state differs from another one of the same order."""
        outcome = outcome_of(self._world, state)
        first = self._by_order.setdefault(outcome.order, outcome)
        if outcome == first:
            return None
        return Evidence(
            f"two runs in the order {', '.join(outcome.order)} have different outcomes",
            (*_differences(first, outcome),),
        )


def _differences(one: Outcome, other: Outcome) -> list[str]:
    """What two outcomes say differently, line by line."""
    stores = [
        f"{key}: {one.store.get(key)} here, {other.store.get(key)} there"
        for key in sorted({*one.store, *other.store})
        if one.store.get(key) != other.store.get(key)
    ]
    summaries = [
        f"the summaries of {name} differ"
        for name in sorted({*one.summaries, *other.summaries})
        if one.summaries.get(name) != other.summaries.get(name)
    ]
    return stores + summaries
