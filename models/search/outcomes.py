"""Whether the same order of transactions always comes to the same: judged over all states at rest."""

from properties.outcome import Outcome, disagreement, outcome_of
from properties.property import Evidence, Kind, StateProperty
from spec.anoma.sequential import Serializable
from spec.anoma.worker.environment import RequestId
from spec.formalism.state import GlobalState


def nothing(_: GlobalState) -> Evidence | None:
    """Find nothing: one state at rest alone shows nothing."""
    return None


INDEPENDENT = StateProperty(
    "outcome independent of the schedule", Serializable.id, Kind.AT_REST, nothing
)
"""Resting states with the same fingerprint order agree on store and summaries."""


class Outcomes:
    """The outcomes of the resting states that a search has met, one per order."""

    def __init__(self) -> None:
        self._first: dict[tuple[RequestId, ...], Outcome] = {}

    def disagreement(self, state: GlobalState) -> Evidence | None:
        """How one more resting state differs from an earlier one of the same order, if it does."""
        outcome = outcome_of(state)
        return disagreement((self._first.setdefault(outcome.order, outcome), outcome))
