"""The scheduler that takes every enabled event with the same probability."""

from random import Random


class Uniform:
    """Chooses at random; the same seed chooses the same, in every process."""

    def __init__(self, seed: int | str) -> None:
        self._random = Random(seed)  # noqa: S311  # reproducible, and no secret

    def choose(self, number_enabled: int, step: int) -> int:  # noqa: ARG002  # the interface of all
        """Any of the enabled events."""
        return self._random.randrange(number_enabled)
