"""Keeps a search in a file now and then, and when it ends early."""

import signal
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from attrs import frozen

from models.search.bounds import Stop

EVERY = 60.0
"""How many seconds pass between two times a search is kept, if nothing else is said.

It is kept at once too, so that a file that cannot be written is known before long.
"""


@frozen
class Keeping:
    """Whether and where a search is kept, and where it goes on from."""

    to: Path | None = None
    """The file in which it is kept; in none if nothing."""
    resume: Path | None = None
    """The file that holds the search that goes on; it begins anew if nothing."""
    every: float = EVERY
    """How many seconds pass between two times it is kept."""


class Keeper:
    """Keeps one search; it is told when the search is at a point from which it can go on.

    While it listens, an interrupt from the keyboard ends the search at the next such point, and a
    second one at once.
    """

    def __init__(self, keeping: Keeping, write: Callable[[Path], None]) -> None:
        self._keeping = keeping
        self._write = write
        self._kept = float("-inf")
        self._interrupted = False

    def between(self) -> Stop | None:
        """The search can go on from here; the answer says whether it is to end instead."""
        if self._keeping.to is not None and time.monotonic() - self._kept >= self._keeping.every:
            self._keep(self._keeping.to)
        return Stop.INTERRUPTED if self._interrupted else None

    def ended(self, stop: Stop | None) -> None:
        """The search has ended in this way: there is something to go on with, or no more."""
        if self._keeping.to is None:
            return
        if stop is None or stop is Stop.VIOLATION:
            self._keeping.to.unlink(missing_ok=True)
        else:
            self._keep(self._keeping.to)

    @contextmanager
    def listening(self) -> Generator[None]:
        """Let an interrupt wait until the search can be kept, if it is to be kept at all."""
        main = threading.current_thread() is threading.main_thread()
        if self._keeping.to is None or not main:
            yield
            return
        before = signal.signal(signal.SIGINT, self._interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _keep(self, path: Path) -> None:
        self._write(path)
        self._kept = time.monotonic()

    def _interrupt(self, signum: int, frame: FrameType | None) -> Any:  # noqa: ARG002  # signal calls it so
        if self._interrupted:
            raise KeyboardInterrupt
        self._interrupted = True
