"""Serializability, twice: as a run one at a time, and as a graph.

The idea is the same as for Anoma's engines: the versions of each item have an order that is fixed
before anything runs. There it is the order of timestamps, here that of version numbers. So both
systems share the reference for one transaction and the direct serialization graph.
"""

from functools import lru_cache, partial

from attrs import evolve
from pyrsistent import PMap, pmap

from properties.history import INITIAL, History, Item, Read, Status, TransactionId, Value
from properties.property import EngineProperty, Evidence, Kind
from properties.serializability import serializability
from properties.soma.authority import AUTHORITIES, Known
from properties.verdict import Violated
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.formalism.engine import Engine
from spec.formalism.state import GlobalState
from spec.soma.authority.environment import AuthorityState
from spec.soma.execution import Effects
from spec.soma.object import Objects
from spec.soma.sequential import Serializable

_REMEMBERED = 1 << 14
"""How many verdicts on histories are kept."""


def equals_version_order(reference: Known) -> EngineProperty:
    """Every execution has the effects that it has when all are executed one at a time."""
    return EngineProperty(
        "execution equals a one-at-a-time order that respects versions",
        Serializable.id,
        Kind.ALWAYS,
        AUTHORITIES,
        partial(deviation, reference),
    )


def deviation(reference: Known, authority: Engine) -> Evidence | None:
    """An execution with other effects than one at a time, if there is one; epochs aside."""
    executed: Known = authority.environment.local.executed
    for digest in sorted(executed):
        due, found = reference.get(digest), executed[digest]
        if due is None:
            return Evidence(f"{digest} is executed, which it is not one at a time")
        if evolve(found, epoch=due.epoch) != due:
            details = (f"one at a time: {effects_text(due)}", f"here: {effects_text(found)}")
            return Evidence(f"{digest} did not do what it does one at a time", details)
    return None


def effects_text(effects: Effects) -> str:
    """Effects in one line: "read x v1 = 0, wrote x v2 = 1"."""
    failed = () if effects.failure is None else (f"failed: {effects.failure}",)
    read, wrote = _listed("read", effects.read), _listed("wrote", effects.written)
    return ", ".join((*read, *wrote, *failed)) or "did nothing"


def _listed(did: str, objects: Objects) -> tuple[str, ...]:
    return tuple(f"{did} {key} = {objects[key]}" for key in sorted(objects))


def history_of(executed: Known) -> History:
    """The history of the executions: they are numbered in the order of their digests."""
    numbers = {digest: TransactionId(at) for at, digest in enumerate(sorted(executed), start=1)}
    writers = {key: numbers[each] for each in executed for key in executed[each].written}
    history = History()
    for digest, number in sorted(numbers.items()):
        for key, value in executed[digest].read.items():
            read = Read(Item(key.object), writers.get(key, INITIAL), Value(value))
            history = history.with_read(number, read)
        for key, value in executed[digest].written.items():
            history = history.with_write(number, Item(key.object), Value(value), key.version)
        history = history.with_status(number, Status.COMMITTED)
    return history


@lru_cache(maxsize=_REMEMBERED)
def unserializable(executed: Known) -> Evidence | None:
    """Why the executions could not have been one at a time, if so."""
    verdict = serializability(history_of(executed))
    return verdict.evidence if isinstance(verdict, Violated) else None


def cyclic(authority: Engine) -> Evidence | None:
    """Why the executions could not have been one at a time, with what the numbers stand for."""
    executed: Known = authority.environment.local.executed
    evidence = unserializable(executed)
    if evidence is None:
        return None
    legend = ", ".join(f"T{at} is {each}" for at, each in enumerate(sorted(executed), start=1))
    return Evidence(evidence.finding, (*evidence.details, legend))


def newest_versions(state: GlobalState) -> PMap[KVSKey, KVSDatum]:
    """What the newest version of each object holds."""
    locals_ = (engine.environment.local for engine in state.engines.values())
    found = [local.objects for local in locals_ if isinstance(local, AuthorityState)]
    return pmap({KVSKey(key.object): held[key] for held in found for key in sorted(held)})


NO_CYCLE = EngineProperty(
    "dependencies of executions have no cycle", Serializable.id, Kind.ALWAYS, AUTHORITIES, cyclic
)
"""The direct serialization graph of the executions; versions are ordered by their numbers."""
