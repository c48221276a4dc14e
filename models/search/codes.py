"""Global states as tuples of small numbers, so that they are cheap to compare and to keep."""

from bisect import insort
from typing import Any

from pyrsistent import pmap

from spec.formalism.identity import EngineId
from spec.formalism.state import Address, Faults, GlobalState

Code = tuple[int, ...]
"""One number per place, 0 where there is nothing; zeros at the end are left out.

The places are the faults that are left, every engine, and every mailbox, in the order in which a search
met them. Two codes of one `Codes` are equal exactly if their states are.
"""

Place = int
"""The place of an engine or mailbox in codes."""

Spot = EngineId | Address
"""What has a place of its own: an engine, or a mailbox."""

FAULTS: Place = 0
"""The place of the faults that are left."""


class Codes:
    """The numbers of what a search has met; equal values at one place have one number.

    Attributes:
        engines: the engines that have a place, in order, each with its place.
        mailboxes: the mailboxes that have a place, in order, each with its place and its owner's.
    """

    def __init__(self) -> None:
        self.engines: list[tuple[EngineId, Place]] = []
        self.mailboxes: list[tuple[Address, Place, Place]] = []
        self._places: dict[Spot, Place] = {}
        self._numbers: list[dict[Any, int]] = [{}]
        self._values: list[list[Any]] = [[None]]

    def __len__(self) -> int:
        """How many places there are."""
        return len(self._numbers)

    def place(self, spot: Spot) -> Place:
        """The place of an engine or mailbox: a new one when it is first met."""
        known = self._places.get(spot)
        return self._new_place(spot) if known is None else known

    def _new_place(self, spot: Spot) -> Place:
        place = self._places[spot] = len(self._numbers)
        self._numbers.append({})
        self._values.append([None])
        if isinstance(spot, EngineId):
            insort(self.engines, (spot, place))
        else:
            insort(self.mailboxes, (spot, place, self.place(spot.engine)))
        return place

    def number(self, place: Place, value: object) -> int:
        """The number of a value at a place, 1 or more: a new one when it is first met."""
        numbers = self._numbers[place]
        known = numbers.get(value)
        if known is None:
            known = numbers[value] = len(self._values[place])
            self._values[place].append(value)
        return known

    def value(self, place: Place, number: int) -> Any:
        """The value that has this number at this place; the first one met of those that are equal."""
        return self._values[place][number]

    def encode(self, state: GlobalState) -> Code:
        """The code of a global state."""
        numbers: dict[Place, int] = {FAULTS: self.number(FAULTS, state.faults)}
        for name in sorted(state.engines):
            place = self.place(name)
            numbers[place] = self.number(place, state.engines[name])
        for address in sorted(state.mailboxes):
            place = self.place(address)
            numbers[place] = self.number(place, state.mailboxes[address])
        return trimmed([numbers.get(place, 0) for place in range(len(self))])

    def decode(self, code: Code) -> GlobalState:
        """The global state of a code."""
        there = {spot: place for spot, place in self._places.items() if has(code, place)}
        values = {spot: self._values[place][code[place]] for spot, place in there.items()}
        engines = {spot: value for spot, value in values.items() if isinstance(spot, EngineId)}
        boxes = {spot: value for spot, value in values.items() if isinstance(spot, Address)}
        return GlobalState(pmap(engines), pmap(boxes), self.faults(code))

    def faults(self, code: Code) -> Faults:
        """The faults that may still happen."""
        faults: Faults = self._values[FAULTS][code[FAULTS]]
        return faults


def has(code: Code, place: Place) -> bool:
    """Whether there is anything at a place."""
    return place < len(code) and code[place] != 0


def trimmed(numbers: list[int]) -> Code:
    """The code with these numbers."""
    while not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
