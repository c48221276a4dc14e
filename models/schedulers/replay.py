"""The schedulers that repeat a run: by the places of its events, or by the events themselves."""

from collections.abc import Sequence

from models.schedulers.scheduler import Possible
from spec.formalism.event import Event
from spec.formalism.state import GlobalState
from spec.formalism.system import Successor, System


class ReplayError(Exception):
    """A run cannot be repeated: what happened then may not happen now."""


class Replay:
    """Chooses what was chosen before, step by step, and the first of all after that."""

    def __init__(self, choices: Sequence[int]) -> None:
        self._choices = tuple(choices)

    def choose(self, possible: Possible, step: int) -> int:
        """The choice that was made at this step.

        Raises:
            ReplayError: there were more events to choose from then.
        """
        choice = self._choices[step] if step < len(self._choices) else 0
        if not 0 <= choice < possible.count:
            raise ReplayError(f"step {step + 1}: no event {choice}, {possible.count} are enabled")
        return choice


def replayed(system: System, state: GlobalState, events: Sequence[Event]) -> list[Successor]:
    """The steps of a run with these events.

    Raises:
        ReplayError: one of the events may not happen.
    """
    steps: list[Successor] = []
    for number, event in enumerate(events, start=1):
        found = (each for each in system.successors(state) if each.event == event)
        step = next(found, None)
        if step is None:
            raise ReplayError(f"step {number}: the event may not happen here")
        steps.append(step)
        state = step.state
    return steps
