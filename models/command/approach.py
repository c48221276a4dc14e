"""The options of `check` that say how a model is to be searched, and how far."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from models.approach import (
    Approach,
    AtRandom,
    BreadthFirst,
    DepthFirst,
    OnDask,
    Reduced,
    Shared,
    Symmetric,
)
from models.command.numbers import megabytes, natural, positive, seconds
from models.errors import InputError
from models.schedulers.pct import Priorities
from models.schedulers.uniform import Uniformly
from models.search.bounds import DEFAULT_STATES, Bounds
from models.search.keeper import Keeping
from models.search.walks import Plan, Scheduling

_OTHERS: Mapping[str, Callable[[Any], Approach]] = {
    "depth_first": lambda _: DepthFirst(),
    "reduce": lambda _: Reduced(),
    "symmetry": lambda _: Symmetric(),
    "workers": Shared,
    "dask": OnDask,
}
"""The approaches whose searches cannot be kept in files, by their options."""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    _add_approaches(parser)
    parser.add_argument("--seed", type=int, metavar="S", help="the seed of the walks (0)")
    parser.add_argument(
        "--bug-depth",
        type=positive,
        metavar="D",
        help="let the walks follow random priorities (PCT) that find bugs of depth D",
    )
    _add_bounds(parser)
    parser.add_argument(
        "--checkpoint", type=Path, metavar="FILE", help="keep the search in a file, to go on later"
    )
    parser.add_argument(
        "--resume", type=Path, metavar="FILE", help="go on with the search that a file keeps"
    )


def approach_of(options: argparse.Namespace, models: int) -> Approach | None:
    """How the models are to be searched; nothing where each model says so itself.

    Raises:
        InputError: the options do not go together.
    """
    if options.random is not None:
        _refuse_files(options, "--random")
        plan = Plan(options.random, options.seed or 0, scheduling=_scheduling(options.bug_depth))
        return AtRandom(plan)
    if options.bug_depth is not None:
        raise InputError("--bug-depth: expected --random too, as only walks have priorities")
    for name, approach in _OTHERS.items():
        if getattr(options, name):
            _refuse_files(options, f"--{name.replace('_', '-')}")
            return approach(getattr(options, name))
    if options.checkpoint or options.resume:
        return BreadthFirst(_keeping(options, models))
    return BreadthFirst() if options.exhaustive else None


def bounds_of(options: argparse.Namespace) -> Bounds:
    """How far each search may go.

    Raises:
        InputError: the search does not know how far away its states are.
    """
    if options.reduce and options.max_depth is not None:
        raise InputError("--max-depth: a reduced search goes as far as there are states")
    return Bounds(options.max_states, options.max_seconds, options.max_depth, options.max_memory)


def _add_approaches(parser: argparse.ArgumentParser) -> None:
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--exhaustive", action="store_true", help="visit all states")
    how.add_argument(
        "--depth-first", action="store_true", help="visit all states with little memory"
    )
    how.add_argument(
        "--reduce", action="store_true", help="judge what it can on a part of the states"
    )
    how.add_argument(
        "--symmetry", action="store_true", help="visit one of states that differ in who is who"
    )
    how.add_argument(
        "--workers", type=positive, metavar="N", help="share the search with N more processes"
    )
    how.add_argument(
        "--dask", metavar="ADDRESS", help="share the search with the workers of a Dask cluster"
    )
    how.add_argument("--random", type=positive, metavar="N", help="take N random walks")


def _add_bounds(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--max-states",
        type=positive,
        default=DEFAULT_STATES,
        metavar="N",
        help=f"how many states to visit at most ({DEFAULT_STATES:,})",
    )
    parser.add_argument(
        "--max-depth", type=natural, metavar="N", help="how many steps from the start to go at most"
    )
    parser.add_argument(
        "--max-seconds", type=seconds, metavar="N", help="how long to search each model at most"
    )
    parser.add_argument(
        "--max-memory",
        type=megabytes,
        metavar="MB",
        help="how much memory to take at most (three quarters of what is free)",
    )


def _scheduling(bug_depth: int | None) -> Scheduling:
    """How walks choose their steps."""
    return Uniformly() if bug_depth is None else Priorities(bug_depth)


def _keeping(options: argparse.Namespace, models: int) -> Keeping:
    """Where the search is kept."""
    if models != 1:
        raise InputError("--checkpoint and --resume: expected one model, whose search is kept")
    return Keeping(options.checkpoint or options.resume, options.resume)


def _refuse_files(options: argparse.Namespace, approach: str) -> None:
    for name in ("checkpoint", "resume"):
        if getattr(options, name) is not None:
            raise InputError(f"--{name}: only a breadth-first search can be kept, not {approach}")
