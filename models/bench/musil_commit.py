"""Two-phase commit for the model checker musil: written for it by hand, states packed into one integer.

It is the model of `spec.commit`, where messages stay in a set: the same state graph, without the steps
that change nothing. musil is not needed to use Treadle: it is imported only when it is measured.
"""

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

NEEDED = (3, 12)
"""The first version of Python that musil runs on."""

INIT, COMMITTED, ABORTED = range(3)
"""What the transaction manager may be; what it has told everybody follows from it."""

State = int
"""From the lowest bit: who has prepared, committed, aborted, told so, been heard; then what the manager is."""

Transition = tuple[str, Callable[[State], bool], Callable[[State], State]]
"""An action: its name, when it may happen, and what comes of it."""


def why_not() -> str | None:
    """Why musil cannot be measured; nothing where it can."""
    if sys.version_info[:2] < NEEDED:
        here = ".".join(map(str, sys.version_info[:3]))
        return f"musil needs Python {NEEDED[0]}.{NEEDED[1]} or later; this is {here}"
    try:
        import_module("musil")
    except ImportError as error:
        return f"musil cannot be imported: {error}"
    return None


def commit_states(managers: int) -> int:
    """Check two-phase commit over so many resource managers with musil; the number of states it has visited.

    Raises:
        ImportError: there is no musil.
        ValueError: musil finds the model broken, or has not visited all of it.
    """
    musil: Any = import_module("musil")
    model = musil.Model(
        init=0,
        actions=[musil.Action(*each) for each in transitions(managers)],
        invariants={"consistent": consistent(managers)},
        terminal=may_end,
    )
    result = musil.check(model, max_states=10**9)
    if not result.ok or result.truncated:
        raise ValueError(f"musil does not find that two-phase commit holds: {result}")
    return int(result.states_explored)


def may_end(state: State) -> bool:
    """That the model may end anywhere: coming to rest is no fault."""
    return state >= 0


def consistent(managers: int) -> Callable[[State], bool]:
    """That nobody has aborted where another one has committed."""
    everybody = (1 << managers) - 1

    def holds(state: State) -> bool:
        committed, aborted = state >> managers & everybody, state >> 2 * managers & everybody
        return not (committed and aborted)

    return holds


def transitions(managers: int) -> Iterator[Transition]:
    """All that may happen."""
    manager = 5 * managers
    heard = ((1 << managers) - 1) << 4 * managers
    yield (
        "commit",
        lambda state: state >> manager == INIT and state & heard == heard,
        lambda state: state | COMMITTED << manager,
    )
    yield (
        "abort",
        lambda state: state >> manager == INIT,
        lambda state: state | ABORTED << manager,
    )
    for number in range(managers):
        yield from _of_one(number, managers)


def _of_one(number: int, managers: int) -> Iterator[Transition]:
    """What one resource manager may do, and the transaction manager about it."""
    prepared, committed, aborted, told, heard = (
        1 << number + managers * place for place in range(5)
    )
    manager, settled = 5 * managers, prepared | committed | aborted
    yield (
        f"prepare {number}",
        lambda state: not state & settled,
        lambda state: state | prepared | told,
    )
    yield (
        f"choose to abort {number}",
        lambda state: not state & settled,
        lambda state: state | aborted,
    )
    yield (
        f"hear {number}",
        lambda state: state >> manager == INIT and state & (told | heard) == told,
        lambda state: state | heard,
    )
    yield (
        f"obey commit {number}",
        lambda state: state >> manager == COMMITTED and not state & committed,
        lambda state: state & ~settled | committed,
    )
    yield (
        f"obey abort {number}",
        lambda state: state >> manager == ABORTED and not state & aborted,
        lambda state: state & ~settled | aborted,
    )
