"""What monitors remember along a run, as one small number."""

from typing import Any

from models.search.moves import Move
from properties.property import MonitorProperty, Property

Memory = int
"""The number of what all monitors together remember; equal numbers, equal memories."""


class Monitors:
    """The memories of the monitors among some properties, as far as a search has met them."""

    def __init__(self, properties: tuple[Property, ...]) -> None:
        self._monitors = tuple(each for each in properties if isinstance(each, MonitorProperty))
        self._numbers: dict[tuple[Any, ...], Memory] = {}
        self._memories: list[tuple[Any, ...]] = []
        self._next: dict[tuple[Memory, int], Memory] = {}
        self.start: Memory = self._number(tuple(each.start for each in self._monitors))

    def after(self, memory: Memory, move: Move) -> Memory:
        """What is remembered after one more step."""
        key = (memory, move.serial)
        if key not in self._next:
            before = self._memories[memory]
            pairs = zip(self._monitors, before, strict=True)
            self._next[key] = self._number(
                tuple(each.observe(value, move.record) for each, value in pairs)
            )
        return self._next[key]

    def memories(self, memory: Memory) -> tuple[tuple[MonitorProperty, Any], ...]:
        """Each monitor with what it remembers."""
        return tuple(zip(self._monitors, self._memories[memory], strict=True))

    def _number(self, memory: tuple[Any, ...]) -> Memory:
        number = self._numbers.setdefault(memory, len(self._memories))
        if number == len(self._memories):
            self._memories.append(memory)
        return number
