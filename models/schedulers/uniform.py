"""The scheduler that takes every enabled event with the same probability."""

from random import Random

from attrs import frozen

from models.schedulers.scheduler import Possible


class Uniform:
    """Chooses at random; the same seed chooses the same, in every process."""

    def __init__(self, seed: int | str) -> None:
        self._bits = Random(seed).getrandbits  # noqa: S311  # reproducible, and no secret

    def choose(self, possible: Possible, step: int) -> int:  # noqa: ARG002  # the interface of all
        """Any of the enabled events: random bits until they are one of the places."""
        count = possible.count
        width = count.bit_length()
        place = self._bits(width)
        while place >= count:
            place = self._bits(width)
        return place


@frozen
class Uniformly:
    """Whatever may happen next is equally likely to."""

    @property
    def words(self) -> str:
        """What it is called."""
        return "uniform"
