"""Workers of a Dask cluster help as processes do; those that cannot are named, those that die are not missed."""

import os
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import nullcontext
from functools import partial
from typing import Any

import pytest
from attrs import evolve

from models.catalogue import model_named
from models.model import World
from models.search.exhaustive import explore
from models.search.parallel import cluster as module
from models.search.parallel.assisted import assisted
from models.search.parallel.cluster import (
    Cluster,
    ClusterError,
    cluster,
    explore_dask,
    help_with,
    walk_dask,
)
from models.search.parallel.crew import Gone, Name
from models.search.parallel.helper import Answer, Job, Task
from models.search.result import SearchResult
from models.search.vectorised import joined
from models.search.walks import Plan, walk
from spec import VERSION

distributed: Any = pytest.importorskip("distributed", reason="distributed is not installed")


def ordering() -> World:
    model = model_named("ordering")
    assert model is not None
    return model.build({each.name: each.default for each in model.parameters} | {"keys": 1})


def told(result: SearchResult) -> SearchResult:
    return evolve(result, seconds=0.0, resting=tuple(result.resting))


@pytest.fixture(scope="module")
def address() -> Generator[str]:
    """Where a cluster of two processes is."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0"
    ) as local:
        yield local.scheduler_address


class Watched:
    """A cluster, and what its workers say; some are killed when they have begun to help."""

    def __init__(self, there: Cluster, murders: int) -> None:
        self._there = there
        self._murders = murders
        self.helpers, self.taken = there.helpers, there.taken
        self.said: list[object] = []

    def send(self, name: Name, job: Job) -> None:
        if self._murders and len(self.said) > 2:
            self._murders -= 1
            pid = self._there._client.run(os.getpid, workers=[name])[name]
            os.kill(pid, signal.SIGKILL)
        self._there.send(name, job)

    def receive(self, *, wait: bool) -> tuple[Name, object] | None:
        heard = self._there.receive(wait=wait)
        if heard is not None:
            self.said.append(heard[1])
        return heard


@pytest.mark.slow
@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("murders", [0, 1])
def test_workers_change_nothing_and_one_that_is_killed_is_not_missed(
    address: str, murders: int
) -> None:
    world = ordering()
    with cluster(address) as there:
        watched = Watched(there, murders)
        assert told(assisted(world, lambda: nullcontext(watched))) == told(explore(world))
    assert any(isinstance(each, Gone) for each in watched.said) is bool(murders)
    assert sum(isinstance(each, Answer) for each in watched.said) > 10


@pytest.mark.slow
def test_workers_take_the_walks_that_one_process_takes(address: str) -> None:
    model = model_named("counter")
    assert model is not None
    how = partial(model.build, {each.name: each.default for each in model.parameters})
    shared, alone = walk_dask(how, address, Plan(40, seed=3)), walk(how(), Plan(40, seed=3))
    assert shared.states == alone.states
    assert (shared.transitions, shared.depth) == (alone.transitions, alone.depth)
    assert shared.coverage == alone.coverage
    assert shared.resting == tuple(alone.resting)


@pytest.mark.slow
def test_workers_with_another_version_are_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "VERSION", "0.0")
    message = rf"^tcp://\S+: treadle {VERSION} is installed there, and 0\.0 here: install the same$"
    with pytest.raises(ClusterError, match=message):
        explore_dask(ordering(), address)


@pytest.mark.slow
def test_a_cluster_without_workers_is_refused() -> None:
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=":0") as local,
        pytest.raises(ClusterError, match="the cluster has no workers"),
    ):
        explore_dask(ordering(), local.scheduler_address)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nowhere", "foo://bar"])
def test_a_scheduler_that_cannot_be_reached_is_named(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CONNECTING", 0.5)
    before = threading.active_count()
    with pytest.raises(ClusterError, match=f"^{address}: no Dask scheduler can be reached: .*$"):
        explore_dask(ordering(), address)
    assert threading.active_count() == before


def test_without_dask_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(f"no {name}")

    monkeypatch.setattr(module, "import_module", missing)
    with pytest.raises(ClusterError, match=r"install it with treadle\[distributed\]"):
        explore_dask(ordering(), "tcp://127.0.0.1:1")


class Future:
    """What a worker was asked, and how that went."""

    def __init__(self, status: str, said: object = None) -> None:
        self.status = status
        self.said = said

    def add_done_callback(self, callback: Callable[[Any], None]) -> None:
        callback(self)

    def result(self, timeout: float) -> object:
        assert timeout > 0
        if self.said is None:
            raise TimeoutError
        return self.said

    def exception(self) -> Exception:
        return MemoryError("too much")

    def release(self) -> None:
        self.status = "released"


class Client:
    """A client whose cluster is what the test says."""

    def __init__(self, versions: dict[Name, str | Exception]) -> None:
        self.versions = versions
        self.futures: list[Future] = []

    def submit(self, asked: Any, task: Task, **how: object) -> Future:
        assert asked is help_with
        assert task.search == "search"
        assert how["workers"] == ["a"]
        return self.futures.pop()

    def scheduler_info(self, n_workers: int) -> dict[str, Any]:
        assert n_workers == -1
        return {"workers": self.versions}

    def run(self, asked: Any, workers: list[Name]) -> dict[Name, str]:
        assert asked is module.version_there
        found = self.versions[workers[0]]
        if isinstance(found, Exception):
            raise found
        return {workers[0]: found}


def test_a_worker_on_which_treadle_is_not_installed_is_named() -> None:
    there = Cluster("here", Client({"a": VERSION, "b": ModuleNotFoundError("No module 'models'")}))
    with pytest.raises(
        ClusterError, match=r"^b: treadle is not installed there as it is here: Mod"
    ):
        there.refuse_others()


def test_a_worker_that_comes_later_helps_if_it_has_the_same_version(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "EVERY", 0.0)
    client = Client({"a": VERSION})
    there = Cluster("here", client)
    there.refuse_others()
    client.versions |= {"b": VERSION, "c": "0.0"}
    assert there.helpers() == ("a", "b")
    assert "c: treadle 0.0 is installed there" in caplog.text


TASK = Task("search", 0, (), 7, joined([], 0))


def test_a_worker_that_fails_is_gone_for_good() -> None:
    client = Client({"a": VERSION})
    client.futures.append(Future("error"))
    there = Cluster("here", client)
    assert there.helpers() == ("a",)
    there.send("a", TASK)
    assert there.receive(wait=True) == ("a", Gone("MemoryError('too much')"))
    there._looked = float("-inf")
    assert there.helpers() == ()
    assert there.receive(wait=True) is None


def test_a_worker_that_goes_before_its_answer_is_fetched_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "EVERY", 1e-9)
    client = Client({"a": VERSION})
    client.futures.append(Future("finished"))
    there = Cluster("here", client)
    there.helpers()
    there.send("a", TASK)
    client.versions.clear()
    assert there.receive(wait=True) == ("a", Gone("no longer in the cluster"))


def test_a_worker_keeps_what_it_was_told_for_a_few_searches() -> None:
    level = joined([], 0)
    for number in range(module.SEARCHES + 2):
        help_with(Task(f"search {number}", 0, (), 0, level))
    assert tuple(module._helpers) == tuple(f"search {each}" for each in range(2, 6))
