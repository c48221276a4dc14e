"""The helpers of a search: who does what, and what becomes of it when one of them is gone.

Choices:
- What is asked stays here until it is answered: a helper that dies takes nothing with it. Its parts are given to
  others, and a part that was given to several in vain is left to the search itself.
- Answers are handed out in the order of the parts, whoever was first.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from heapq import heappop, heappush
from typing import Protocol

from attrs import frozen

from models.search.parallel.helper import Answer, Job, Lacking, Task
from models.search.parallel.lessons import Lesson, Teacher
from models.search.vectorised import Level

AHEAD = 2
"""How many parts a helper is given at a time."""

ATTEMPTS = 2
"""How many helpers are given one part, one after the other, before the search does it itself."""

log = logging.getLogger("treadle")
"""Where it is told that a helper is gone."""

Name = str
"""The name of a helper."""


@frozen
class Gone:
    """A helper is no more."""

    why: str
    """What is known of the reason."""


class Transport(Protocol):
    """How helpers are reached."""

    def helpers(self) -> Sequence[Name]:
        """The helpers that are there, and ready, in order."""
        ...

    def send(self, name: Name, job: Job) -> None:
        """Ask a helper; it does one thing after the other."""
        ...

    def receive(self, *, wait: bool) -> tuple[Name, object] | None:
        """What some helper says; nothing if nobody says anything, or, where it waits, nobody is left."""
        ...

    def taken(self) -> int:
        """How many bytes of memory the helpers take on this machine."""
        ...


class Crew:
    """The helpers of one search."""

    def __init__(self, search: str, transport: Transport, teacher: Teacher) -> None:
        self._search = search
        self._transport = transport
        self._teacher = teacher
        self._told: dict[Name, int] = {}
        self._given: dict[Name, list[int]] = {}
        self._attempts: Counter[int] = Counter()
        self._parts: dict[int, Level] = {}
        self._waiting: list[int] = []
        self._answers: dict[int, Answer] = {}

    def add(self, part: int, level: Level) -> None:
        """Let a part of the search wait for a helper; parts come in order."""
        self._parts[part] = level
        heappush(self._waiting, part)

    def answer(self, part: int) -> Answer | None:
        """What a helper says of a part; nothing if the search has to look at it itself."""
        if part not in self._parts:
            return None
        self.listen()
        while part not in self._answers and any(part in given for given in self._given.values()):
            self._hear(wait=True)
            self.listen()
        del self._parts[part]
        return self._answers.pop(part, None)

    def listen(self) -> None:
        """Take note of all that helpers say, and give each as much to do as it may have."""
        self._feed()
        while self._hear(wait=False):
            self._feed()

    def _feed(self) -> None:
        for name in self._transport.helpers():
            given = self._given.setdefault(name, [])
            while len(given) < AHEAD and (part := self._choose()) is not None:
                self._give(name, part)

    def _choose(self) -> int | None:
        """The first part that nobody has; nothing if there is none."""
        while self._waiting:
            part = heappop(self._waiting)
            if part in self._parts:
                return part
        return None

    def _give(self, name: Name, part: int) -> None:
        self._teacher.take_note()
        told = self._told.get(name, 0)
        lessons: tuple[Lesson, ...] = tuple(self._teacher.lessons[told:])
        self._told[name] = told + len(lessons)
        self._given.setdefault(name, []).append(part)
        task = Task(self._search, told, lessons, part, self._parts[part])
        self._transport.send(name, task)

    def _hear(self, *, wait: bool) -> bool:
        """Take note of what a helper says; the answer is whether one has said anything."""
        heard = self._transport.receive(wait=wait)
        if heard is None:
            return False
        name, said = heard
        match said:
            case Gone():
                self._lose(name, said)
            case Lacking():
                self._told[name] = said.told
                if self._done(name, said.part):
                    self._give(name, said.part)
            case Answer():
                if self._done(name, said.part):
                    self._answers[said.part] = said
            case _:
                raise TypeError(f"{name} says what nobody has asked: {said!r}")
        return True

    def _done(self, name: Name, part: int) -> bool:
        """Whether an answer is one that is waited for; it is no more."""
        given = self._given.get(name, [])
        if part not in given:
            return False
        given.remove(part)
        return part in self._parts

    def _lose(self, name: Name, gone: Gone) -> None:
        """Give to others what a helper had that is gone."""
        lost = [part for part in self._given.pop(name, []) if part in self._parts]
        self._told.pop(name, None)
        for part in lost:
            self._attempts[part] += 1
            if self._attempts[part] < ATTEMPTS:
                heappush(self._waiting, part)
        log.warning("%s is gone (%s): what it had to do is done again", name, gone.why)
