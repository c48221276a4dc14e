"""What a search means for a model: verdicts and exit codes."""

from collections.abc import Mapping
from typing import Any

import pytest
from attrs import evolve
from pyrsistent import pmap

import models
from models.approach import AtRandom, BreadthFirst
from models.catalogue import model_named
from models.checking import Checked, Exit, Request, Verdict, check, exit_code
from models.model import Model, World
from models.search.bounds import Bounds, Stop
from models.search.result import Status
from models.search.walks import Plan
from properties.property import Evidence, Kind, Property, StateProperty
from spec.formalism.rule import RuleId

ALWAYS, AT_REST, SOMETIMES = Kind.ALWAYS, Kind.AT_REST, Kind.SOMETIMES


def about(name: str, kind: Kind, *, found: bool) -> Property:
    """The property of which something is found everywhere, or nowhere."""
    evidence = Evidence("found") if found else None
    return StateProperty(name, RuleId("test.about"), kind, lambda _: evidence)


def named(name: str) -> Model:
    model = model_named(name)
    assert isinstance(model, Model)
    return model


def with_properties(*properties: Property, breaks: str | None = None) -> Model:
    """The smallest counter, judged on these properties."""

    def build(options: Mapping[str, Any]) -> World:
        return evolve(named("counter").build({**options, "transactions": 1}), properties=properties)

    return evolve(named("counter"), build=build, breaks=breaks)


HOLDING = about("holding", ALWAYS, found=False)
BROKEN = about("broken", ALWAYS, found=True)
RESTLESS = about("restless", AT_REST, found=True)
UNSEEN = about("unseen", SOMETIMES, found=False)
SEEN = about("seen", SOMETIMES, found=True)


@pytest.mark.parametrize(
    ("properties", "verdict", "code"),
    [
        ((HOLDING, SEEN), Verdict.HOLDS, Exit.HOLDS),
        ((HOLDING, BROKEN, SEEN), Verdict.VIOLATED, Exit.SAFETY),
        ((HOLDING, RESTLESS, SEEN), Verdict.VIOLATED, Exit.REST),
        ((HOLDING, UNSEEN), Verdict.VIOLATED, Exit.SAFETY),
    ],
)
def test_the_verdict_on_a_built_in_model_follows_from_its_properties(
    properties: tuple[Property, ...], verdict: Verdict, code: Exit
) -> None:
    checked = check(with_properties(*properties), built_in=True)
    assert (checked.verdict, checked.exit) == (verdict, code)


def test_what_never_happens_is_only_reported_of_a_users_model() -> None:
    checked = check(with_properties(UNSEEN))
    assert (checked.verdict, checked.exit) == (Verdict.HOLDS, Exit.HOLDS)
    assert checked.status(checked.result.properties[0]) is Status.UNSEEN
    walked = check(with_properties(UNSEEN), Request(approach=AtRandom(Plan(2))), built_in=True)
    assert (walked.verdict, walked.result.complete) == (Verdict.HOLDS, False)


def test_a_bound_makes_the_verdict_inconclusive_unless_something_is_broken() -> None:
    few = Request(bounds=Bounds(max_states=5))
    checked = check(with_properties(HOLDING, UNSEEN), few, built_in=True)
    assert (checked.verdict, checked.exit) == (Verdict.INCONCLUSIVE, Exit.INCONCLUSIVE)
    assert checked.result.stop is Stop.STATES
    assert check(with_properties(BROKEN), few).exit is Exit.SAFETY


def test_a_model_that_must_fail_fails_in_the_property_that_it_names() -> None:
    as_it_must = check(with_properties(BROKEN, RESTLESS, breaks="restless"), built_in=True)
    assert (as_it_must.exit, as_it_must.fails_as_it_must) == (Exit.HOLDS, True)
    assert as_it_must.verdict is Verdict.VIOLATED
    assert [each.property.name for each in as_it_must.violated()] == ["restless", "broken"]
    otherwise = check(with_properties(BROKEN, HOLDING, breaks="holding"), built_in=True)
    assert (otherwise.exit, otherwise.fails_as_it_must) == (Exit.SAFETY, False)
    sound = check(with_properties(HOLDING, breaks="holding"), built_in=True)
    assert (sound.verdict, sound.exit) == (Verdict.HOLDS, Exit.SAFETY)
    bounded = Request(bounds=Bounds(max_states=5))
    stopped = check(with_properties(HOLDING, breaks="holding"), bounded, built_in=True)
    assert stopped.exit is Exit.INCONCLUSIVE


def test_what_is_broken_always_comes_before_what_is_broken_at_rest() -> None:
    everything = with_properties(RESTLESS, BROKEN, UNSEEN, breaks="never named")
    checked = check(everything, built_in=True)
    assert [each.property.name for each in checked.violated()] == ["broken", "unseen", "restless"]


def test_parameters_and_searches_are_those_asked_for() -> None:
    counter = named("counter")
    one = check(counter, Request(pmap({"transactions": 1})))
    assert (one.result.states, one.approach, one.result.complete) == (35, BreadthFirst(), True)
    three = AtRandom(Plan(3, 5))
    walked = check(counter, Request(approach=three))
    assert (walked.approach, walked.result.complete) == (three, False)
    large = evolve(with_properties(HOLDING), walks=2)
    assert check(large, Request(seed=7)).approach == AtRandom(Plan(2, 7))
    assert check(large, Request(approach=AtRandom(Plan(4)))).approach == AtRandom(Plan(4))
    assert check(large, Request(approach=BreadthFirst())).result.complete


def test_of_several_models_the_gravest_exit_code_counts() -> None:
    holds, rest, safety = (check(with_properties(each)) for each in (HOLDING, RESTLESS, BROKEN))
    unknown = check(with_properties(HOLDING), Request(bounds=Bounds(max_states=5)))
    cases: list[tuple[tuple[Checked, ...], int]] = [
        ((), 0),
        ((holds,), 0),
        ((holds, unknown), 20),
        ((unknown, rest), 11),
        ((rest, safety, unknown), 12),
    ]
    for checked, code in cases:
        assert exit_code(checked) == code


def test_the_package_checks_models_and_what_names_them() -> None:
    request = Request(pmap({"transactions": 1}))
    by_name, by_value = models.check("counter", request), models.check(named("counter"), request)
    assert (by_name.built_in, by_value.built_in) == (True, False)
    assert by_name.result.states == by_value.result.states == 35
