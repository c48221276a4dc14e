"""What scenario files describe, as models and worlds."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from models.model import Model, World
from models.scenario.expect import property_of
from models.scenario.file import Scenario, read_scenario
from models.worlds import Setting, anoma_world, reported, standard_properties
from properties.anoma.claims import witnesses
from properties.property import Property


def load_scenario(file: str) -> Model:
    """The model that a scenario file describes; a ScenarioError where it describes none."""
    scenario = read_scenario(file)
    return Model(
        name=file,
        system=scenario.system,
        sentence=sentence_of(scenario.setting),
        parameters=(),
        build=partial(_built, scenario),
    )


def world_of(scenario: Scenario) -> World:
    """The world that a scenario describes, with all that is judged in it."""
    return anoma_world(scenario.setting, properties_of(scenario))


def properties_of(scenario: Scenario) -> tuple[Property, ...]:
    """What is judged: what must hold of every run, what some run must show, what the author expects."""
    setting, start = scenario.setting, reported(scenario.setting)
    return (
        *standard_properties(setting),
        *witnesses(tuple(each.candidate for each in setting.transactions), setting.genesis),
        *(property_of(expectation, start) for expectation in scenario.expectations),
    )


def sentence_of(setting: Setting) -> str:
    """What a scenario is about, in one sentence."""
    transactions = counted(len(setting.transactions), "transaction")
    keys = counted(len(reported(setting)), "key")
    shards = counted(len(setting.placement.shards), "shard")
    return f"{transactions} over {keys} on {shards}."


def counted(number: int, noun: str) -> str:
    """A number of things in words: `1 key`, `2 keys`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _built(scenario: Scenario, _parameters: Mapping[str, Any]) -> World:
    return world_of(scenario)
