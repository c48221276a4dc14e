"""The run that a depth-first search is on, and the first cycle that it closes."""

from attrs import frozen

from models.search.actors import Deed
from spec.formalism.event import Event


@frozen
class Cycle:
    """A run that comes back to a state after steps that change it."""

    way: tuple[Event, ...]
    """The run to the state."""
    loop: tuple[Event, ...]
    """The steps that lead from the state back to it."""


class Way:
    """The states on a run, by fingerprint, and the steps between them.

    Attributes:
        places: where the states stand on the run; one that stands on it several times, where it does first.
        cycle: the first cycle that was closed.
    """

    def __init__(self) -> None:
        self._fingerprints: list[int] = []
        self._deeds: list[Deed | None] = []
        self.places: dict[int, int] = {}
        self.cycle: Cycle | None = None

    def __len__(self) -> int:
        """How many states there are on it."""
        return len(self._fingerprints)

    def push(self, fingerprint: int, deed: Deed | None) -> None:
        """Go on to a state; what leads to it is nothing where the run starts."""
        self.places.setdefault(fingerprint, len(self._fingerprints))
        self._fingerprints.append(fingerprint)
        self._deeds.append(deed)

    def pop(self) -> None:
        """Go back from the last state."""
        self._deeds.pop()
        fingerprint = self._fingerprints.pop()
        if self.places[fingerprint] == len(self._fingerprints):
            del self.places[fingerprint]

    def events(self, *last: Event) -> tuple[Event, ...]:
        """What has happened on the run, and what happens then."""
        return (*(deed.event for deed in self._deeds if deed is not None), *last)

    def close(self, fingerprint: int, deed: Deed) -> None:
        """Note that a step leads from the last state back to one on the run, if it is the first that does."""
        if self.cycle is None:
            events, place = self.events(deed.event), self.places[fingerprint]
            self.cycle = Cycle(events[:place], events[place:])
