"""The built-in models: each builds for its parameters, and comes to what is known of it."""

import os
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from pyrsistent import pmap

from models.catalogue import CATALOGUE, model_named
from models.model import Expected, Model, Parameter, Value, World
from models.search.bounds import DEFAULT_STATES, Bounds
from models.search.exhaustive import explore
from models.search.result import SearchResult, Status
from models.search.walks import Plan, walk
from properties.property import Kind
from spec.formalism.state import state_digest

ROOT = Path(__file__).parents[2]
BIG = 2700

PINS = [
    pytest.param(
        model,
        expected,
        marks=[pytest.mark.slow] if expected.states > BIG else [],
        id=" ".join(
            (model.name, *(f"{name}={to}" for name, to in sorted(expected.parameters.items())))
        ),
    )
    for model in CATALOGUE
    for expected in model.expected
]
"""Everything that is known, the big ones marked slow."""


def options(model: Model, **changed: Value) -> dict[str, Any]:
    return {each.name: changed.get(each.name, each.default) for each in model.parameters}


def build(model: Model, **changed: Value) -> World:
    return model.build(options(model, **changed))


def extremes(parameter: Parameter) -> tuple[Value, ...]:
    """The values at the ends of what a parameter allows."""
    ends = (parameter.least, parameter.most)
    return parameter.choices or tuple(end for end in ends if end is not None)


def searched(model: Model, changed: dict[str, Value], states: int) -> SearchResult:
    return explore(build(model, **changed), Bounds(max(states, DEFAULT_STATES)), frozenset())


def bad(result: SearchResult) -> list[str]:
    wrong = (Status.VIOLATED, Status.UNSEEN)
    return [each.property.name for each in result.properties if each.status in wrong]


def test_no_two_models_have_the_same_name_and_no_two_of_their_parameters() -> None:
    names = [model.name for model in CATALOGUE]
    assert len(set(names)) == len(names)
    for model in CATALOGUE:
        parameters = [each.name for each in model.parameters]
        assert len(set(parameters)) == len(parameters), model.name


def test_a_model_is_found_by_its_name() -> None:
    assert [model_named(model.name) for model in CATALOGUE] == list(CATALOGUE)
    assert model_named("nothing") is None


def test_those_that_are_walked_come_last_and_say_so() -> None:
    walked = [model.walks is not None for model in CATALOGUE]
    assert walked == sorted(walked)
    assert walked == ["Walked at random." in model.sentence for model in CATALOGUE]


def test_every_default_is_allowed() -> None:
    for model in CATALOGUE:
        for each in model.parameters:
            if each.choices:
                assert each.default in each.choices, (model.name, each.name)
            elif isinstance(each.default, int):
                assert each.least is not None
                assert each.least <= each.default, (model.name, each.name)
                assert each.most is None or each.default <= each.most, (model.name, each.name)


@pytest.mark.parametrize("model", CATALOGUE, ids=lambda model: model.name)
def test_a_model_builds_at_the_ends_of_every_pair_of_parameters(model: Model) -> None:
    for one, other in product(model.parameters, repeat=2):
        for first, second in product(extremes(one), extremes(other)):
            world = build(model, **{one.name: first, other.name: second})
            assert next(world.system.offers(world.state), None) is not None
            names = [each.name for each in world.properties]
            assert len(set(names)) == len(names)


@pytest.mark.parametrize("model", CATALOGUE, ids=lambda model: model.name)
def test_a_parameter_changes_the_world_or_what_is_judged(model: Model) -> None:
    world = build(model)
    for each in model.parameters:
        values = extremes(each) if each.name != "seed" else (each.default, 77)
        states = {state_digest(build(model, **{each.name: value}).state) for value in values}
        systems = {build(model, **{each.name: value}).system.discipline for value in values}
        assert len(states) > 1 or len(systems) > 1, each.name
    assert state_digest(build(model).state) == state_digest(world.state)


@pytest.mark.parametrize(("model", "expected"), PINS)
def test_a_search_finds_what_is_pinned(model: Model, expected: Expected) -> None:
    result = searched(model, dict(expected.parameters), expected.states)
    found = Expected(expected.parameters, result.states, result.transitions, result.depth)
    assert (result.complete, found) == (True, expected)
    if model.breaks is None:
        assert bad(result) == []


def test_every_model_whose_states_are_all_visited_is_pinned_in_both_disciplines() -> None:
    for model in CATALOGUE:
        if model.walks is None and model.name != "pool-fifo":  # unordered, it is `pool`
            default = next(each.default for each in model.parameters if each.name == "delivery")
            other = "unordered" if default == "fifo" else "fifo"
            pinned = {each.parameters for each in model.expected}
            assert {pmap(), pmap({"delivery": other})} <= pinned, model.name


@pytest.mark.parametrize(
    "model", [each for each in CATALOGUE if each.breaks], ids=lambda model: model.name
)
def test_a_model_that_must_fail_breaks_its_property(model: Model) -> None:
    result = explore(build(model), Bounds(), frozenset({str(model.breaks)}))
    broken = [each.property.name for each in result.broken(Kind.ALWAYS, Kind.AT_REST)]
    assert model.breaks in broken
    assert result.broken(Kind.ALWAYS) == ()


@pytest.mark.parametrize(
    "model", [each for each in CATALOGUE if each.walks], ids=lambda model: model.name
)
def test_walks_find_nothing_wrong(model: Model) -> None:
    result = walk(build(model), Plan(3, seed=1))
    violated = [each for each in result.properties if each.status is Status.VIOLATED]
    assert violated == []
    assert len(result.resting) > 0


def test_models_are_the_same_in_every_process() -> None:
    code = (
        "from models.catalogue import CATALOGUE\n"
        "from spec.formalism.state import state_digest\n"
        "for model in CATALOGUE:\n"
        "    world = model.build({each.name: each.default for each in model.parameters})\n"
        "    print(model.name, state_digest(world.state))\n"
    )
    outputs = {
        subprocess.run(  # noqa: S603  # our own code
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "4")
    }
    here = "".join(f"{model.name} {state_digest(build(model).state)}\n" for model in CATALOGUE)
    assert outputs == {here}
