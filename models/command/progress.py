"""Progress on stderr: a line that is written over on a terminal, a line now and then elsewhere."""

import sys
import time
from typing import TextIO

from models.render import one_line
from models.search.progress import Progress

OFTEN = 0.2
"""How many seconds lie between two lines on a terminal."""
SELDOM = 10.0
"""How many seconds lie between two lines elsewhere."""
WIDTH = 79
"""How long a line may be."""


class Reporter:
    """Tells people how far the search of a model is; nothing if it does not take long."""

    def __init__(self, name: str, stream: TextIO | None = None) -> None:
        self._name = name
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._last = time.monotonic()
        self._written = False

    def __call__(self, progress: Progress) -> None:
        """Write a line if it is time for one."""
        now = time.monotonic()
        if now - self._last >= (OFTEN if self._terminal else SELDOM):
            self._last = now
            self._write(line(self._name, progress))

    def close(self) -> None:
        """Leave no line on the terminal."""
        if self._written and self._terminal:
            self._stream.write(f"\r{' ' * WIDTH}\r")
            self._stream.flush()

    def _write(self, text: str) -> None:
        self._stream.write(f"\r{text:<{WIDTH}}" if self._terminal else f"{text}\n")
        self._stream.flush()
        self._written = True


def line(name: str, progress: Progress) -> str:
    """How far the search of a model is, in one line."""
    rate = progress.states / progress.seconds if progress.seconds else 0
    far = f"depth {progress.depth}" if progress.walks is None else f"{progress.walks} walks"
    waiting = "" if progress.waiting is None else f" ({progress.waiting:,} waiting)"
    rest = f": {progress.states:,} states{waiting}, {far}, {rate:,.0f} states/s"
    return f"{_end_of(one_line(name), WIDTH - len(rest))}{rest}"


def _end_of(name: str, room: int) -> str:
    """As much of the name as there is room for: its end, which tells files apart."""
    return name if len(name) <= room else f"…{name[len(name) - room + 1 :]}"
