"""Helpers that live in the process of the test, and do what the test wants."""

from collections import deque
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from random import Random

import pytest

from models.search import exhaustive
from models.search.parallel import assisted
from models.search.parallel.crew import Gone, Name
from models.search.parallel.helper import Helper, Job


class Moody:
    """Helpers that answer when they like, forget what they were told, and die, as a seed says."""

    def __init__(self, number: int, seed: int = 0, death: float = 0.0, loss: float = 0.0) -> None:
        self._random = Random(seed)  # noqa: S311  # reproducible, and no secret
        self._death = death
        self._loss = loss
        self._there = {f"helper {each}": Helper() for each in range(number)}
        self._asked: dict[Name, deque[Job]] = {name: deque() for name in self._there}
        self.said: list[object] = []

    @contextmanager
    def opening(self) -> Generator["Moody"]:
        """They are there."""
        yield self

    def helpers(self) -> Sequence[Name]:
        return tuple(self._there)

    def send(self, name: Name, job: Job) -> None:
        self._asked[name].append(job)

    def receive(self, *, wait: bool) -> tuple[Name, object] | None:
        busy = [name for name in self._there if self._asked[name]]
        if not busy or not (wait or self._random.random() < 0.5):
            return None
        name = self._random.choice(busy)
        return name, self._says(name)

    def _says(self, name: Name) -> object:
        said: object
        if self._random.random() < self._death:
            del self._there[name]
            said = Gone("as the test wants")
        else:
            if self._random.random() < self._loss:
                self._there[name] = Helper()
            said = self._asked[name].popleft().done_by(self._there[name])
        self.said.append(said)
        return said

    def taken(self) -> int:
        return 0


@pytest.fixture
def moody() -> type[Moody]:
    """Helpers that do what the test wants."""
    return Moody


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> int:
    """Let parts of levels be so small that small models have many."""
    monkeypatch.setattr(exhaustive, "CHUNK", 16)
    monkeypatch.setattr(assisted, "CHUNK", 16)
    return 16
