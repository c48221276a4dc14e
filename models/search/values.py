"""Numbers for values: what is interned once is compared and looked up as a small integer."""

from typing import Any

NOTHING = 0
"""The number of what is not there: no engine, no message, no operation."""


class Values:
    """Numbers for values of one kind, from 1; equal values have one number."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}
        self._values: list[Any] = [None]

    def __len__(self) -> int:
        """One more than the highest number."""
        return len(self._values)

    def number(self, value: object) -> int:
        """The number of a value."""
        known = self._numbers.get(value)
        if known is None:
            known = self._numbers[value] = len(self._values)
            self._values.append(value)
        return known

    def __getitem__(self, number: int) -> Any:
        """The value that has this number."""
        return self._values[number]
