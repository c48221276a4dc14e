"""Drawing workloads: the same seed gives the same transactions, in every process and version."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """A sequence of choices; only `Random.random` is used, whose sequence Python promises to keep."""

    def __init__(self, seed: int) -> None:
        """The sequence of this seed."""
        self._random = Random(seed)  # noqa: S311  # workloads, not secrets

    def below(self, limit: int) -> int:
        """A number from 0 up to, and without, the limit; each as likely as the others."""
        return int(self._random.random() * limit)

    def between(self, least: int, most: int) -> int:
        """A number from the least to the most, both included."""
        return least + self.below(most - least + 1)

    def weighted(self, items: Sequence[T], weights: Sequence[int]) -> T:
        """One of the items, each as likely as its weight says."""
        place = self.below(sum(weights))
        for item, weight in zip(items, weights, strict=True):
            if place < weight:
                return item
            place -= weight
        raise ValueError("the weights are those of as many items, and not all 0")

    def distinct(self, items: Sequence[T], number: int, weights: Sequence[int]) -> tuple[T, ...]:
        """So many different items, the likeliest first drawn; all of them if there are fewer."""
        left = list(range(len(items)))
        drawn: list[T] = []
        while left and len(drawn) < number:
            place = self.weighted(left, [weights[each] for each in left])
            left.remove(place)
            drawn.append(items[place])
        return tuple(drawn)
