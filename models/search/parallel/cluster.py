"""Helpers that are workers of a Dask cluster: on this machine or on others.

Choices:
- A worker is asked by name. What it was told, and its answers, are all that it keeps: what a search has
  found stays in the process that searches, so any worker may go and others may come.
- Dask does not say that a worker is gone: so the search looks at who is there while it waits.
"""

import asyncio
import logging
import queue
import threading
import time
import warnings
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any

from models.model import World
from models.search.bounds import Bounds
from models.search.parallel.assisted import assisted
from models.search.parallel.crew import Gone, Name
from models.search.parallel.helper import Helper, Job
from models.search.parallel.strolls import Recipe
from models.search.parallel.swarm import swarm
from models.search.progress import Listener, nobody
from models.search.result import SearchResult
from models.search.walks import Plan, WalksResult
from spec import VERSION

EVERY = 1.0
"""How many seconds pass between two looks at who is there."""

CONNECTING = 10.0
"""How many seconds it may take to reach the cluster."""

SEARCHES = 4
"""For how many searches a worker keeps what it was told."""

log = logging.getLogger("treadle")
"""Where it is told what happens to workers."""


class ClusterError(Exception):
    """A cluster cannot be used; the message is one line."""


def explore_dask(
    world: World,
    address: str,
    bounds: Bounds | None = None,
    until: frozenset[str] | None = None,
    listener: Listener = nobody,
) -> SearchResult:
    """Visit all states of a world with the workers of a Dask cluster; the result is that of one process.

    Args:
        world: what is searched.
        address: where the scheduler of the cluster is: `tcp://host:port`.
        bounds: how far to go.
        until: the names of the properties whose violation ends the search; if nothing, of all.
        listener: who is told from time to time how far the search is.

    Raises:
        ClusterError: Dask is not installed, the cluster cannot be reached, or its workers cannot help.
    """
    return assisted(world, lambda: cluster(address), bounds, until, listener)


def walk_dask(  # noqa: PLR0913, PLR0917  # a walk has five, and the cluster comes to it
    recipe: Recipe,
    address: str,
    plan: Plan,
    bounds: Bounds | None = None,
    until: frozenset[str] | None = None,
    listener: Listener = nobody,
) -> WalksResult:
    """Walk at random with the workers of a Dask cluster; the result is that of one process.

    Args:
        recipe: how to build what is walked through, on any machine of the cluster.
        address: where the scheduler of the cluster is: `tcp://host:port`.
        plan: which walks to take.
        bounds: how far to go.
        until: the names of the properties whose violation ends the search; if nothing, of all.
        listener: who is told from time to time how far the search is.

    Raises:
        ClusterError: Dask is not installed, the cluster cannot be reached, or its workers cannot help.
    """
    return swarm(recipe, lambda: cluster(address), plan, bounds, until, listener)


