"""One thing to measure, done in this process, and what it takes."""

import time
from collections.abc import Callable
from enum import Enum

from attrs import evolve, frozen
from pyrsistent import PMap, pmap

from models.bench.musil_commit import commit_states
from models.bench.peak import peak
from models.catalogue import model_named
from models.model import Model, Value, World
from models.search import naive
from models.search.bounds import Bounds
from models.search.depth_first import explore_depth_first
from models.search.exhaustive import explore
from models.search.result import SearchResult
from models.search.walks import Plan, walk

EVERYTHING = Bounds(max_states=10**9)
"""No bound but memory."""

WALKS = 200
"""How many random walks are taken through a model that does not say how many."""


class Tool(Enum):
    """What is measured."""

    SEARCH = "search"
    """The exhaustive search, with nothing to judge."""
    VERDICT = "verdict"
    """The exhaustive search, with every property of the model."""
    WALKS = "walks"
    """Random walks, with every property of the model."""
    NAIVE = "naive"
    """The plain search, with every property of the model."""
    DEPTH_FIRST = "depth-first"
    """The depth-first search, with every property of the model."""
    MUSIL = "musil"
    """The model checker musil, on a model written for it, with one invariant."""


@frozen
class Task:
    """One thing to measure."""

    tool: Tool
    """What is measured."""
    model: str
    """The name of the built-in model."""
    parameters: PMap[str, Value] = pmap()
    """The parameters that differ from their defaults."""


@frozen
class Run:
    """What a tool has done, and what it took."""

    states: int
    """How many distinct states it has visited."""
    transitions: int | None
    """How many transitions it has found; of walks, taken. Steps that change nothing do not count. Nothing if it does not say."""
    stutters: int
    """How many steps that change nothing, in the same way."""
    complete: bool
    """Whether it has seen all there is."""
    seconds: float
    """How many seconds of the processor it took."""
    bytes: int
    """By how much the memory of the process grew beyond what it takes with everything imported."""


def perform(task: Task) -> Run:
    """Do what a task says, in this process; memory is told rightly only if it is the first that is done in it."""
    work = _work(task)
    before, began = peak(), time.process_time()
    result = work()
    seconds = time.process_time() - began
    return evolve(result, seconds=seconds, bytes=peak() - before)


def model_of(task: Task) -> Model:
    """The model that a task is about.

    Raises:
        LookupError: there is no such model.
    """
    model = model_named(task.model)
    if model is None:
        raise LookupError(f"no such model: {task.model}")
    return model


def world_of(task: Task) -> World:
    """The world that a task is about.

    Raises:
        LookupError: there is no such model.
    """
    model = model_of(task)
    defaults: dict[str, Value] = {each.name: each.default for each in model.parameters}
    return model.build(defaults | dict(task.parameters))


def _work(task: Task) -> Callable[[], Run]:
    """What is to be done; everything that it needs is there already."""
    world, all_of_them = world_of(task), frozenset[str]()
    bare = evolve(world, properties=())
    match task.tool:
        case Tool.SEARCH:
            return lambda: _run(explore(bare, EVERYTHING, all_of_them))
        case Tool.VERDICT:
            return lambda: _run(explore(world, EVERYTHING, all_of_them))
        case Tool.WALKS:
            plan = Plan(model_of(task).walks or WALKS)
            return lambda: _run(walk(world, plan, EVERYTHING, all_of_them))
        case Tool.NAIVE:
            return lambda: _run(naive.explore(world, EVERYTHING, all_of_them))
        case Tool.DEPTH_FIRST:
            return lambda: _run(explore_depth_first(world, EVERYTHING, all_of_them))
        case Tool.MUSIL:
            managers = sum(
                each.family == "resource-manager" for each in world.state.engines.values()
            )
            return lambda: Run(commit_states(managers), None, 0, complete=True, seconds=0, bytes=0)


def _run(result: SearchResult) -> Run:
    return Run(
        result.states, result.transitions, result.stutters, result.complete, seconds=0, bytes=0
    )
