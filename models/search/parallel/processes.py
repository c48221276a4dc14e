"""Helpers that are processes on this machine."""

import os
import pickle
import select
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import IO

import psutil

from models.model import World
from models.search.bounds import Bounds
from models.search.parallel.assisted import assisted
from models.search.parallel.crew import AHEAD, Gone, Name
from models.search.parallel.helper import Helper, Job
from models.search.parallel.slots import Slot, new_descriptor
from models.search.parallel.strolls import Recipe
from models.search.parallel.swarm import swarm
from models.search.progress import Listener, nobody
from models.search.result import SearchResult
from models.search.walks import Plan, WalksResult

REPLACEMENTS = 3
"""How many helpers that die are replaced in one search."""

_SIGN = b"."
"""What goes through a pipe where a value was put into a slot, or, at first, when a helper is ready."""

_START = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from models.search.parallel.processes import serve; serve(sys.argv[1:])"
)
"""What the process of a helper does: it finds modules where this process finds them."""

_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Helpers do no linear algebra: no threads are kept for it."""


def explore_parallel(
    world: World,
    workers: int,
    bounds: Bounds | None = None,
    until: frozenset[str] | None = None,
    listener: Listener = nobody,
) -> SearchResult:
    """Visit all states of a world with so many processes as helpers; the result is that of one alone.

    Args:
        world: what is searched.
        workers: how many processes help this one.
        bounds: how far to go.
        until: the names of the properties whose violation ends the search; if nothing, of all.
        listener: who is told from time to time how far the search is.
    """
    return assisted(world, lambda: processes(workers), bounds, until, listener)


def walk_parallel(  # noqa: PLR0913, PLR0917  # a walk has five, and the processes come to it
    recipe: Recipe,
    workers: int,
    plan: Plan,
    bounds: Bounds | None = None,
    until: frozenset[str] | None = None,
    listener: Listener = nobody,
) -> WalksResult:
    """Walk at random with so many processes as helpers; the result is that of one alone.

    Args:
        recipe: how to build what is walked through, in any process.
        workers: how many processes help this one.
        plan: which walks to take.
        bounds: how far to go.
        until: the names of the properties whose violation ends the search; if nothing, of all.
        listener: who is told from time to time how far the search is.
    """
    return swarm(recipe, lambda: processes(workers), plan, bounds, until, listener)


@contextmanager
def processes(number: int) -> Generator["Processes"]:
    """So many processes, all of which have ended afterwards."""
    there = Processes(number)
    try:
        yield there
    finally:
        there.close()


class Processes:
    """Processes that help."""

    def __init__(self, number: int) -> None:
        self._lines: dict[Name, Line] = {}
        self._waiting = number
        self._replacements = REPLACEMENTS
        self._started = 0

    def helpers(self) -> tuple[Name, ...]:
        """The helpers that are there, and ready, in order; they are started when somebody asks."""
        while self._waiting:
            self._waiting -= 1
            self._started += 1
            self._lines[f"helper {self._started}"] = Line()
        return tuple(name for name, line in self._lines.items() if line.ready())

    def pids(self) -> tuple[int, ...]:
        """The numbers of the processes."""
        return tuple(line.pid for line in self._lines.values())

    def send(self, name: Name, job: Job) -> None:
        """Ask a helper; it does one thing after the other."""
        self._lines[name].send(job)

    def receive(self, *, wait: bool) -> tuple[Name, object] | None:
        """What some helper says; nothing if nobody says anything, or, where it waits, nobody is left."""
        names = {line.descriptor: name for name, line in self._lines.items()}
        speaking = select.select(list(names), [], [], None if wait else 0)[0] if names else []
        for descriptor in speaking:
            name = names[descriptor]
            said = self._lines[name].receive()
            if isinstance(said, Gone):
                self._bury(name)
            if said is not None:
                return name, said
        return None

    def taken(self) -> int:
        """How many bytes of memory the helpers take on this machine."""
        return sum(line.taken() for line in self._lines.values())

    def close(self) -> None:
        """End all processes."""
        for line in self._lines.values():
            line.close()
        self._lines.clear()

    def _bury(self, name: Name) -> None:
        self._lines.pop(name).close()
        if self._replacements:
            self._replacements -= 1
            self._waiting += 1


class Line:
    """The line to one helper: slots for what it is asked and for what it says, in turn."""

    def __init__(self) -> None:
        descriptors = [new_descriptor() for _ in range(2 * AHEAD)]
        self._slots = [Slot(each) for each in descriptors]
        self._process = subprocess.Popen(  # noqa: S603  # this Python, and a constant
            [sys.executable, "-c", _START, *map(str, descriptors)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **_ONE_THREAD},
            pass_fds=descriptors,
            process_group=0,
            bufsize=0,
        )
        self._there, self._back = _both(self._process)
        self._asked = self._answered = 0
        self._ready = False
        self._write(pickle.dumps(sys.path))

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def descriptor(self) -> int:
        """What can be read from when the helper says something."""
        return self._back.fileno()

    def ready(self) -> bool:
        """Whether the helper has said that it is there."""
        if not self._ready and select.select([self._back], [], [], 0)[0]:
            self._ready = self._back.read(1) == _SIGN
        return self._ready

    def send(self, job: Job) -> None:
        """Ask it."""
        self._slots[self._asked % AHEAD].put(job)
        self._asked += 1
        self._write(_SIGN)

    def receive(self) -> object:
        """What it says; nothing if it has only said that it is there."""
        if self._back.read(1) != _SIGN:
            return Gone(_ending(self._process.wait()))
        if not self._ready:
            self._ready = True
            return None
        said: object = self._slots[AHEAD + self._answered % AHEAD].get()
        self._answered += 1
        return said

    def taken(self) -> int:
        """How many bytes of memory the process takes."""
        try:
            return int(psutil.Process(self.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        self._there.close()
        self._back.close()
        for slot in self._slots:
            slot.close()

    def _write(self, data: bytes) -> None:
        """Write to the helper, if it is still there; whether it is shows when it is listened to."""
        try:
            self._there.write(data)
        except BrokenPipeError:
            return


def serve(descriptors: list[str]) -> None:
    """Be a helper: answer what comes in until nothing more does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    slots = [Slot(int(each)) for each in descriptors]
    back = os.dup(1)
    os.dup2(2, 1)
    helper, turn = Helper(), 0
    try:
        os.write(back, _SIGN)
        while sys.stdin.buffer.read(1) == _SIGN:
            job: Job = slots[turn].get()
            slots[AHEAD + turn].put(job.done_by(helper))
            turn = (turn + 1) % AHEAD
            os.write(back, _SIGN)
    except BrokenPipeError:
        os._exit(0)


def _both(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    """What goes to a process, and what comes back."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("the process was started without pipes")
    return process.stdin, process.stdout


def _ending(code: int) -> str:
    """How a process has ended."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"