@contextmanager
def cluster(address: str) -> Generator["Cluster"]:
    """The workers of a cluster, for as long as they are needed.

    Raises:
        ClusterError: Dask is not installed, the cluster cannot be reached, or its workers cannot help.
    """
    try:
        dask: Any = import_module("distributed")
    except ImportError as error:
        raise ClusterError(
            f"Dask cannot be used ({error}); install it with treadle[distributed]"
        ) from error
    try:
        _knock(address)
        client = dask.Client(address, timeout=CONNECTING, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(f"{address}: no Dask scheduler can be reached: {error}") from error
    with client:
        there = Cluster(address, client)
        there.refuse_others()
        yield there


def _knock(address: str) -> None:
    """See whether a scheduler answers, before there is a client of it.

    A client that cannot connect leaves threads behind, and may lock the process when it is collected as garbage.

    Raises:
        OSError: nobody answers there.
        ValueError: this is no address.
    """
    comm: Any = import_module("distributed.comm")
    arguments = import_module("distributed").Security().get_connection_args("client")

    async def knock() -> None:
        there = await comm.connect(address, timeout=CONNECTING, **arguments)
        await there.close()

    # A thread of its own, for there may be a loop in this one: a notebook has one.
    with ThreadPoolExecutor(1) as alone:
        alone.submit(asyncio.run, knock()).result()


class Cluster:
    """The workers of a Dask cluster."""

    def __init__(self, address: str, client: Any) -> None:
        self._address = address
        self._client = client
        self._heard: queue.SimpleQueue[tuple[Name, Any]] = queue.SimpleQueue()
        self._asked: dict[Name, list[Any]] = {}
        self._versions: dict[Name, str] = {}
        self._there: tuple[Name, ...] = ()
        self._looked = float("-inf")

    def refuse_others(self) -> None:
        """Refuse a cluster without workers, or with workers that are not as this process is.

        Raises:
            ClusterError: it is one of these.
        """
        if not self.helpers() and not self._versions:
            raise ClusterError(f"{self._address}: the cluster has no workers")
        for name, version in sorted(self._versions.items()):
            if version != VERSION:
                raise ClusterError(f"{name}: {_difference(version)}")

    def helpers(self) -> tuple[Name, ...]:
        """The workers that are there, and have the version of this process, in order."""
        if time.monotonic() - self._looked >= EVERY:
            present = self._present()
            self._ask_versions(each for each in present if each not in self._versions)
            self._there = tuple(each for each in present if self._versions.get(each) == VERSION)
            self._looked = time.monotonic()
        return self._there

    def send(self, name: Name, job: Job) -> None:
        """Ask a worker."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Sending large graph")
            future = self._client.submit(
                help_with, job, workers=[name], allow_other_workers=False, pure=False
            )
        self._asked.setdefault(name, []).append(future)
        future.add_done_callback(partial(self._hear, name))

    def receive(self, *, wait: bool) -> tuple[Name, object] | None:
        """What some worker says; nothing if nobody says anything, or, where it waits, nobody is left."""
        while self._asked:
            try:
                name, future = self._heard.get(block=wait, timeout=EVERY)
            except queue.Empty:
                gone = next((each for each in self._asked if each not in self.helpers()), None)
                if gone is not None:
                    return self._lose(gone)
                if not wait:
                    return None
                continue
            if future in self._asked.get(name, []):
                return self._result(name, future)
        return None

    def taken(self) -> int:
        """How many bytes of memory they take: other machines' are not counted."""
        return 0

    def _hear(self, name: Name, future: Any) -> None:
        """Be told that a worker has done something, or never will."""
        self._heard.put((name, future))

    def _result(self, name: Name, future: Any) -> tuple[Name, object]:
        while future.status == "finished":
            try:
                said: object = future.result(timeout=EVERY)
            except TimeoutError:
                if name not in self.helpers():
                    break
            else:
                self._asked[name].remove(future)
                if not self._asked[name]:
                    del self._asked[name]
                return name, said
        if future.status == "error":
            self._versions[name] = repr(future.exception())
            return self._lose(name, self._versions[name])
        return self._lose(name)

    def _lose(self, name: Name, why: str = "no longer in the cluster") -> tuple[Name, Gone]:
        """Note that a worker is gone, or fails: neither helps again."""
        for future in self._asked.pop(name):
            future.release()
        self._there = tuple(each for each in self._there if each != name)
        return name, Gone(why)

    def _present(self) -> tuple[Name, ...]:
        """The workers that the scheduler knows, in order."""
        try:
            return tuple(sorted(self._client.scheduler_info(n_workers=-1)["workers"]))
        except (OSError, TimeoutError):
            return ()

    def _ask_versions(self, names: Iterable[Name]) -> None:
        """Ask workers that were not there before which version they have."""
        for name in names:
            try:
                version = self._client.run(version_there, workers=[name])[name]
            except (ImportError, AttributeError) as error:
                version = repr(error)
            except Exception as error:  # noqa: BLE001  # whatever it is, the worker cannot help
                log.debug("%s: %r", name, error)
                continue
            self._versions[name] = version
            if version != VERSION and self._there:
                log.warning("%s: %s; it does not help", name, _difference(version))


_helpers: dict[str, tuple[Helper, threading.Lock]] = {}
"""In a worker: who helps which search, and who may speak to it; the latest search is the last."""

_lock = threading.Lock()
"""Who may change the helpers."""


def help_with(job: Job) -> object:
    """Help, in a worker."""
    with _lock:
        helper, speaking = _helpers.pop(job.search, (Helper(), threading.Lock()))
        _helpers[job.search] = helper, speaking
        for oldest in tuple(_helpers)[:-SEARCHES]:
            del _helpers[oldest]
    with speaking:
        return job.done_by(helper)


def version_there() -> str:
    """The version of Treadle, in a worker."""
    return VERSION


def _difference(version: str) -> str:
    """What is wrong with a worker that has something else."""
    if "Error(" in version:
        return f"treadle is not installed there as it is here: {version}"
    return f"treadle {version} is installed there, and {VERSION} here: install the same"
