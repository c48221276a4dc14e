"""The statements that a model makes of its own about what its transactions come to."""

from collections.abc import Callable
from functools import partial

from properties.outcome import Outcome, outcome_of
from properties.property import Evidence, Kind, StateProperty
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.sequential import Serializable
from spec.anoma.worker.environment import RequestId
from spec.formalism.state import GlobalState

Judge = Callable[[Outcome], Evidence | None]
"""What is found in an outcome, if anything is."""


def at_rest(name: str, judge: Judge) -> StateProperty:
    """A statement about outcomes: with the programs of a model, it follows from serial execution."""
    return StateProperty(name, Serializable.id, Kind.AT_REST, partial(_judged, judge))


def value(outcome: Outcome, key: str) -> int:
    """The value of a key; 0 where nobody has touched it."""
    return outcome.store.get(KVSKey(key), KVSDatum(0))


def succeeded(outcome: Outcome, request: RequestId) -> bool:
    """Whether a transaction is over and has succeeded."""
    return request in outcome.summaries and outcome.summaries[request].failure is None


def _judged(judge: Judge, state: GlobalState) -> Evidence | None:
    return judge(outcome_of(state))
