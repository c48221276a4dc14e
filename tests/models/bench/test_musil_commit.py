"""The model for musil has the known state graph, whether or not there is a musil."""

import sys
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import pytest
from attrs import frozen

from models.bench.musil_commit import commit_states, consistent, transitions, why_not


@frozen
class Action:
    """Something that may happen."""

    name: str
    enabled: Callable[[int], bool]
    apply: Callable[[int], int]


@frozen
class Model:
    """What is checked."""

    init: int
    actions: Iterable[Action]
    invariants: dict[str, Callable[[int], bool]]
    terminal: Callable[[int], bool]


@frozen
class Result:
    """What was found."""

    ok: bool
    states_explored: int
    truncated: bool


def check(model: Model, max_states: int) -> Result:
    """Visit all states, as musil does."""
    actions = list(model.actions)
    seen, waiting, ok = {model.init}, [model.init], True
    while waiting:
        state = waiting.pop()
        ok = ok and all(holds(state) for holds in model.invariants.values())
        following = {each.apply(state) for each in actions if each.enabled(state)}
        ok = ok and (bool(following) or model.terminal(state))
        waiting += following - seen
        seen |= following
    return Result(ok, min(len(seen), max_states), len(seen) > max_states)


@pytest.fixture
def musil(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module that does what musil does."""
    module: Any = ModuleType("musil")
    module.Action, module.Model, module.check = Action, Model, check
    monkeypatch.setitem(sys.modules, "musil", module)
    there: ModuleType = module
    return there


@pytest.mark.usefixtures("musil")
@pytest.mark.parametrize(("managers", "states"), [(3, 288), (5, 8832)])
def test_it_has_the_known_states(managers: int, states: int) -> None:
    assert commit_states(managers) == states


def test_every_transition_changes_the_state_and_there_are_as_many_as_known() -> None:
    every = list(transitions(3))
    seen, waiting, count = {0}, [0], 0
    while waiting:
        state = waiting.pop()
        following = [apply(state) for _, enabled, apply in every if enabled(state)]
        assert state not in following
        count += len(following)
        waiting += set(following) - seen
        seen |= set(following)
    assert count == 761


def test_who_commits_where_another_aborts_is_found() -> None:
    holds = consistent(2)
    assert [holds(state) for state in (0b00_01_00, 0b01_00_00, 0b10_01_00)] == [True, True, False]


def test_what_musil_does_not_find_right_is_no_figure(musil: Any) -> None:
    for wrong in (
        Result(ok=False, states_explored=5, truncated=False),
        Result(ok=True, states_explored=5, truncated=True),
    ):
        musil.check = lambda *_, wrong=wrong, **__: wrong
        with pytest.raises(ValueError, match="musil does not find that two-phase commit holds"):
            commit_states(3)


def test_one_line_says_why_musil_is_not_measured(
    musil: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 11, 7, "final", 0))
    assert why_not() == "musil needs Python 3.12 or later; this is 3.11.7"
    monkeypatch.setattr(sys, "version_info", (3, 12, 0, "final", 0))
    assert sys.modules["musil"] is musil
    assert why_not() is None
    monkeypatch.setitem(sys.modules, "musil", None)
    assert str(why_not()).startswith("musil cannot be imported: ")
